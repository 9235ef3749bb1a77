"""Small pictures for the tests of letterheads."""

import io

from PIL import Image


def png(width=40, height=20, colour="teal"):
    """A plain PNG."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, "PNG")
    return written.getvalue()


def svg(inside, frame='viewBox="0 0 40 20"'):
    """An SVG with this inside."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{inside}</svg>'.encode()
