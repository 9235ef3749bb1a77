"""Looking up devices and what is known of them, one file per noun."""
