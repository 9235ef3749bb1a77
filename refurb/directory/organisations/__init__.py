"""Organisations: what they are to us, who is reached there, under which convention, and which record stands when there were two."""
