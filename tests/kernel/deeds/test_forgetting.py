"""What is past its term is forgotten by the worker, and by `refurb tidy`; the public page tells each sort, by the same declaration."""

import html
import re
from datetime import date

from flask_babel import force_locale

from refurb import commands
from refurb.kernel.deeds.terms import Months
from refurb.kernel.deeds.worker import forget_all
from refurb.terms import KEPT, TERMS
from refurb.wiring import TIDYING

ROW, CELL, TAG = re.compile(r"<tr.*?</tr>", re.DOTALL), re.compile(r"<t[hd] [^>]*>(.*?)</t[hd]>", re.DOTALL), re.compile(r"<[^>]+>")
EVERY = [*(each.key for each in TERMS), *TIDYING]


def test_everything_that_can_be_forgotten_is(app):
    with app.app_context():
        assert forget_all(app) == dict.fromkeys(EVERY, 0)
        assert set(forget_all(app, at_night=False)) == {*(each.key for each in TERMS if each.hourly), *TIDYING}


def test_the_command_says_how_many(app):
    told = app.test_cli_runner().invoke(commands.tidy)

    assert told.exit_code == 0
    assert told.output.splitlines() == [f"0 {each} forgotten" for each in EVERY]


def test_the_public_page_tells_each_term_and_what_is_kept_and_nothing_else(client):
    page = client.get("/donnees-personnelles").text
    tables = [ROW.findall(each)[1:] for each in re.findall(r"<table.*?</table>", page, re.DOTALL)]
    told = [[tuple(html.unescape(TAG.sub("", cell)).strip() for cell in CELL.findall(row)) for row in rows] for rows in tables]
    with client.application.test_request_context(), force_locale("fr"):
        terms = [(str(each.who), str(each.what), each.term, str(each.remains) or "Rien") for each in TERMS]
        kept = [(str(each.who), str(each.what), str(each.until)) for each in KEPT]
        assert told == [terms, kept]
    assert "De vous, ou de la structure partenaire qui vous adresse et qui vous en informe" in page, "a mission, and no agreement"


def test_months_are_counted_as_the_law_counts_them():
    cases = {
        (date(2028, 2, 29), 12): date(2027, 2, 28),
        (date(2026, 12, 31), 1): date(2026, 11, 30),
        (date(2026, 3, 31), 13): date(2025, 2, 28),
        (date(2026, 11, 30), 24): date(2024, 11, 30),
        (date(2026, 1, 15), 1): date(2025, 12, 15),
        (date(2027, 1, 1), 12): date(2026, 1, 1),
    }
    assert {key: Months(key[1]).before(key[0]) for key in cases} == cases
