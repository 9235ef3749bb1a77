"""When a family comes for its device: the slots of our places, who was invited to one, what was chosen and what came of it."""
