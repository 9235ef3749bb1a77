"""The command line, `refurb COMMAND`: what only reads files is there at once, the rest when the application is loaded."""

import sys
from importlib import import_module

# The module of each command that needs no instance. The application takes a second to load, which they do without.
READERS = {"hardware": "refurb.inventory.readers.cli", "erasure": "refurb.inventory.evidence.cli"}


def main() -> None:
    """Run the command that the program's arguments name."""
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    if first in READERS:
        getattr(import_module(READERS[first]), first)(args=sys.argv[2:], prog_name=f"refurb {first}")
    import_module("refurb.commands").main()
