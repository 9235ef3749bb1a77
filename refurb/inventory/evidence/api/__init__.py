"""The JSON doors of drives and their proofs."""
