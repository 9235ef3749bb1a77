"""Products, and the things to lend."""
