"""What the territory shows of itself: names, addresses, logo, colour, who signs; each save is a version, and the newest is in force."""
