"""What is asked back before its day, by whom and why, until that is withdrawn."""
