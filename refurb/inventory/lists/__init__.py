"""The lists that donors send: columns guessed, rows to facts and reserves, kept and imported."""
