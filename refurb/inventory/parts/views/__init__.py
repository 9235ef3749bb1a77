"""The pages of spare parts, one file per noun."""
