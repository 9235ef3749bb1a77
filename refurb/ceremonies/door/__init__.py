"""The evening itself: who has come, by scan or by name, at several doors at once; slips one after the other; the screen of numbers."""
