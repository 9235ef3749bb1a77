"""The deeds about donors' lists: kept, mapped, imported."""
