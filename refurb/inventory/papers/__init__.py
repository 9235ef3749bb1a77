"""The papers of a donation: who may have which, and when; its attestations."""
