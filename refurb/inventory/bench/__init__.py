"""The work at the bench: who holds what, notes, batches, the next step, what has waited too long."""
