"""Workshops: several products for several dates, asked at once, by a partner for its own structure."""
