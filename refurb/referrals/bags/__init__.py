"""What the workshop puts together for each hand-over, and who is handed what today."""
