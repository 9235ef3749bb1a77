"""Households: known once by keyed hashes of their people, alike until a person has said whether they are one."""
