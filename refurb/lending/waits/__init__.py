"""Who waits for something that is taken: first come, first offered, each for some open hours."""
