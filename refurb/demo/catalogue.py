"""The makes and models of the demonstration, as their firmware names them; every serial number is invented."""

from dataclasses import dataclass
from random import Random

from refurb.inventory.words.devices import DeviceKind

GB = 10**9


@dataclass(frozen=True)
class Disk:
    """A make of drive: `size` in bytes, `prefix` as its serials begin."""

    maker: str
    model: str
    size: int
    medium: str
    prefix: str


@dataclass(frozen=True)
class Model:
    """A make of machine. Without `chassis` no tool reads it: somebody types what stands on its back, `product` then being the model."""

    kind: DeviceKind
    maker: str
    product: str
    version: str = ""
    chassis: str = ""
    cpu: str = ""
    gpu: str = ""
    ram_gib: tuple[int, ...] = (8,)
    banks: int = 1
    disks: tuple[Disk, ...] = ()
    serial: str = ""


PM981 = Disk("Samsung", "SAMSUNG MZVLB256HAHQ-000L7", 256_060_514_304, "nvme", "S41GNX0M")
SN520 = Disk("Western Digital", "WDC PC SN520 SDAPNUW-256G-1006", 256_060_514_304, "nvme", "1911F280")
SC300 = Disk("SK hynix", "SK hynix SC311 SATA 256GB", 256_060_514_304, "ssd", "MS79N771")
EVO860 = Disk("Samsung", "Samsung SSD 860 EVO 250GB", 250_059_350_016, "ssd", "S3YHNB0K")
BLUE = Disk("Western Digital", "WDC WD5000AAKX-75U6AA0", 500_107_862_016, "hdd", "WD-WCC2E")
MOMENTUS = Disk("Seagate", "ST500LM000-1EJ162", 500_107_862_016, "hdd", "W372")
DF4064 = Disk("SanDisk", "DF4064", 62_537_072_640, "emmc", "0x3d5a")

_UHD = "UHD Graphics 620"
_HD630 = "HD Graphics 630"

LATITUDE = Model(
    DeviceKind.LAPTOP, "Dell Inc.", "Latitude 5490 (0816)", "", "notebook", "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", _UHD,
    (8, 8, 16), 1, (SC300,), "?DQ72",
)  # fmt: skip
OLD_LATITUDE = Model(
    DeviceKind.LAPTOP, "Dell Inc.", "Latitude E5470 (06DE)", "", "notebook", "Intel(R) Core(TM) i5-6300U CPU @ 2.40GHz",
    "HD Graphics 520", (8,), 2, (MOMENTUS,), "?F8H2",
)  # fmt: skip
PROBOOK = Model(
    DeviceKind.LAPTOP, "HP", "HP ProBook 450 G5", "", "notebook", "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", _UHD, (8,), 1, (PM981,),
    "5CD8",
)  # fmt: skip
THINKPAD = Model(
    DeviceKind.LAPTOP, "LENOVO", "20LS0018FR", "ThinkPad L480", "notebook", "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", _UHD, (8, 16), 2,
    (SN520,), "PF1",
)  # fmt: skip
TRAVELMATE = Model(
    DeviceKind.LAPTOP, "Acer", "TravelMate P2510-G2-M", "", "notebook", "Intel(R) Core(TM) i3-8130U CPU @ 2.20GHz", _UHD, (4, 8), 1,
    (EVO860,), "NXVGV",
)  # fmt: skip
OPTIPLEX = Model(
    DeviceKind.DESKTOP, "Dell Inc.", "OptiPlex 3050 (07A3)", "", "desktop", "Intel(R) Core(TM) i5-7500 CPU @ 3.40GHz", _HD630, (8,), 2,
    (EVO860,), "?HX4M2",
)  # fmt: skip
PRODESK = Model(
    DeviceKind.DESKTOP, "HP", "HP ProDesk 400 G4 SFF", "", "desktop", "Intel(R) Core(TM) i3-7100 CPU @ 3.90GHz", _HD630, (8,), 1,
    (EVO860, BLUE), "CZC8",
)  # fmt: skip
SURFACE = Model(
    DeviceKind.TABLET, "Microsoft Corporation", "Surface Go", "", "tablet", "Intel(R) Pentium(R) CPU 4415Y @ 1.60GHz", "HD Graphics 615",
    (4,), 1, (DF4064,), "0319",
)  # fmt: skip
DELL_SCREEN = Model(DeviceKind.MONITOR, "Dell", "P2217H", serial="CN0GXR")
IIYAMA_SCREEN = Model(DeviceKind.MONITOR, "iiyama", "ProLite XUB2292HS", serial="1148")
GALAXY = Model(DeviceKind.SMARTPHONE, "Samsung", "Galaxy A40", serial="R58M")
BROTHER = Model(DeviceKind.PRINTER, "Brother", "HL-L2350DW", serial="E7809")
EPSON = Model(DeviceKind.OTHER, "Epson", "EB-X41 (vidéoprojecteur)", serial="X4YC")

_SYMBOLS = "0123456789BCDFGHJKLMNPQRSTVWXZ"


def serial(beginning: str, draw: Random, length: int) -> str:
    """An invented serial number that begins as the maker's do; `?` stands for one drawn symbol."""
    begun = "".join(draw.choice(_SYMBOLS) if letter == "?" else letter for letter in beginning)
    return begun + "".join(draw.choice(_SYMBOLS) for _ in range(length))
