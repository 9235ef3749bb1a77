"""The deeds about donations before they arrive, one file per noun."""
