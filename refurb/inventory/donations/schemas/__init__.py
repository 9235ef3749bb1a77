"""What comes in about donations, one file per noun."""
