"""What is done with drives and their proofs, one file per noun."""
