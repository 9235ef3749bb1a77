"""Organisations, contacts and sites: who we work with, and where."""
