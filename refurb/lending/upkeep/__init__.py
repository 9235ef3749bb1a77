"""What keeps things fit to be lent: plans, what is due or broken, what was done and what it cost, how old the pool is."""
