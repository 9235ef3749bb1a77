"""The deeds about labels, one file per noun."""
