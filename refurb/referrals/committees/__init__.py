"""A committee sits, sees files without a name, and decides: its agenda, its members, its decisions, its minutes."""
