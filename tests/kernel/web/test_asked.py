"""What a request says: numbers and texts of addresses, the addresses of lists, names of files, where somebody is led."""

from io import BytesIO

import pytest
from flask import request
from werkzeug.http import parse_options_header

from refurb.kernel.deeds.access import Role
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.pages import disposition, inside
from refurb.kernel.web.search import Page


@pytest.mark.parametrize("number", ["2147483648", "9" * 25, "9" * 5000])
def test_a_number_beyond_what_the_database_holds_names_nothing(signed_in, number):
    client = signed_in(Role.ADMIN)
    assert client.get(f"/travaux/{number}").status_code == 404
    assert client.get(f"/api/v1/works/{number}").status_code == 404


def test_an_argument_is_one_clean_line(app):
    with app.test_request_context("/appareils?q=a%00b%0d%0ac&q=2&n=7&big=99999999999"):
        assert request.args.getlist("q") == ["ab c", "2"]
        assert (number_asked("n"), number_asked("big"), number_asked("none")) == (7, None, None)


def test_a_form_and_the_name_of_a_file_hold_no_control_signs(app):
    sent = {"note": "a\0b\r\nc", "file": (BytesIO(b"\0"), "r\u202efdp.exe\u200b")}
    with app.test_request_context("/", method="POST", data=sent):
        assert request.form["note"] == "ab\r\nc"
        assert request.files["file"].filename == "rfdp.exe"
        assert request.files["file"].read() == b"\0"


def test_a_part_of_a_form_without_a_name_is_not_there(app, signed_in):
    parts = (
        b"--x\r\nContent-Disposition: form-data\r\n\r\nnobody asked\r\n"
        b'--x\r\nContent-Disposition: form-data; filename="a.txt"\r\n\r\nnobody asked\r\n'
        b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nsaid\r\n--x--\r\n'
    )
    with app.test_request_context("/", method="POST", data=parts, content_type="multipart/form-data; boundary=x"):
        assert (request.form.to_dict(flat=False), request.files.to_dict()) == ({"note": ["said"]}, {})
    answer = signed_in(Role.TECHNICIAN).post("/api/v1/agent/erasures", data=parts, content_type="multipart/form-data; boundary=x")
    assert answer.status_code < 500


@pytest.mark.parametrize("argument", ["endpoint=x", "_method=POST", "_external=1", "_scheme=ftp", "_anchor=x"])
def test_a_page_of_a_list_leads_to_the_same_list(app, argument):
    with app.test_request_context(f"/appareils?{argument}&q=%C3%A9&page=3", headers={"Host": "evil.example"}):
        assert Page([], 3, 200).url(2) == f"/appareils?{argument}&q=%C3%A9&page=2"


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: b=c", "/\t/evil.example", "", None]
)
def test_nobody_is_led_elsewhere(target):
    assert inside(target) is None


def test_somebody_is_led_on():
    assert inside("/appareils?q=é&page=2") == "/appareils?q=é&page=2"


@pytest.mark.parametrize(
    "name,read",
    [
        ("bordereau.pdf", "bordereau.pdf"),
        ("reçu – 2026.pdf", "reçu – 2026.pdf"),
        ("œuvre.pdf", "œuvre.pdf"),
        ('a";x=y.pdf', "a__x=y.pdf"),
        ("a\r\nSet-Cookie: b=c.pdf", "a Set-Cookie_ b=c.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("日本語", "日本語"),
        ("\u202e\0", "document"),
    ],
)
def test_a_file_is_called_as_it_is(name, read):
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    how, said = parse_options_header(header)
    assert (how, said["filename"]) == ("attachment", read)


def test_a_form_of_more_fields_than_any_of_ours_is_refused(signed_in):
    client = signed_in(Role.DESK)
    told = {f"n{number}": "1" for number in range(4_000)} | {"csrf_token": client.token(), "from_on": "2030-01-07", "to_on": "2030-01-08"}
    assert client.post("/reservations/nouvelle", data=told).status_code == 413
    assert client.get("/reservations/nouvelle").status_code == 200


def test_json_is_kept_by_no_cache(signed_in):
    assert signed_in(Role.ADMIN).get("/api/v1/devices").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/agent", "/api/v1/openapi.json"])
def test_what_may_be_kept_is_not_sent_twice(client, address):
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_what_may_not_be_kept_has_no_mark(client):
    assert "ETag" not in client.get("/aide").headers
