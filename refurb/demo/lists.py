"""The donors' lists of the demonstration, one imported and one that waits; a machine under two labels, and two that look like one."""

from functools import partial
from random import Random

from refurb.demo import catalogue as made
from refurb.demo.catalogue import serial
from refurb.demo.diary import Cast, Diary
from refurb.demo.gifts import GIFTS
from refurb.demo.printouts import Bench, lshw
from refurb.inventory.devices.actions.devices import intake_device
from refurb.inventory.duplicates.actions import merge_devices
from refurb.inventory.evidence.actions.impact import declare_impact
from refurb.inventory.evidence.actions.reports import Upload, read_hardware_reports
from refurb.inventory.lists.actions.lists import confirm_list, read_list, receive_list
from refurb.inventory.releases.actions import ask_releases, say_released
from refurb.inventory.releases.queries import releases_of
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import DataImpact
from refurb.inventory.words.releases import Lock
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.progress import finish_within

_HEADINGS = ("N° parc", "Type", "Marque", "Modèle", "N° de série", "Mémoire", "Disque", "Remarques")
_DRIVERS = tuple(
    (f"TR-{number:03d}", "PC portable", "Lenovo", "ThinkPad T480", f"PF1{number:03d}KX", "8 Go", "SSD 256 Go", remark)
    for number, remark in enumerate(("", "", "Charnière dure", "", "", "Batterie gonflée", "", ""), start=14)
)
_OFFICE = (
    ("AR-01", "Portable", "HP", "ProBook 450 G5", "5CD8142KLM", "8 Go", "256 Go", ""),
    ("AR-02", "Portable", "HP", "ProBook 450 G5", "5CD8142KLP", "8 Go", "256 Go", "touche Entrée manquante"),
    ("AR-03", "Portable", "HP", "ProBook 450 G5", "To be filled by O.E.M.", "8 Go", "256 Go", ""),
    ("AR-04", "Portable", "HP", "ProBook 450 G5", "5CD8142KLM", "8 Go", "256 Go", ""),
    ("AR-05", "UC", "HP", "ProDesk 600 G3", "6,37702E+15", "16 Go", "500 Go", ""),
    ("AR-06", "UC", "HP", "ProDesk 600 G3", "CZC8123RTN", "beaucoup", "500 Go", ""),
    ("AR-07", "Maquette", "", "", "", "", "", "du hall d'entrée"),
)


def plan_lists(cast: Cast, diary: Diary) -> None:
    """Note in the diary what is imported, what waits, what is joined and what looks alike."""
    diary.note(2, "10:20", partial(_import, cast))
    diary.note(2, "10:40", partial(_ask_to_release, cast))
    diary.note(1, "11:30", partial(_leave_waiting, cast))
    diary.note(2, "16:35", partial(_join, cast))
    diary.note(1, "11:45", partial(_read_twice, cast))


def _text(*rows: tuple[str, ...]) -> bytes:
    return "".join(";".join(row) + "\r\n" for row in (_HEADINGS, *rows)).encode("cp1252")


def _import(cast: Cast) -> None:
    coordinator, donation = cast.actors["coordinator"], cast.donations["transports"]
    found = receive_list(coordinator, donation, read_list(_text(*_DRIVERS), "portables chauffeurs.csv"))
    finish_within(confirm_list(coordinator, donation, found, result_url=f"/dons/{donation.reference}/liste"))


def _ask_to_release(cast: Cast) -> None:
    """The carrier's computers are in its Autopilot, and its data are sensitive; it says that the first two are out."""
    coordinator, donation = cast.actors["coordinator"], cast.donations["transports"]
    declare_impact(coordinator, donation, impact=DataImpact.THREE)
    ask_releases(coordinator, donation, locks=(Lock.AUTOPILOT, Lock.BIOS))
    first = releases_of(donation).by_lock[Lock.AUTOPILOT][:2]
    say_released(SERVICE, donation, numbers=[each.id for each in first])


def _leave_waiting(cast: Cast) -> None:
    receive_list(cast.actors["coordinator"], cast.donations["architectes"], read_list(_text(*_OFFICE), "inventaire agence.csv"))


def _join(cast: Cast) -> None:
    """Two labels were stuck on one laptop; whoever unpacked it noticed."""
    technician = cast.actors["technician"]
    twice = intake_device(technician, cast.donations["architectes"], DeviceKind.LAPTOP)
    merge_devices(technician, twice, cast.devices["architectes/3"], reason="Deux étiquettes collées sur le même portable.")


def _read_twice(cast: Cast) -> None:
    """A laptop without its drive is read under another label than the first time: its firmware gives it away."""
    gift = next(each for each in GIFTS if each.key == "architectes")
    model, _ = gift.machines[0]
    technician = cast.actors["technician"]
    for number, key in enumerate(("architectes/2", "architectes/3")):
        seen = Bench(model, "To be filled by O.E.M." if number else serial(made.PROBOOK.serial, Random(41), 4), 8, (), 4_100)
        read_hardware_reports(technician, cast.devices[key], [Upload("lshw.json", lshw(seen))])
