"""The deeds of the bench, one file per noun."""
