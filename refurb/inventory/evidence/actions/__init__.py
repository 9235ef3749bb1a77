"""The deeds about drives and their proofs, one file per noun."""
