"""What is done about committees: planned, filled, decided, closed."""
