"""How anything is done and kept: the unit of work, the life cycles, the history, what follows; knows no page."""
