"""What comes in about devices, one file per noun."""
