"""The JSON doors of the bench, one file per noun."""
