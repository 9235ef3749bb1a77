"""The counter's page as a desk agent presses it without a script: what it shows is sent back with each press."""

import json
import re
from html import unescape

from tests.support.story import families


def scanned(agent, *codes):
    """Scan some codes, from wherever; the counter as it is then."""
    for code in codes:
        assert agent.submit("/comptoir/scan", {"code": code}).status_code == 303
    return agent.get("/comptoir")


def lying(page) -> dict[str, str]:
    """What the page would send: its pile, and every field that holds something."""
    fields = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        told = dict(re.findall(r'([a-z_-]+)="([^"]*)"', tag))
        name, value = told.get("name", ""), unescape(told.get("value", ""))
        if told.get("type") == "radio" and " checked" not in tag:
            continue
        if name and name not in {"csrf_token", "_key", "q", "scan"} and "comptoir" in page.request.path:
            fields[name] = value
    return fields


def pressed(agent, do, **fields):
    """Press a button of the counter with all that the page says, and something more; the answer."""
    return agent.submit("/comptoir", lying(agent.get("/comptoir")) | fields | {"do": do})


def answered(page, state="complete") -> dict[str, str]:
    """Every component of every line answered alike."""
    return dict.fromkeys(set(re.findall(r'name="(c\d+-\d+)"', page.text)), state)


def signed(page) -> dict[str, str]:
    """A signature drawn under what the page shows."""
    told = lying(page)
    covers = unescape(re.search(r'data-covers="([^"]*)"', page.text)[1])
    pairs = [[name, value] for name, value in told.items() if re.fullmatch(covers, name)]
    return {"signature": families.drawing(), "signed_for": json.dumps({"at": "14:07", "fields": pairs})}
