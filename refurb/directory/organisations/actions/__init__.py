"""Organisations added and corrected, archived and merged; their contacts; their conventions."""
