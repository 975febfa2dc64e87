"""The pairs, one file per topic."""
