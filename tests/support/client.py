"""A client that checks every page it is shown, as a careful reader would: one h1, a title, labels, unique ids, a strict policy."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import update
from werkzeug.test import TestResponse

from refurb.accounts.actions import open_session
from refurb.accounts.models import OpenSession
from refurb.accounts.queries import account_by_email, actor_of
from refurb.accounts.sessions import begin
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


# Read by a few expressions: Python's own parser takes longer over a page than the service does.
TAG: Final = re.compile(r"""<!--.*?--> | <(/?)([a-zA-Z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""", re.DOTALL | re.VERBOSE)
ATTRIBUTE: Final = re.compile(r"""([^\s/>=]+)(?:\s*(=)\s*(?:"([^"]*)"|'([^']*)'|(?!["'])([^\s>]*)))?""")
OTHER_WORDS: Final = {each: re.compile(f"</{each}", re.IGNORECASE) for each in ("script", "style")}
"""Elements in which what looks like a tag is none, and where they end."""

Attributes = list[tuple[str, str | None]]


def tags(html: str) -> Iterator[tuple[bool, str, Attributes, int]]:
    """The tags of a page: whether it opens an element, the element's name, the attributes, and where what follows begins."""
    reads_from = 0
    for match in TAG.finditer(html):
        closing, name, told = match.groups()
        if name is None or match.start() < reads_from:
            continue
        name = name.lower()
        yield not closing, name, attributes(told) if told and not closing else [], match.end()
        if name in OTHER_WORDS and not closing:
            end = OTHER_WORDS[name].search(html, match.end())
            reads_from = end.start() if end else len(html)


def attributes(told: str) -> Attributes:
    """The attributes of a tag, in their order; one without a value has None."""
    return [
        (name.lower(), unescape(one or other or bare) if equals else None) for name, equals, one, other, bare in ATTRIBUTE.findall(told)
    ]


class PageFaults:
    """Reads one page and collects what is wrong with it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.h1 = 0
        self.title = ""
        self.lang: str | None = None
        self._stack: list[str] = []
        self.described: list[str] = []

    def feed(self, html: str) -> None:
        """Read the page."""
        for opens, name, attrs, end in tags(html):
            if opens:
                self._start(name, attrs)
            else:
                self._end(name)
            if self._stack and self._stack[-1] == "title" and "svg" not in self._stack:
                self.title += unescape(html[end : html.find("<", end)])

    def _start(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self._stack.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        for look in (self._look_at_text, self._look_at_controls, self._look_at_scripts):
            look(tag, given)
        for name, value in attrs:
            self._look_at_attribute(tag, name, value or "")

    def _look_at_text(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "html":
            self.lang = given.get("lang")
        if tag == "h1":
            self.h1 += 1
        if tag == "img" and "alt" not in given:
            self.faults.append("an image without alt")

    def _look_at_controls(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "label" and given.get("for"):
            self.labelled.add(str(given["for"]))
        if tag in {"input", "select", "textarea"} and given.get("type") not in {"hidden", "submit"}:
            self.controls.append(given | {"_inside": "label" if "label" in self._stack else None})

    def _look_at_scripts(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "script" and not given.get("src"):
            self.faults.append("an inline script")
        if tag == "style":
            self.faults.append("an inline style sheet")

    def _look_at_attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name == "style":
            self.faults.append(f"an inline {name} on <{tag}>")
        if name in {"src", "href", "action", "srcset", "poster"} and tag != "a" and re.match(r"(https?:)?//", value):
            self.faults.append(f"a third-party {name}: {value}")
        if name in {"aria-describedby", "aria-labelledby"}:
            self.described += value.split()

    def _end(self, tag: str) -> None:
        if tag in self._stack:
            while self._stack and self._stack.pop() != tag:
                pass

    def finish(self) -> list[str]:
        """Every fault of the page."""
        found = list(self.faults)
        if self.h1 != 1:
            found.append(f"{self.h1} h1")
        if not self.title.strip(" ·"):
            found.append("no title")
        if self.lang not in {"fr", "en"}:
            found.append("no language")
        found += [f"id {each} twice" for each in sorted({each for each in self.ids if self.ids.count(each) > 1})]
        found += [f"nothing has the id {each}" for each in self.described if each not in self.ids]
        for control in self.controls:
            named = control.get("id") in self.labelled or control["_inside"] or control.get("aria-label") or control.get("aria-labelledby")
            if not named:
                found.append(f"no label for {control.get('name')}")
        return found


def page_faults(html: str) -> list[str]:
    """What is wrong with a page's HTML."""
    reader = PageFaults()
    reader.feed(html)
    return reader.finish()


class CheckingClient(FlaskClient):
    """A test client that signs in, fills in the token of each form, and reads each page it is given."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and check the answer, read to its end: a file that nobody closes would fail whichever test comes later."""
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        policy = response.headers.get("Content-Security-Policy", "")
        assert "script-src 'self';" in policy, "no content security policy"
        assert response.headers.get("X-Content-Type-Options") == "nosniff"
        assert response.status_code != 500, response.text[:4000]
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 308} and response.text:
            faults = page_faults(response.text)
            assert not faults, f"{response.request.path}: {faults}"
            assert "\N{REPLACEMENT CHARACTER}" not in response.text
        return response

    def token(self) -> str:
        """The token that this session's forms would carry."""
        with self.session_transaction() as kept, self.application.test_request_context():
            session.update(kept)
            token = str(generate_csrf())
            kept.update(session)
        return token

    def submit(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """POST a form as a browser would, token included."""
        return self.post(path, data={"csrf_token": self.token(), **(data or {})}, **options)

    def lose_proof(self) -> None:
        """Every session goes on as one that no second factor stands behind."""
        with self.application.test_request_context(), unit_of_work() as written:
            written.execute(update(OpenSession).values(proved=False, proved_at=None))

    def sign_in(self, email: str) -> None:
        """Sign in, whoever was signed in before; the session is written, not asked for: what the door does has tests of its own."""
        with self.application.test_request_context(environ_base=self.environ_base):
            account = account_by_email(email)
            assert account is not None, email
            with unit_of_work():
                secret = open_session(account, "Firefox, Linux", proved=True, proved_at=now())
            begin(actor_of(account), secret)
            opened = dict(session)
        with self.session_transaction() as kept:
            kept.clear()
            kept.update(opened)


def checking(app: Flask) -> CheckingClient:
    """A checking client for an application."""
    app.test_client_class = CheckingClient
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client
