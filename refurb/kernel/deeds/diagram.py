"""A life cycle drawn from its table: the state diagram and the table in its room's README, so that neither can grow stale."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from refurb.kernel.deeds.machine import Machine

START, END = "<!-- life cycle: {} -->", "<!-- end of life cycle: {} -->"


def render(machine: Machine[Any]) -> str:
    """The Markdown of one life cycle: a Mermaid diagram, then one line per row."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.value}: {machine.looks[state].word}" for state in machine.states]
    for row in machine.moves:
        lines += [f"    {source.value} --> {row.target.value}: {row.name}" for source in machine.states if source in row.sources]
    lines += [
        "```",
        "",
        "| Move | From | To | Needs | Button | Rules | Facts | Effects |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in machine.moves:
        sources = ", ".join(state.value for state in machine.states if state in row.sources)
        rules = ", ".join(rule.__name__ for rule in (*row.rules, *row.whose)) or "–"
        facts = row.facts.__name__ if row.facts else "–"
        effects = ", ".join(row.effects) or "–"
        lines.append(
            f"| `{row.name}` | {sources} | {row.target.value} | `{row.permission.value}` | {row.label} | {rules} | {facts} | {effects} |"
        )
    return "\n".join(lines)


def refresh(text: str, machine: Machine[Any]) -> str:
    """A README's text with this life cycle's part drawn again, where its marks stand; unchanged elsewhere."""
    start, end = START.format(machine.kind), END.format(machine.kind)
    part = f"{start}\n{render(machine)}\n{end}"
    return re.sub(re.escape(start) + r".*?" + re.escape(end), lambda _: part, text, flags=re.DOTALL)


def readmes(machines: Iterable[Machine[Any]], package: Path) -> dict[Path, str]:
    """What each README of the package should say now, by path: a life cycle is drawn in the room whose README holds its marks.

    Raises `LookupError` for a life cycle that no README, or more than one, has a place for.
    """
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(package.rglob("README.md"))}
    for machine in machines:
        homes = [path for path, text in texts.items() if START.format(machine.kind) in text]
        if len(homes) != 1:
            raise LookupError(f"{len(homes)} READMEs hold the mark {START.format(machine.kind)}: its room's does, and no other")
        texts[homes[0]] = refresh(texts[homes[0]], machine)
    return texts


def refresh_all(machines: Iterable[Machine[Any]], package: Path, *, write: bool) -> list[Path]:
    """The READMEs that are stale; with `write` they are drawn again."""
    stale = []
    for path, text in readmes(machines, package).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if write:
                path.write_text(text, encoding="utf-8")
    return stale
