"""`refurb list`: what an import of a donor's list would store, read without a database."""

import json
import sys
from pathlib import Path

import click

from refurb.inventory.lists.actions.lists import read_list
from refurb.inventory.lists.columns import guess
from refurb.inventory.lists.rows import as_told, read_rows
from refurb.inventory.readers.cli import UNREADABLE, sentence_of
from refurb.kernel.speech.errors import Fault
from refurb.spreadsheets.errors import MOST_BYTES, ListUnreadable


def _say(fault: Fault) -> str:
    return sentence_of(fault.code, fault.facts)


@click.group("list")
def donor_list() -> None:
    """Lists that donors send."""


@donor_list.command("read")
@click.argument("file", metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: sheets, machines, what is left out.")
def read(file: str, *, as_json: bool) -> None:
    """Read a donor's list (XLSX, ODS, CSV; `-` is the standard input) as its import would; exit 2 and one line when it is none."""
    try:
        content = sys.stdin.buffer.read(MOST_BYTES + 1) if file == "-" else _content(Path(file))
        table = read_list(content, file).table
    except OSError as error:
        click.echo(f"refurb: {file} : {error.strerror or 'illisible'}", err=True)
        sys.exit(UNREADABLE)
    except ListUnreadable as refusal:
        click.echo(f"refurb: {file} : {sentence_of(refusal.code, refusal.facts)}", err=True)
        sys.exit(UNREADABLE)
    told = as_told(table, read_rows(table, guess(table.headings, [cells for _, cells in table.rows])), _say)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for each in told["machines"]:
        words = (each["manufacturer"], each["model"], each["serial"], each["ram_mb"] and f"{each['ram_mb']} Mio")
        click.echo(f"{each['row']} : {each['quantity']} {each['kind']} {' '.join(str(word) for word in words if word)}")
        for doubt in each["doubts"]:
            click.echo(f"    {doubt}")
    for each in told["left_out"]:
        click.echo(f"{each['where']} : {each['why']}")


def _content(place: Path) -> bytes:
    with place.open("rb") as file:
        return file.read(MOST_BYTES + 1)
