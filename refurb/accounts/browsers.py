"""The browser somebody signs in with: what it is called on a list, and that it is known from before."""

import hashlib
import re
import secrets
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from refurb.kernel.deeds.keys import keys_for

KNOWN_FOR = 180 * 86_400
"""Seconds during which a browser in which somebody signed in is known."""
MOST_PEOPLE = 20
"""Accounts that one browser is known for: those who share a desk."""

_BROWSERS = {"Edg": "Edge", "OPR|Opera": "Opera", "Firefox|FxiOS": "Firefox", "Chrome|CriOS": "Chrome", "Safari": "Safari"}
_SYSTEMS = {
    "Windows": "Windows", "Android": "Android", "iPhone|iPad": "iOS", "Mac OS": "macOS", "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


def _first(names: dict[str, str], agent: str) -> str | None:
    return next((name for pattern, name in names.items() if re.search(pattern, agent)), None)


def browser_name() -> str:
    """The browser and the system, such as « Firefox, Windows »; empty where it does not say."""
    agent = request.headers.get("User-Agent", "")[:400]
    return ", ".join(each for each in (_first(_BROWSERS, agent), _first(_SYSTEMS, agent)) if each)


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_known"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys_for("known browsers"), salt="refurb known browser", signer_kwargs={"digest_method": hashlib.sha256})


def _read() -> tuple[str, list[int]]:
    try:
        said: Any = _signer().loads(request.cookies.get(_cookie(), ""), max_age=KNOWN_FOR)
    except BadSignature:
        return "", []
    return str(said["key"]), [int(each) for each in said["people"]]


def known_browser(account_id: int | None) -> str | None:
    """The key of this browser, if this account has signed in with it before."""
    key, people = _read()
    return key if account_id in people else None


def know_browser(response: Response, account_id: int) -> None:
    """Have the browser say next time that this account has signed in with it."""
    key, people = _read()
    people = [account_id, *(each for each in people if each != account_id)][:MOST_PEOPLE]
    response.set_cookie(
        _cookie(),
        str(_signer().dumps({"key": key or secrets.token_urlsafe(12), "people": people})),
        max_age=KNOWN_FOR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
