"""What is out, due and reserved at a place, day by day: the week of its things, the month in numbers."""
