"""The pages of labels, one file per noun."""
