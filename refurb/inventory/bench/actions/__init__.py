"""What is done at the bench, one file per noun."""
