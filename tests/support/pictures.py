"""Pictures of the guides: taken by the tests where the environment says so, small enough to lie in the repository."""

import io
import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Page

GUIDE_VARIABLE: Final = "GUIDE_PICTURES"
"""Environment variable: the folder (docs/images) where the pictures of the guides are written anew; none are taken without it."""
WIDTH, MOST = 960, 60 * 1024
"""Pixels, and bytes of one picture."""


SHOWN_AT: Final = "https://relais.example"
"""Where the service of a guide's pictures stands: a name, as a territory has one, and no number of this machine."""
_ADDRESSED = """([from, to]) => {
  const told = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let each; (each = told.nextNode()); ) if (each.data.includes(from)) each.data = each.data.replaceAll(from, to);
  for (const each of document.querySelectorAll("input[type=text], input:not([type]), textarea"))
    if (each.value.includes(from)) each.value = each.value.replaceAll(from, to);
}"""


def keep_for_the_guide(page: Page, name: str) -> None:
    """Write what the window shows as NAME.png, where pictures are wanted; fewer colours until it is small enough."""
    folder = os.environ.get(GUIDE_VARIABLE)
    if not folder:
        return
    parts = urlsplit(page.url)
    here = f"{parts.scheme}://{parts.netloc}"
    page.evaluate(_ADDRESSED, [here, SHOWN_AT])
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.evaluate(_ADDRESSED, [SHOWN_AT, here])
    picture.thumbnail((WIDTH, picture.height), Image.Resampling.LANCZOS)  # a telephone's window stays as small as it is
    for colours in (128, 64, 32, 16):
        packed = io.BytesIO()
        picture.quantize(colours).save(packed, "PNG", optimize=True)
        if packed.tell() <= MOST:
            break
    (Path(folder) / f"{name}.png").write_bytes(packed.getvalue())
