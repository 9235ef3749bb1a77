"""The pages of the dock, one file per noun."""
