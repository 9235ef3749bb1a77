"""`refurb erasure`: what erasing tools say of each drive, read without a database."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from refurb.inventory.evidence.erasure_rules import level_reached
from refurb.inventory.readers.cli import UNREADABLE, sentence_of
from refurb.inventory.readers.erasure.bundle import NamedFile, as_kept
from refurb.inventory.readers.erasure.certificate_text import MAX_BYTES
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import ErasureFacts


@click.group("erasure")
def erasure() -> None:
    """Reports of erasing tools."""


@erasure.command("read")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list with the normalised facts of each drive.")
def read(files: tuple[str, ...], *, as_json: bool) -> None:
    """Read what tools said of drives (`-` is the standard input); exit 2 and one line when a file cannot be read.

    Files of nvme-cli are read together, and so are those of hdparm: a sanitize log names no drive, `nvme id-ctrl` beside it does.
    """
    found = [facts for kept in as_kept([_content(name) for name in files]) for facts in _read(kept)]
    # The level is the one that the technique reaches on the medium: a purge on an unknown one is not believed.
    found = [replace(facts, level=level_reached(facts, facts.medium)) for facts in found]
    if as_json:
        click.echo(json.dumps([facts.to_json() for facts in found], ensure_ascii=False, indent=2))
        return
    for facts in found:
        click.echo(" ; ".join(_words(facts)))
        for each in facts.warnings:
            click.echo(f"  {sentence_of(each.code, each.facts)}")


def _content(name: str) -> NamedFile:
    try:
        if name == "-":
            return NamedFile(name, sys.stdin.buffer.read(MAX_BYTES + 1))
        with Path(name).open("rb") as file:
            return NamedFile(name, file.read(MAX_BYTES + 1))
    except OSError as error:
        _stop(name, error.strerror or "illisible")
    except ValueError:  # a name with a NUL in it
        _stop(name, "ce nom n'est pas celui d'un fichier")


def _read(kept: NamedFile) -> Sequence[ErasureFacts]:
    try:
        return read_erasure(kept.content, kept.name).erasures
    except Unreadable as unreadable:
        _stop(kept.name, sentence_of(unreadable.code, unreadable.facts))


def _stop(name: str, why: str) -> NoReturn:
    click.echo(f"refurb: {name} : {why}", err=True)
    sys.exit(UNREADABLE)


def _words(facts: ErasureFacts) -> list[str]:
    told: tuple[Any, ...] = (
        facts.model,
        f"n° {facts.serial}" if facts.serial else "sans numéro",
        f"{facts.size_bytes} octets" if facts.size_bytes else None,
        facts.method,
        facts.level,
        f"relecture : {facts.verification}",
        facts.outcome,
        facts.ended_at.isoformat(sep=" ") if facts.ended_at else "sans date de fin",
    )
    return [str(each) for each in told if each]
