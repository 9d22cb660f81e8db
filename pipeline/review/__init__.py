"""The glossary review page: the team's daily tool, on their own machine, over the PO files that every editor reads."""

from pipeline.review.articles import Articles, load_articles
from pipeline.review.desk import Desk

__all__ = ["Articles", "Desk", "load_articles"]
