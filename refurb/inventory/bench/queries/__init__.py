"""Looking up who holds what and what was noted, one file per noun."""
