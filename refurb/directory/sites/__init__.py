"""Our places: workshops, desks, depots, the van and its stops, each with its address and its week."""
