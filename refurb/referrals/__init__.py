"""Beneficiaries, referrals, allocations and hand-overs; personal data stays here."""
