"""The shared ground of the workshop: donations, devices, drives with their proofs, checks; what only one room stores stands there."""
