"""A machine as the rules weigh it: only what its reports and its technician say."""

import re
from dataclasses import dataclass

from refurb.inventory.targets.firmware import Firmware
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.drives import Medium

GB = 10**9
MB_PER_GB = 1024
_RESOLUTION = re.compile(r"(\d{3,5})\s*[x×]\s*(\d{3,5})", re.IGNORECASE)


@dataclass(frozen=True)
class Storage:
    """One drive inside the machine."""

    medium: Medium
    size_bytes: int | None

    @property
    def gb(self) -> int | None:
        """Its size in gigabytes of the label (10^9 bytes), rounded, since makers give a little more."""
        return None if self.size_bytes is None else round(self.size_bytes / GB)

    @property
    def is_solid(self) -> bool | None:
        """Whether nothing turns in it; None where no report says."""
        return None if self.medium is Medium.UNKNOWN else self.medium is not Medium.HDD


@dataclass(frozen=True)
class Configuration:
    """What is known of a machine; None is what nobody has said. `cpu_mark` is what a technician measured or looked up."""

    kind: DeviceKind
    cpu: str | None = None
    cpu_mark: int | None = None
    ram_mb: int | None = None
    drives: tuple[Storage, ...] = ()
    display: str | None = None
    battery_percent: int | None = None
    firmware: Firmware = Firmware()

    @property
    def ram_gb(self) -> int | None:
        """The memory in gigabytes as sold: rounded, because tools leave out what the graphics hold back."""
        return None if self.ram_mb is None else round(self.ram_mb / MB_PER_GB)

    @property
    def storage_gb(self) -> int | None:
        """All its drives together; None when one of them has no size, or none is known."""
        sizes = [each.gb for each in self.drives]
        known = [each for each in sizes if each is not None]
        return sum(known) if known and len(known) == len(sizes) else None

    @property
    def largest_drive_gb(self) -> int | None:
        """The largest of its drives, on which a system is put."""
        return max((each.gb for each in self.drives if each.gb is not None), default=None)

    @property
    def has_solid_drive(self) -> bool | None:
        """Whether a system can start from a drive in which nothing turns; None where no report says."""
        kinds = {each.is_solid for each in self.drives}
        if True in kinds:
            return True
        return False if kinds == {False} else None

    @property
    def screen_width(self) -> int | None:
        """The longer side of the built-in screen, in pixels, where a report gives a resolution."""
        found = _RESOLUTION.search(self.display or "")
        return max(int(found[1]), int(found[2])) if found else None
