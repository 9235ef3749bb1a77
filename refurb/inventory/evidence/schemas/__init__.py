"""What comes in about drives and their proofs, one file per noun."""
