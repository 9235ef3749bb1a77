"""Drives and all that proves them: hardware reports, erasures, statements, destructions, loose drives, what waits for a look."""
