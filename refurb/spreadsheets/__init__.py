"""Spreadsheets of every make, read into a table, and written as a file to keep."""
