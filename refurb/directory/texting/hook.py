"""One request to an SMS provider, whoever it is: written from its template, handed over once, and what its answer means.

Neither redirected nor retried here. The address is looked up once, every answer of the name has to be a public one, and the line goes to
the one that was looked at: a name that answers otherwise a moment later leads nowhere else.
"""

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from refurb.kernel.deeds.effects import Hopeless, NotYet
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.signs import clean

PATIENCE = 10.0
"""Seconds for the whole of an answer, however slowly its octets come."""
MOST_OCTETS: Final = 64_000
MOST_LINES: Final = 40
LONGEST_LINE: Final = 300
_FIELD: Final = re.compile(r"\{(\w+)\}")
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_OURS: Final = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection", "expect", "upgrade"})
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
_LED_ON: Final = tuple(map(IPv6Network, ("::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10")))
"""Where an address of IPv6 leads to one of IPv4 by a tunnel, or stays within a site (RFC 4291, 8215, 4380, 3056, 3879)."""
HEADER_FIELDS: Final = frozenset({"secret", "reference"})
BODY_FIELDS: Final = HEADER_FIELDS | {"numero", "numero00", "numero_nu", "texte", "expediteur"}


class SmsShape(StrEnum):
    """How the request carries its fields: in the address (GET), as a form, or as JSON (both POST)."""

    QUERY = "query"
    FORM = "form"
    JSON = "json"


@dataclass(frozen=True)
class SmsHook:
    """The request of a provider. `headers` has lines « Name: value », `body` lines « name=value » or JSON; fields stand in braces.

    `taken` stands in the answer to a message that was taken, lines of `refused` in that to one that was not; blanks are not compared.
    `takes_once` is whether it takes a message of the same reference once, however often it is sent.
    """

    url: str
    shape: SmsShape
    headers: str
    body: str
    sender: str
    taken: str
    refused: str = ""
    takes_once: bool = False
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ShortMessage:
    """What is sent: `to` in E.164, plain `text`, and a `reference` that is the same at every try, in which nobody is named."""

    to: str
    text: str
    reference: str


