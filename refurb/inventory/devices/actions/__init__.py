"""What is done with devices, one file per noun."""
