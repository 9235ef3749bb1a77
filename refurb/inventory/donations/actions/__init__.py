"""What is done with donations before they arrive, one file per noun."""
