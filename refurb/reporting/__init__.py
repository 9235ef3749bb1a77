"""Reads everything, writes nothing: home pages, search and figures."""
