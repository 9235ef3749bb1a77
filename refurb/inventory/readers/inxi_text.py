"""inxi's text, wrapped at any width, coloured or not, as the same records that its JSON holds."""

import re
from collections.abc import Iterator

Records = dict[str, list[tuple[str, str]]]

# Colour codes of IRC, which inxi writes where it does not know its terminal, leave digits behind: "12System:".
_IRC = re.compile(r"\x03\d{0,2}(?:,\d{1,2})?|[\x02\x0f\x16\x1d\x1f]")
_SECTION = re.compile(
    r"(?:\d{1,2})?(System|Machine|Battery|Memory|CPU|Graphics|Network|Drives|RAM|Audio|Bluetooth|RAID|Partition|Partitions|Swap"
    r"|Sensors|Info|USB|PCI Slots|Slots|Repos|Processes|Logical|Optical|Unmounted|Weather|Client):?(?=\s|$)"
)
_KEY = re.compile(r"(?:(?<=\s)|^)((?:Local Storage|Speed \(MHz\)|width \(bits\)|HDD Total Size)|[A-Za-z0-9][\w./()-]{0,30}):(?=\s|$)")


def is_inxi(head: str) -> bool:
    """Whether the beginning of a text is inxi's: two of its sections, each with one of its own keys."""
    plain = _IRC.sub("", head)
    shown = {
        name
        for name, pattern in (
            ("System", r"^(?:\d\d)?System:\s.{0,80}?\b(Host|Kernel):|^(?:\d\d)?System:?\s*\n\s+(Host|Kernel):"),
            ("Machine", r"^(?:\d\d)?Machine:\s+(Type|Device|Message|System|Mobo|No \w+):?"),
            ("CPU", r"^(?:\d\d)?CPU:\s+(Info|Topology|\w+ core|\d+x)\b"),
            ("Drives", r"^(?:\d\d)?Drives:\s+(Local Storage|HDD Total Size|ID-1|RAID):?"),
            ("Memory", r"^(?:\d\d)?Memory:\s+(RAM|System RAM|Array)"),
            ("Battery", r"^(?:\d\d)?Battery:\s+(ID-1|BAT\w+|Message|Device-1)"),
        )
        if re.search(pattern, plain, re.MULTILINE)
    }
    return bool(shown)


def records(text: str) -> Records:
    """Per section, its pairs of name and value in the order of the text; what stands before the first key is named ""."""
    return {name: list(_pairs(body)) for name, body in _sections(_IRC.sub("", text)).items()}


def _sections(text: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.split("\n"):
        begins = _SECTION.match(line)
        name = begins.group(1) if begins else name
        if name:
            found.setdefault(name, []).append(line[begins.end() if begins else 0 :].strip())
    return {name: " ".join(lines) for name, lines in found.items()}


def _pairs(body: str) -> Iterator[tuple[str, str]]:
    name, start = "", 0
    for found in _KEY.finditer(body):
        yield name, body[start : found.start()].strip()
        name, start = found.group(1), found.end()
    yield name, body[start:].strip()
