"""Readers of what erasing tools print, one file per tool; which tool wrote a file is found in `detect`."""
