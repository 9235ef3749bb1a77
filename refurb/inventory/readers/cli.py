"""`refurb hardware`: what inventory files say of a machine, read without a database."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click
from babel.support import NullTranslations, Translations

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import HardwareFacts
from refurb.inventory.readers.merge import merge
from refurb.inventory.readers.text import MAX_BYTES

_TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"
UNREADABLE = 2


@click.group("hardware")
def hardware() -> None:
    """Reports of hardware tools."""


@hardware.command("read")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the normalised facts.")
def read(files: tuple[str, ...], *, as_json: bool) -> None:
    """Read what tools said of one machine (`-` is the standard input); exit 2 and one line when a file cannot be read."""
    facts = merge([_read(name) for name in files])
    if as_json:
        click.echo(json.dumps(facts.to_json(), ensure_ascii=False, indent=2))
        return
    for label, value in _lines(facts):
        click.echo(f"{label} : {value}" if label else value)


def _read(name: str) -> HardwareFacts:
    """The facts of one file; ends the program when there are none."""
    try:
        if name == "-":
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        return read_hardware(content, name)
    except OSError as error:
        _stop(name, error.strerror or "illisible")
    except ValueError:  # a name with a NUL in it
        _stop(name, "ce nom n'est pas celui d'un fichier")
    except Unreadable as unreadable:
        _stop(name, sentence_of(unreadable.code, unreadable.facts))


def _stop(name: str, why: str) -> NoReturn:
    click.echo(f"refurb: {name} : {why}", err=True)
    sys.exit(UNREADABLE)


def sentence_of(code: str, facts: object) -> str:
    """The French sentence of a reader's code, on one line; the code itself where the catalogues are not compiled."""
    catalogue: NullTranslations = Translations.load(_TRANSLATIONS, ["fr"], "refusals")
    text = catalogue.gettext(code)
    try:
        return " ".join((text % facts).split())
    except (KeyError, TypeError, ValueError):
        return text


def _lines(facts: HardwareFacts) -> Iterator[tuple[str, str]]:
    name = " ".join(each for each in (facts.manufacturer, facts.model) if each)
    yield "Outil", facts.tool
    yield "Machine", name or "sans nom"
    for label, value in (
        ("N° de série", facts.serial),
        ("UUID", facts.uuid),
        ("Forme", facts.chassis),
        ("Processeur", facts.cpu),
        ("Mémoire", f"{facts.ram_mb} Mio, {len(facts.ram_modules)} barrette(s) décrite(s)" if facts.ram_mb else None),
        ("Graphique", facts.gpu),
        ("Écran", facts.display),
    ):
        if value:
            yield label, value
    if facts.battery:
        health = facts.battery.health_percent
        yield "Batterie", f"{facts.battery.model or 'présente'}, {f'{health} % de sa capacité' if health is not None else 'usure inconnue'}"
    for drive in facts.drives:
        told = (
            drive.model,
            drive.serial and f"n° {drive.serial}",
            drive.size_bytes and f"{drive.size_bytes} octets",
            drive.medium,
            drive.health,
        )
        yield "Support", ", ".join(str(each) for each in told if each)
    for mac in facts.macs:
        yield "Adresse", mac
    for each in facts.warnings:
        yield "Réserve", sentence_of(each.code, each.facts)
