"""The deeds about answers, one file per noun."""
