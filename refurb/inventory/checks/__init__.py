"""The answers to the checklists, their second look, and what re-opens them."""
