"""Backups, restores, rehearsals, the copy before a migration, and the export with which a territory leaves."""
