"""How many devices each partner may be given within a period, by public: promised as numbers, counted by allocations."""
