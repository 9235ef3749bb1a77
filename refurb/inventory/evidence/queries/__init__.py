"""Looking up drives and their proofs, one file per noun."""
