"""Looking up donations, one file per noun."""
