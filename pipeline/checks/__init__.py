"""Named rules on a segment and its target. A rule reports; it never changes a text."""

from pipeline.checks.rules import RULES, Pair, check_target

__all__ = ["RULES", "Pair", "check_target"]
