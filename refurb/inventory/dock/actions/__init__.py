"""What is done on the dock, one file per noun."""
