"""What a donor has to release before a machine can serve again: consoles that still claim it, passwords of its BIOS."""
