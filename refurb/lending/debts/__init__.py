"""What is owed, and what is damaged."""
