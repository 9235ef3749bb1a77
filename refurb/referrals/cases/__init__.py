"""Referrals from the first word to the hand-over: written, decided, waiting, allocated, handed over."""
