"""Which words on a machine name it, and which a factory forgot to fill in."""

import re

_PLACEHOLDERS = frozenset(
    {
        "0123456789abcdef",
        "1.0",
        "48spaces",
        "123490en400015",
        "[empty]",
        "default string",
        "dummy",
        "empty",
        "eval",
        "evaluation",
        "example",
        "fill by oem",
        "invalid",
        "jedec id:",
        "mb-1234567890",
        "n/a",
        "na",
        "no module installed",
        "none",
        "not applicable",
        "not available",
        "not defined",
        "not present",
        "not specified",
        "no enclosure",
        "no serial",
        "no serial number",
        "null",
        "o.e.m.",
        "oem",
        "oem_serial",
        "sample",
        "sn 123456789abc",
        "sys serial",
        "system manufacturer",
        "tbd",
        "test",
        "unavailable",
        "undefined",
        "unknow",
        "unknown",
        "unspecified",
        "xxx",
    }
)
_PLACEHOLDER = re.compile(
    r"to be filled.*"  # "To be filled by O.E.M.", whatever the spelling of its end
    r"|type\d - .*"  # "Type1 - Not specified", "Type2 - Board Chassis Location"
    r"|not? specified.*"
    r"|(module|array\d+_)?(part ?num(ber)?|ser ?num(ber)?|manufacturer|asset ?tag(num)?)_?\d*"
    r"|modulepartnumber\d*"
    # "System Name", "System Serial Number", "Serial number xxxxxx", "S/N: 00000"
    r"|(?:(?:system|chassis|(?:base ?)?board|product|oem|machine) ?)?(?:serial|product|model|system|sku|s/?n)"
    r"[ _-]?(?:number|num|name|no\.?|nr\.?|id|version|sku|code)?[ _:.-]*[x0#*]*"
    r"|unknown[ ([].*"
    r"|<.{0,60}>"  # inxi: "<filter>", "<superuser required>"; dmidecode: "<OUT OF SPEC>", "<BAD INDEX>"
    r"|undefined.*"
    r"|eeepc-0123456789"
    r"|tbd by oem"
    r"|qm0000\d",  # the disks of every QEMU machine
    re.DOTALL,
)
_MODEL_PLACEHOLDERS = frozenset({"all series", "huronriver platform", "calpella_crb", "computer", "desktop", "notebook"})
_MODEL_PLACEHOLDER = re.compile(r"standard pc \(.*")
_COPYRIGHT = re.compile(r"^(?:copyright\b|\(c\)|©)[\s\d,.©()c-]*|[\s,.]*all rights reserved\.?$", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FACTORY_UUIDS = frozenset(
    {"03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009", "12345678-1234-5678-90ab-cddeefaabbcc"}
)
_VIRTUAL_NETWORK = re.compile(
    r"(docker|veth|virbr|lxcbr|br-|br\d|tun|tap|ifb|lo\d*$|wg|vnet|vmnet|bond|dummy|zt|tailscale|sit\d|gre|enx|(en|wl|ww)p\d+s\d+(f\d+)?u\d)"
    r"|.*\b(virtualbox|vmware|hyper-v|virtual|vpn|tap-windows|miniport|bluetooth|loopback|teredo|isatap|tunnel|usb|wintun)\b",
    re.IGNORECASE,
)
# What the makers of USB bridges and docks left in place of a serial number: JMicron's vendor number with that of the chip, the
# series of JMicron and VIA, the counting and the noughts of the others. Hundreds of thousands of boxes share each of them.
_BRIDGE_SERIAL = re.compile(
    r"152d[0-9a-f]{8}|dd56419[0-9a-f]{4,6}|db98765432[0-9a-f]{1,4}|000000123[0-9a-f]{3}|a{3,4}b{3,4}c{3,4}[0-9a-f]?"
    r"|0?123456789[0-9a-f]{0,8}"
)
# A dock, an adapter, an enclosure, or the maker of what is in it, where the model of a drive should stand.
_BRIDGE_MODEL = re.compile(
    r"\b(?:dock(?:ing)?|adapt[eo]r|adaptateur|bridge|enclosure|bo[iî]tier|caddy|external usb|usb[ -]?(?:to|[23](?:\.\d)?|device|disk|hdd)"
    r"|jmicron|jms?\d{3}\w*|asmedia|asmt|asm\d{3,4}\w*|realtek|rtl\d{3,4}\w*|norelsys|ns1\d{3}|via labs|vl7\d\d|initio|inic-?\d+|prolific"
    r"|pl\d{4}|sunplus|oxford|tusb\d+|generic|sabrent|ugreen|orico|unitek|icy ?box|startech|inateck)\b",
    re.IGNORECASE,
)
_EUI = re.compile(r"(?:[0-9A-Fa-f]{4}_){3,7}[0-9A-Fa-f]{4}\.?")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_COUNTING = tuple(
    each for row in ("0123456789" * 4, "0123456789abcdef" * 3, f"{_LETTERS}0123456789", _LETTERS * 2) for each in (row, row[::-1])
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd\s]+")
_LONGEST = 200

_MAKERS: tuple[tuple[str, str], ...] = (
    (r"wdc\b|western digital|wd\b|wd[ -_]?\d|wds\d", "Western Digital"),
    (r"seagate|st\d{2,}", "Seagate"),
    (r"hgst", "HGST"),
    (r"hitachi|h[dt][sdtpe]\d{3}", "Hitachi"),
    (r"toshiba|mk\d{4}|kxg\d|kbg\d|thns", "Toshiba"),
    (r"samsung|mz[-a-z0-9]{4,}", "Samsung"),
    (r"intel\b|ssds[ac]|ssdpe", "Intel"),
    (r"kingston|sa400|suv\d|skc\d", "Kingston"),
    (r"crucial|ct\d+(mx|bx|p\d|m\d)", "Crucial"),
    (r"micron|mtfd", "Micron"),
    (r"sandisk|sdss", "SanDisk"),
    (r"sk ?hynix|hfs\d|hfm\d", "SK hynix"),
    (r"lite-?on", "LITE-ON"),
    (r"fujitsu|mht\d|mhz\d|mhv\d|mhw\d", "Fujitsu"),
    (r"maxtor|\dl\d{3}", "Maxtor"),
    (r"apple", "Apple"),
    (r"adata", "ADATA"),
    (r"corsair", "Corsair"),
    (r"transcend|ts\d+g", "Transcend"),
    (r"kioxia", "KIOXIA"),
    (r"quantum", "Quantum"),
    (r"ibm|ic\d\d", "IBM"),
)
_SOLID_STATE = re.compile(
    r"\bssds?\b|ssd\d|solid state|\bnvme\b"
    r"|^(?:samsung |intel |kingston |crucial[ _]|micron[ _]|toshiba |sk ?hynix |sandisk |wdc |liteon(?:it)? )?"
    r"(?:mz[-a-z0-9][a-z0-9]{4}|ssds[ac]|ssdpe|sa400|suv\d|skc\d|sv300|ct\d{3,4}(?:mx|bx|p\d|m\d)|mtfd|sdss|thns|kxg\d|kbg\d|hfs\d|hfm\d|wds\d{3}"
    r"|lm[th]-\d|l8[th]-\d|cv\d-\d)",
    re.IGNORECASE,
)
_MAKERS_COMPILED = tuple((re.compile(pattern), name) for pattern, name in _MAKERS)
_BRIDGES = frozenset({"ata", "usb", "generic", "jmicron", "asmt", "virt", "virtual"})


def clean(value: object) -> str | None:
    """The text without control characters, inner runs of blanks and padding; None when nothing is left.

    DMI strings are padded with blanks, disk strings with NULs; longer than 200 characters is no name of anything.
    """
    if not isinstance(value, str):
        return None
    return _CONTROL.sub(" ", value[: _LONGEST * 4]).strip()[:_LONGEST].strip() or None


def is_placeholder(value: object) -> bool:
    """Whether the text is what factories leave in place of a name or a number (also true for nothing at all)."""
    text = clean(value)
    if text is None:
        return True
    folded = text.casefold()
    letters = re.sub(r"[\s.\-_/?*#:]", "", folded)
    return (
        folded in _PLACEHOLDERS
        or len(set(letters)) <= 1  # nothing, one sign, or the same sign throughout
        or (len(letters) >= 5 and any(letters in row for row in _COUNTING))
        or _PLACEHOLDER.fullmatch(folded) is not None
    )


def real(value: object) -> str | None:
    """The cleaned text, or None when it is a placeholder: two machines may share one, so it identifies nothing."""
    return None if is_placeholder(value) else clean(value)


def real_maker(value: object) -> str | None:
    """The maker of a machine; old Macs hold a notice of copyright in its place."""
    text = real(value)
    return real(_COPYRIGHT.sub("", text)) if text else None


def real_model(value: object) -> str | None:
    """The cleaned name of a model, or None when it names a whole range of boards or an emulator."""
    text = real(value)
    if text is None or text.casefold() in _MODEL_PLACEHOLDERS or _MODEL_PLACEHOLDER.fullmatch(text.casefold()):
        return None
    return text


def commercial_name(maker: object, product: object, version: object) -> str | None:
    """The name that people use: Lenovo keeps it in the version and puts a type number in the product; others name the product."""
    found = real_model(version)
    if (clean(maker) or "").casefold().startswith("lenovo") and found and re.search(r"[a-z]{3}", found):
        return found
    return real_model(product)


def real_uuid(value: object) -> str | None:
    """The product UUID in lower case, or None when the factory left zeros or a known filler."""
    text = (clean(value) or "").casefold()
    if not _UUID.fullmatch(text) or text in _FACTORY_UUIDS or len(set(text.replace("-", ""))) <= 2:
        return None
    return text


def other_order(uuid: str) -> str:
    """The same sixteen bytes with the first three fields read in the other byte order."""
    first, second, third, rest = uuid[:8], uuid[9:13], uuid[14:18], uuid[18:]
    turned = ("".join(reversed([field[at : at + 2] for at in range(0, len(field), 2)])) for field in (first, second, third))
    return "-".join(turned) + rest


def is_swapped_uuid(smbios: str) -> bool:
    """Whether a table of this SMBIOS version ("2.6") means the first fields of its UUID as little-endian: since 2.6."""
    found = re.match(r"(\d{1,2})\.(\d{1,2})", smbios)
    return found is not None and (int(found.group(1)), int(found.group(2))) >= (2, 6)


def same_uuid(one: str, other: str) -> bool:
    """Whether two tools mean the same machine; before SMBIOS 2.6 they did not agree on the order of the bytes."""
    return one == other or other_order(one) == other


def is_virtual_network(name: str) -> bool:
    """Whether an interface of this name is made by software, or hangs on a USB port and leaves with its owner."""
    return _VIRTUAL_NETWORK.match(name) is not None


def mac(value: object) -> str | None:
    """A network card's address as six lower-case pairs, or None when it is none (loopback, broadcast, FireWire)."""
    text = (clean(value) or "").casefold().replace("-", ":")
    if not re.fullmatch(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", text) or len(set(text.replace(":", ""))) == 1:
        return None
    if int(text[:2], 16) & 1:
        return None  # the address of a group (IEEE 802, first bit): no card has one
    return text


def is_drawn_by_lot(address: str) -> bool:
    """Whether a MAC is locally administered (IEEE 802, second bit): Wi-Fi cards in scan draw one anew each time."""
    return bool(int(address[:2], 16) & 2)


def is_bridge_serial(value: object) -> bool:
    """Whether a serial number is one that USB bridges and docks show in place of the drive's.

    Nothing but noughts and a digit or two, a count, or a series that a maker of bridges is known for.
    """
    folded = (clean(value) or "").casefold()
    return bool(folded) and (_BRIDGE_SERIAL.fullmatch(folded) is not None or (len(folded) >= 6 and 0 < len(folded.strip("0")) <= 2))


def is_bridge_model(value: object) -> bool:
    """Whether a model names a dock, an adapter or the chip in it rather than a drive."""
    return _BRIDGE_MODEL.search(clean(value) or "") is not None


def drive_serial(value: object) -> str | None:
    """The serial number of a drive as the drive says it; None for a placeholder, and for the number of a USB bridge."""
    return None if is_bridge_serial(value) else real(value)


def real_drive_serial(value: object) -> str | None:
    """The serial number of a drive, from what a system says of it; None for a placeholder and for another kind of number.

    Windows gives an NVMe drive's EUI-64 ("ACE4_2E61_9000_7804.") in place of its serial number, and before Windows 8 that of an
    ATA drive as hexadecimal codes with each two letters exchanged.
    """
    text = drive_serial(value)
    if text is None or _EUI.fullmatch(text):
        return None
    if re.fullmatch(r"(?:[2-7][0-9a-fA-F]){16,40}", text):
        letters = bytes.fromhex(text).decode("ascii", "replace")
        return drive_serial("".join(letters[at : at + 2][::-1] for at in range(0, len(letters), 2)))
    return text


def is_solid_state(*names: str | None) -> bool:
    """Whether a drive's model is that of an SSD: it says so, or begins as its maker's SSDs do."""
    return any(name and _SOLID_STATE.search(name) for name in names)


def drive_maker(*names: str | None) -> str | None:
    """The maker of a drive from what its vendor, model or family say; ATA drives carry no maker's field."""
    for name in names:
        folded = (name or "").casefold()
        if not folded or folded in _BRIDGES:
            continue
        for pattern, maker in _MAKERS_COMPILED:
            if pattern.match(folded):
                return maker
    return None
