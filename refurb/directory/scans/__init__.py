"""The one resolver of scans: what any scanned text means, whichever room knows it."""
