"""Answers are small on their way: what is packed, what is not, what a length tells, and how much a first page weighs."""

import gzip
import re
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from refurb.accounts.sessions import blurred, unblurred
from refurb.kernel.deeds.access import Role
from refurb.kernel.web.packing import BLUR, packed
from refurb.kernel.web.pages import STATIC, static_url
from tests.support.story import people

MOST = 150_000
"""Bytes of the first page that somebody opens, with all that it loads."""
LOADED = re.compile(r'<(?:link rel="(?:preload|icon|stylesheet)"[^>]*? href|script src)="([^"]+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def ask(client, path, **headers):
    """What a browser gets, as it comes over the network."""
    with FlaskClient.open(client, path, headers={"Accept-Encoding": "gzip, deflate, br, zstd", **headers}) as answer:
        assert answer.data is not None  # Read, before a file is closed.
        return answer


def weight(answer):
    return len(answer.data) + sum(len(name) + len(value) + 4 for name, value in answer.headers)


def plain(answer):
    return gzip.decompress(answer.data).decode()


FIRST = {None: "/proposer-un-don", Role.DESK: "/comptoir"}
_weights: dict[str, int] = {}


def loaded_with(page):
    """The addresses of all that a page loads, fonts of its letters included."""
    found = {unescape(each) for each in LOADED.findall(page)}
    for sheet in [each for each in found if each.startswith("/static/css/")]:
        found |= {urljoin(sheet, font) for font in re.findall(r'url\("([^"]+)"\)', (STATIC / urlsplit(sheet).path[8:]).read_text("utf-8"))}
    return {each for each in found if "latin-ext" not in each}  # Letters that few names have; the sheet says for which.


def weight_of_file(client, address):
    """What a static file weighs; it is the same for everybody."""
    if address not in _weights:
        _weights[address] = weight(ask(client, address))
    return _weights[address]


@pytest.mark.parametrize("role", [None, *people.EMAIL])
def test_a_first_page_with_all_it_loads_is_light(client, signed_in, role):
    client = signed_in(role) if role else client
    first = ask(client, FIRST.get(role, "/"))
    assert first.status_code == 200
    addresses = loaded_with(plain(first))
    assert {PurePosixPath(urlsplit(each).path).suffix for each in addresses} == {".css", ".js", ".svg", ".woff2"}
    assert weight(first) + sum(weight_of_file(client, each) for each in addresses) <= MOST


def test_a_page_is_packed_for_whoever_takes_it(client):
    answer, same = ask(client, "/aide"), client.get("/aide")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in same.headers
    assert answer.headers["Vary"] == same.headers["Vary"] == "Accept-Encoding, Cookie"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(same.data) / 2
    assert TOKEN.sub("", plain(answer)) == TOKEN.sub("", same.text)
    assert "Content-Encoding" not in ask(client, "/aide", **{"Accept-Encoding": "gzip;q=0, identity"}).headers


def test_what_is_small_or_packed_already_is_sent_as_it_is(client):
    assert "Content-Encoding" not in ask(client, static_url("fonts/atkinson-next-latin.woff2")).headers
    assert "Content-Encoding" not in ask(client, "/api/v1/devices").headers  # 401, some words


def test_the_length_of_a_packed_page_is_blurred():
    page = b"<p>Zoe Martin</p>" * 200
    lengths = [len(packed(page)) for _ in range(60)]
    assert len(set(lengths)) > 20
    assert max(lengths) - min(lengths) <= BLUR
    assert gzip.decompress(packed(page)) == page


def test_no_two_pages_carry_the_same_token_and_each_is_good(signed_in):
    client = signed_in(Role.TECHNICIAN)
    tokens = [set(TOKEN.findall(client.get("/aide").text)) for _ in range(3)]
    assert [len(each) for each in tokens] == [1, 1, 1], "one for all forms of a page, so that it packs"
    assert len(set.union(*tokens)) == 3
    for token in set.union(*tokens):
        assert client.post("/langue", data={"csrf_token": token, "language": "en"}).status_code == 303
    seen, own = unblurred(next(iter(tokens[0]))), client.token()
    # What follows tells the second in which it was made, and signs that.
    assert seen.partition(".")[0] == own.partition(".")[0]
    assert own not in client.get("/aide").text


@pytest.mark.parametrize("sent", [None, "", "a.b.c", "x", "AAAA", "é", "AAA=", "w6k=", "A" * 5000])
def test_what_is_no_token_is_none(client, sent):
    assert unblurred(blurred("a.b.c")) == "a.b.c"
    assert client.post("/langue", data={"csrf_token": sent or "", "language": "en"}).status_code == 400


def test_a_static_file_is_packed_and_kept_for_a_year(client):
    answer = ask(client, static_url("css/app.css"))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.data != ask(client, static_url("css/app.css"), **{"Accept-Encoding": ""}).data == gzip.decompress(answer.data)
    again = ask(client, static_url("css/app.css"), **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("address", ["/static/css/app.css", "/static/css/app.css?v=0123456789"])
def test_what_is_not_the_file_of_its_address_is_asked_for_again(client, address):
    assert ask(client, address).headers["Cache-Control"] == "no-cache"
    assert ask(client, address, **{"Accept-Encoding": ""}).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["css/none.css", "css", "../refurb/application.py", "%2e%2e/wiring.py", "css/..%2f..%2fwiring.py"])
def test_nothing_else_is_a_static_file(client, name):
    assert ask(client, f"/static/{name}").status_code == 404


def test_a_part_of_a_file_is_a_part_of_the_file(client):
    answer = ask(client, "/static/css/app.css", Range="bytes=0-9")
    assert (answer.status_code, len(answer.data)) == (206, 10)
