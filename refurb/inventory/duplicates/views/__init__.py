"""The pages of duplicates, one file per noun."""
