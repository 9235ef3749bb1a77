"""What belongs to a kit, what is missing of it, and the labels on its pieces."""
