"""Loans that go on."""
