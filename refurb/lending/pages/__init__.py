"""Where the rooms of lending meet."""
