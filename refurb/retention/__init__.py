"""Privacy on screen: what is forgotten tonight, what is frozen, what people ask about their own data, who read what."""
