"""The deeds about devices, one file per noun."""
