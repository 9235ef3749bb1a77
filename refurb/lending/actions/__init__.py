"""What is done with things to lend, borrowers and loans, one file per noun."""
