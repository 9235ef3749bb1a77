"""What becomes of the devices that families were given: asked after a month and after six, answered or not, counted."""
