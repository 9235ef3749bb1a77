"""The counter: things leave and come back."""
