"""Draws an icon inside the page, so that it takes the colour of the text and costs no request."""

import re
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

ICONS = Path(__file__).resolve().parents[2] / "static" / "icons"

_DRAWING = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


@lru_cache(maxsize=512)
def icon(name: str, cls: str = "") -> Markup:
    """Return the drawing `name` (a file of static/icons, without its ending) as an inline SVG.

    It is hidden from screen readers: an icon always stands beside its word. `cls` adds classes
    such as "icon-lg". Raises LookupError for an icon that the folder does not hold, because a page
    that asks for one is wrong and must fail in the tests.
    """
    if not _NAME.match(name):
        raise LookupError(f"not the name of an icon: {name!r}")
    file = ICONS / f"{name}.svg"
    if not file.is_file():
        raise LookupError(f"no icon {name!r} in static/icons")
    drawing = _DRAWING.search(file.read_text(encoding="utf-8"))
    if drawing is None:
        raise LookupError(f"static/icons/{name}.svg holds no drawing")
    shapes = " ".join(drawing.group(1).split())
    classes = escape(f"icon {cls}".strip())
    return Markup(
        '<svg class="{classes}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{shapes}</svg>'
    ).format(classes=classes, shapes=Markup(shapes))  # noqa: S704 - a file of ours, not what somebody sent
