"""Ceremonies, where computers are handed over in front of their donors."""
