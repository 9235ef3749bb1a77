"""What the desk decides about: requests with what they would leave for others, and who waits."""
