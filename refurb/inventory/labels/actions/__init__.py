"""What is done with labels, one file per noun."""
