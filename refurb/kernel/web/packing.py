"""Answers made smaller for their way: gzip for whoever takes it, of pages each time, of static files once per process."""

import secrets
from functools import lru_cache
from gzip import GzipFile, compress
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.security import safe_join

KINDS = frozenset(
    ["application/json", "image/svg+xml", "text/calendar", "text/css", "text/csv", "text/html", "text/javascript", "text/plain"]
)
"""What is text; pictures, fonts (WOFF2 is Brotli within), PDFs and workbooks are packed already."""
SMALLEST = 1000
"""Bytes: a shorter answer goes in one segment of the network, packed or not."""
LEVEL = 4
"""Of what is packed each time: less work than the usual 6 (175 µs for 300, of a text of 18 kB), for some hundredths more bytes."""
BLUR = 128
"""Bytes of chance in the length of what is packed each time, at most."""


def packed(content: bytes) -> bytes:
    """An answer as gzip, longer by chance.

    How long a packed page is says how much stands in it twice: whoever can have somebody's browser ask for pages with words of
    theirs, and sees lengths only, may guess at the rest (BREACH, 2013). The tokens of forms therefore differ from page to page
    (`accounts.sessions`); for names and numbers, some bytes of chance stand in the file name that the format has room for, as in
    Django's GZipMiddleware (« Heal the BREACH », DOI 10.1109/ACCESS.2022.3176965), and no other site's page can ask with our cookie
    but by leading the whole window here.
    """
    sent = BytesIO()
    with GzipFile("-" * secrets.randbelow(BLUR), "wb", LEVEL, sent, mtime=0) as file:
        file.write(content)
    return sent.getvalue()


def _takes_gzip() -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "") and request.accept_encodings.quality("gzip") > 0


@lru_cache(maxsize=64)
def _packed_file(place: Path, _changed_at: int) -> bytes:
    return compress(place.read_bytes(), 9, mtime=0)


def packed_file(folder: str, name: str) -> Response | None:
    """A file of a folder, packed as small as gzip can and kept so; None where it is none, cannot be smaller, or is not wanted so."""
    kind, place = guess_type(name)[0], safe_join(folder, name)
    if kind not in KINDS or place is None or not _takes_gzip() or "Range" in request.headers or not Path(place).is_file():
        return None
    response = Response(_packed_file(Path(place), Path(place).stat().st_mtime_ns), content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "no-cache"
    return response


def setup(app: Flask) -> None:
    """Pack whatever may be, after everybody else is done with the answer: so this stands before all others who prepare it."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype not in KINDS:
        return response
    response.vary.add("Accept-Encoding")
    if response.is_streamed or response.status_code == 206 or "Content-Encoding" in response.headers or not _takes_gzip():
        return response
    content = response.get_data()
    if len(content) >= SMALLEST:
        response.set_data(packed(content))
        response.headers["Content-Encoding"] = "gzip"
        if "ETag" in response.headers:  # The same text in other bytes: RFC 9110 §8.8.3 calls such a mark weak.
            response.set_etag(response.get_etag()[0] or "", weak=True)
    return response
