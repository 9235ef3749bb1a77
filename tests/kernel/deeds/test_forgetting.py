"""What is past its use is forgotten by the worker, every hour, and by `refurb tidy`."""

import html
import re

from flask_babel import force_locale

from refurb import commands
from refurb.kernel.deeds.idempotency import forget_old_keys
from refurb.kernel.deeds.worker import forget_all
from refurb.wiring import FORGETTING

ROW, CELL, TAG = re.compile(r"<tr.*?</tr>", re.DOTALL), re.compile(r"<t[hd] [^>]*>(.*?)</t[hd]>", re.DOTALL), re.compile(r"<[^>]+>")


def test_everything_that_can_be_forgotten_is(app):
    with app.app_context():
        assert forget_all(app) == {"answered keys": 0, **dict.fromkeys(FORGETTING, 0)}


def test_the_command_says_how_many(app):
    told = app.test_cli_runner().invoke(commands.tidy)

    assert told.exit_code == 0
    assert told.output.splitlines()[0] == "0 answered keys forgotten"
    assert len(told.output.splitlines()) == 1 + len(FORGETTING)


ABOUT_NOBODY = {"counts of nothing", "challenges too old for an answer"}
"""What is forgotten and names nobody: people need not be told."""


def test_the_public_page_tells_each_thing_that_is_forgotten_with_its_term_and_nothing_else(client):
    page = client.get("/donnees-personnelles").text
    [_head, *rows] = ROW.findall(page[page.index("<table") : page.index("</table>")])
    told = [tuple(html.unescape(TAG.sub("", cell)).strip() for cell in CELL.findall(row)) for row in rows]
    jobs = [forget_old_keys, *(job for what, job in FORGETTING.items() if what not in ABOUT_NOBODY)]
    with client.application.test_request_context(), force_locale("fr"):
        assert told == [(str(job.who), str(job.what), job.term) for job in jobs]
