"""Passwords that are changed, or forgotten and made anew by a link."""
