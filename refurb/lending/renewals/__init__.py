"""A loan that goes on for longer: at the desk, or by its borrower's own link."""
