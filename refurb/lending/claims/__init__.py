"""Which thing is taken on which days: pools, claims, and the one function that moves the hidden bindings."""
