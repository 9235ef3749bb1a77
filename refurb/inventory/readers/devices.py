"""Which block devices of Linux are drives, and which are made by software or are a part of one."""

import re

_VIRTUAL = re.compile(
    r"(?:/dev/)?(?:zd\d|zvol|md\d|md_|dm-\d|mapper/|loop\d|zram\d|ram\d|nbd\d|bcache\d|drbd\d|rbd\d|ublkb\d|cloop|vdo|fd\d|sr\d|scd\d"
    r"|mtdblock|ubiblock|etherd/|pktcdvd|nvme\d{1,4}c\d|mmcblk\d{1,3}(?:boot\d|rpmb|gp\d))"
)


def is_virtual_device(path: str | None) -> bool:
    """Whether a device file, or its bare name, is that of no drive: a volume, an image, memory, a boot partition, a diskette."""
    return _VIRTUAL.match(path or "") is not None
