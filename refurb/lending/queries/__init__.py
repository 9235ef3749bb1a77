"""Looking up what is lent, one file per noun."""
