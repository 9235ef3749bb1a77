"""Figures: what each one means, how it is read from what is kept counted, and what of it may leave the house."""
