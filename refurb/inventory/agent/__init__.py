"""The key that starts a machine at the bench: its script, and the door that it speaks to."""
