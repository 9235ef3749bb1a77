"""The mail server as it is entered on screen: tried with a real letter first, saved when that left; each save is a version."""