class BadTemplate(ValueError):
    """A template that makes no request: `code` says why, `where` which answer of the form is to be looked at."""

    def __init__(self, code: str, where: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.where, self.facts = code, where, facts


class ProviderAway(Refusal):
    """Nobody answers at the provider's address: nothing was sent."""

    code = "sms.unreachable"


class ProviderPrivate(Hopeless):
    """The address leads into a private network, and the settings of the installation do not allow that."""

    code = "sms.private_address"


class ProviderLater(NotYet):
    """The provider takes nothing just now (429, RFC 6585 §4): nothing was sent, and the message waits."""

    code = "sms.try_later"


class ProviderRefusesUs(NotYet):
    """The provider does not know us, or not at this address (401 to 405, a redirection): nothing was sent.

    No further try of the message would mend that, but whoever enters the provider: until then it waits.
    """

    code = "sms.refuses_us"


class MessageRefused(Hopeless):
    """The provider took the request, and refuses the message."""

    code = "sms.refused"


class OutcomeUnknown(Hopeless):
    """The request left, and no answer says what became of it: the message may have been sent. A person decides."""

    code = "sms.unknown"


def check_template(hook: SmsHook) -> None:
    """Raise `BadTemplate` where no request can be made of it."""
    _request(hook, ShortMessage("+33600000000", "x", "x"))


def hand_over(hook: SmsHook, message: ShortMessage, note: Callable[[str], None] = lambda _line: None, *, private: bool = False) -> None:
    """Send one message, or raise the refusal that says what became of it. `note` hears the dialogue, without the secret.

    Takes as long as the provider does, `PATIENCE` at most; never within a unit of work. `private` allows private addresses and http.
    """
    parts, method, target, headers, body = _request(hook, message)
    hush = _hushed(hook.secret, note)
    hush(f"> {method} {parts.scheme}://{parts.netloc}{parts.path}")
    for name in headers:
        hush(f"> {name}: …")
    left = False
    try:
        with _connected(parts, private=private) as connection:
            left = True
            connection.request(method, target, body, headers)
            with connection.getresponse() as answer:
                status, said = answer.status, _read(answer)
    except ProviderPrivate:
        raise
    except (OSError, HTTPException) as fault:
        hush(f"! {type(fault).__name__}: {fault}")
        raise OutcomeUnknown if left else ProviderAway from fault
    hush(f"< {status}")
    for line in said.splitlines() or [""]:
        hush(f"< {line}")
    _judge(hook, status, said)


def _judge(hook: SmsHook, status: int, said: str) -> None:
    """What an answer means; its number goes along, never its words."""
    packed = _packed(said)
    if any(each in packed for each in map(_packed, hook.refused.splitlines()) if each):
        raise MessageRefused(reply=status)
    if 200 <= status < 300 and _packed(hook.taken) in packed:
        return
    if status == 429:
        raise ProviderLater(reply=status)
    if status in {401, 402, 403, 404, 405} or 300 <= status < 400:
        raise ProviderRefusesUs(reply=status)
    if 400 <= status < 500 and status != 408:
        raise MessageRefused(reply=status)
    raise OutcomeUnknown(reply=status)


def _packed(text: str) -> str:
    return "".join(text.split())


def _request(hook: SmsHook, message: ShortMessage) -> tuple[SplitResult, str, str, dict[str, str], bytes | None]:
    parts = urlsplit(hook.url)
    bare = message.to.removeprefix("+")
    fields = {
        "numero": message.to, "numero00": f"00{bare}", "numero_nu": bare, "texte": message.text, "reference": message.reference,
        "expediteur": hook.sender, "secret": hook.secret or "",
    }  # fmt: skip
    headers = _headers(hook.headers, {name: fields[name] for name in HEADER_FIELDS})
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    if parts.query:
        target += f"?{parts.query}"
    if hook.shape is SmsShape.JSON:
        return parts, "POST", target, {**headers, "Content-Type": "application/json"}, json.dumps(_json(hook.body, fields)).encode()
    pairs = urlencode(list(_pairs(hook.body, fields)))
    if hook.shape is SmsShape.FORM:
        return parts, "POST", target, {**headers, "Content-Type": "application/x-www-form-urlencoded"}, pairs.encode()
    return parts, "GET", f"{target}{'&' if parts.query else '?'}{pairs}", headers, None


def _headers(typed: str, fields: Mapping[str, str]) -> dict[str, str]:
    found = {"Accept": "application/json, text/plain;q=0.5, */*;q=0.1", "User-Agent": "Refurb"}
    for line in filter(None, map(str.strip, typed.splitlines())):
        name, colon, value = line.partition(":")
        if not colon or not _HEADER.match(name) or name.lower() in _OURS:
            raise BadTemplate("sms.header_line", "headers", line=name[:40])
        said = _filled(value.strip(), fields, "headers")
        if not (said.isascii() and said.isprintable()):
            raise BadTemplate("sms.header_line", "headers", line=name[:40])
        found[name] = said
    return found


def _pairs(typed: str, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for line in filter(None, map(str.strip, typed.splitlines())):
        name, sign, value = line.partition("=")
        if not sign or not name.strip():
            raise BadTemplate("sms.body_line", "body", line=name[:40])
        yield name.strip(), _filled(value.strip(), fields, "body")


def _json(typed: str, fields: Mapping[str, str]) -> Any:
    """The value, its fields filled within its texts: whatever a message holds, it stays one text."""
    try:
        value = json.loads(typed)
    except ValueError as fault:
        raise BadTemplate("sms.body_json", "body") from fault
    return _filled_in(value, fields)


def _filled_in(value: Any, fields: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _filled(value, fields, "body")
    if isinstance(value, list):
        return [_filled_in(each, fields) for each in value]
    return {name: _filled_in(each, fields) for name, each in value.items()} if isinstance(value, dict) else value


def _filled(text: str, fields: Mapping[str, str], where: str) -> str:
    for name in _FIELD.findall(text):
        if name not in fields:
            raise BadTemplate("sms.field_unknown", where, field=f"{{{name}}}", known=", ".join(f"{{{each}}}" for each in sorted(fields)))
    return _FIELD.sub(lambda found: fields[found[1]], text)


@contextmanager
def _connected(parts: SplitResult, *, private: bool) -> Iterator[HTTPConnection]:
    """A line to the address that was looked at, which ends by itself after `PATIENCE`. Raises `OSError`, `ProviderPrivate`."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = _looked_up(host, port, private=private)
    lines = [socket.create_connection((address, port), timeout=PATIENCE)]
    end = threading.Timer(PATIENCE, _cut, [lines])
    end.daemon = True
    end.start()
    try:
        connection = HTTPConnection(host, port)
        if parts.scheme == "https":
            connection = HTTPSConnection(host, port)
            lines.append(ssl.create_default_context().wrap_socket(lines[0], server_hostname=host, do_handshake_on_connect=False))
            lines[-1].do_handshake()  # type: ignore[attr-defined]  # the one that TLS wraps
        connection.sock = lines[-1]
        yield connection
    finally:
        end.cancel()
        for each in lines:
            each.close()


def _cut(lines: list[socket.socket]) -> None:
    for each in lines:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _looked_up(host: str, port: int, *, private: bool) -> str:
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as fault:
        raise OSError("no name of a machine") from fault
    if not private and not all(_is_public(each) for each in found):
        raise ProviderPrivate
    return found[0]


def _is_public(address: str) -> bool:
    read = _meant(ip_address(address.partition("%")[0]))
    is_led_on = isinstance(read, IPv6Address) and any(read in each for each in _LED_ON)
    return read.is_global and not read.is_multicast and not is_led_on


def _meant(read: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address of the other protocol that one stands for (RFC 4291 §2.5.5.2, RFC 6052 §2.1), which is the one that is reached."""
    if isinstance(read, IPv4Address):
        return read
    return IPv4Address(read.packed[-4:]) if read in _TRANSLATED else read.ipv4_mapped or read


def _read(answer: HTTPResponse) -> str:
    """The first of an answer, `MOST_OCTETS` at most. An answer that is cut short raises `HTTPException`."""
    return answer.read(MOST_OCTETS).decode("utf-8", "replace")


def _hushed(secret: str | None, note: Callable[[str], None]) -> Callable[[str], None]:
    hidden = [each for each in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]} if each] if secret else []
    count = 0

    def told(line: str) -> None:
        nonlocal count
        count += 1
        for each in hidden:
            line = line.replace(each, "…")
        if count <= MOST_LINES:
            note(clean(line, lines=False)[:LONGEST_LINE])

    return told
