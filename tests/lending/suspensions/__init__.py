"""Who borrows nothing for now."""
