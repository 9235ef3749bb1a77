"""Looking up referrals, the waiting list, allocations and hand-overs, always within what the actor may know of."""
