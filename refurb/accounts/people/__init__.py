"""The accounts as people: their roles, closed and opened again, the colleagues of a partner, the yearly look at rights."""
