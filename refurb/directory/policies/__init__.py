"""The rules of the territory on screen: read value by value, tried on today's data, adopted with a day and a reason, kept for ever."""
