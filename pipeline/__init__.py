"""Localise news articles: find fragments, normalise them, translate, and write parallel files."""

__version__ = "0.1.0"
