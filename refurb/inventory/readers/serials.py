"""Whether two serial numbers are the same one, read or written by different hands; pure."""

# What eyes and keyboards mistake for one another; the letters O, I and L are in no serial number to tell it from 0 and 1.
_MISTAKEN = str.maketrans("OQIL", "0011")
# What some tools print before the serial number proper.
_PREFIXES = ("WD-",)
# A tail that one tool cuts off, or another adds, leaves at least this much to recognise a drive by.
SHORTEST_STEM = 8


def folded(serial: str) -> str:
    """A serial number without what may differ between two readings of it: case, blanks, dashes, O and 0, I and 1, a maker's prefix."""
    told = "".join(serial.split()).upper()
    for prefix in _PREFIXES:
        told = told.removeprefix(prefix)
    return "".join(letter for letter in told if letter.isalnum()).translate(_MISTAKEN)


def agree(one: str | None, other: str | None) -> bool:
    """Whether two serial numbers name the same drive: equal once folded, or one of them the beginning of the other."""
    if not one or not other:
        return False
    shorter, longer = sorted((folded(one), folded(other)), key=len)
    return bool(shorter) and (shorter == longer or (len(shorter) >= SHORTEST_STEM and longer.startswith(shorter)))


def same_serial(serial: str) -> str:
    """A serial as two spellings of it are compared: without case and blanks."""
    return "".join(serial.split()).upper()
