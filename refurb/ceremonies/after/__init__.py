"""Once a ceremony is over: who came, in numbers, the thanks, the report, what is left for whoever was absent."""
