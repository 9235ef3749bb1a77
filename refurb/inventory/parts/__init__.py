"""Spare parts: harvested, bought, counted, fitted."""
