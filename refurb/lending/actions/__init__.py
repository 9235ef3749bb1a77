"""The deeds about things to lend, borrowers and loans, one file per noun."""
