"""What is given away or used up, counted at each place."""
