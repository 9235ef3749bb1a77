"""What "the same serial number" means, one name for each meaning: as it is compared, kept, spelt, misread, and told by a reading; pure.

- `plain_serial`: two spellings of one number, letter by letter but for case and blanks. Lists, joined records, merged reports.
- `kept_drive_serial`: the same as `drives.serial` keeps it, by which drives are recognised exactly.
- `drive_spellings`: how a drive's number may stand in that column, for a look-up of what is read from its label.
- `spellings_of`: how a device's number, which is kept as it was read or typed, may stand in the column; for a look-up by its index.
- `misreadings_folded`: without what eyes and keyboards mistake, for two readings of one thing by different hands.
- `may_be_one_drive`: two readings agree: equal once folded, or one cut off from the other.

Whether a text is a serial number at all, and not a placeholder, is asked of `identity`.
"""

# What a serial number's column holds.
LONGEST = 120
# What eyes and keyboards mistake for one another; the letters O, I and L are in no serial number to tell it from 0 and 1.
_MISTAKEN = str.maketrans("OQIL", "0011")
# What some tools print before the serial number proper.
_PREFIXES = ("WD-",)
# A tail that one tool cuts off, or another adds, leaves at least this much to recognise a drive by.
SHORTEST_STEM = 8


def plain_serial(serial: str | None) -> str:
    """A serial number without case and blanks; nothing for none."""
    return "".join((serial or "").split()).upper()


def kept_drive_serial(serial: str | None) -> str | None:
    """A drive's serial number as it is kept, and recognised exactly."""
    return plain_serial(serial)[:LONGEST] or None


def spellings_of(serial: str) -> frozenset[str]:
    """How a device's serial number may have been written: labels print it in capitals and in groups, tools and hands as it comes."""
    plain = plain_serial(serial)
    return frozenset({serial, serial.upper(), serial.lower(), plain, plain.lower()})


def drive_spellings(serial: str) -> frozenset[str]:
    """How a drive's serial number may be kept that a label prints so: with the maker's prefix or without, dashes or none."""
    plain = plain_serial(serial)
    bare = {plain, plain.replace("-", "")} | {plain.removeprefix(prefix) for prefix in _PREFIXES}
    # A label, and some scanners, write the prefix without its dash.
    bare |= {plain.removeprefix(prefix.rstrip("-")) for prefix in _PREFIXES if len(plain) > SHORTEST_STEM}
    return frozenset(bare | {f"{prefix}{each}" for prefix in _PREFIXES for each in bare} - {""})


def misreadings_folded(serial: str) -> str:
    """A serial number without what may differ between two readings of it: case, blanks, dashes, O and 0, I and 1, a maker's prefix."""
    read = plain_serial(serial)
    for prefix in _PREFIXES:
        read = read.removeprefix(prefix)
    return "".join(letter for letter in read if letter.isalnum()).translate(_MISTAKEN)


def may_be_one_drive(one: str | None, other: str | None) -> bool:
    """Whether two serial numbers name the same drive: equal once folded, or one of them the beginning of the other."""
    if not one or not other:
        return False
    shorter, longer = sorted((misreadings_folded(one), misreadings_folded(other)), key=len)
    return bool(shorter) and (shorter == longer or (len(shorter) >= SHORTEST_STEM and longer.startswith(shorter)))
