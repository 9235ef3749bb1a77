"""Short messages (SMS): the provider as it is entered on screen, who gets one, when, and what came of each."""
