"""The pages of drives and their proofs, one file per noun."""
