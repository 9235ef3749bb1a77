"""The pages of organisations."""
