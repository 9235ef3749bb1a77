"""The reports of invented machines beside this file, and the folder of real ones where the checkout has it."""

from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"
REAL = Path(__file__).resolve().parents[4] / "shared" / "fixtures" / "open"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def real(name: str) -> bytes:
    return (REAL / name).read_bytes()


def case(name: str) -> bytes:
    """A file of ours in which a tool's output is odd in one way."""
    return (Path(__file__).parent / "cases" / name).read_bytes()
