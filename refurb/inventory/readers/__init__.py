"""Readers of what the bench's tools print: pure functions from bytes to facts, one file per tool."""
