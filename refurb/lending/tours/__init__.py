"""The day on the road: what to load for which stop, what comes back there."""
