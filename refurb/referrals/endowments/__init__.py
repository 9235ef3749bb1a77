"""What organisations are given for their own places: asked, decided, reserved, handed over under one signature."""
