"""The deeds of the dock, one file per noun."""
