"""What is done with answers, one file per noun."""
