"""The pages of the bench, one file per noun."""
