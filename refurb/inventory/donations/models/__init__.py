"""What is stored of donations beside the ground, one file per noun."""
