"""Two records of one machine: found, told apart, joined."""
