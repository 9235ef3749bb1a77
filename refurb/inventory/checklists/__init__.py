"""What is asked of a machine of each kind, what an answer is worth, and how the answers stand; pure."""
