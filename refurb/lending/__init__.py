"""What is lent: products, items, borrowers, loans and returns."""
