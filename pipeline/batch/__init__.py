"""Many articles: what is current, workers for the rest, a report, and a run that survives interruption."""
