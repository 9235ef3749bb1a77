"""Signatures as somebody would draw them on a screen: a wavy line, another one for each name."""

import base64
import math
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

_WIDTH, _HEIGHT = 480, 160


def drawing(of: str) -> bytes:
    """The PNG of an invented signature, always the same for the same name."""
    draw = Random(of)
    bows, slant = draw.randint(4, 7), draw.uniform(-18, 18)
    points = []
    for step in range(160):
        along = step / 159
        height = math.sin(along * math.tau * bows + draw.uniform(-0.1, 0.1)) * (52 - 38 * along)
        points.append((40 + along * 390 + math.cos(along * math.tau * bows) * 14, _HEIGHT / 2 + height + slant * along))
    picture = Image.new("RGBA", (_WIDTH, _HEIGHT))
    ImageDraw.Draw(picture).line(points, fill=(26, 26, 64, 255), width=4, joint="curve")
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def scribble(of: str) -> str:
    """The same as a page sends it: a PNG in a data address."""
    return f"data:image/png;base64,{base64.b64encode(drawing(of)).decode()}"
