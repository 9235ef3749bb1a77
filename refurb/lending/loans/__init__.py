"""Loans: what is out, since when, until when."""
