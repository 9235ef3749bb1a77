"""Sending one mail: how it is written, and what is said when it does not leave. Its content never reaches the logs."""

import hashlib
import hmac
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app

from refurb.kernel.deeds.effects import Hopeless, Nothing, NotYet
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.addresses import UnusableAddress, travelling
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import Refusal

TIMEOUT_SECONDS = 20


class MailSecurity(StrEnum):
    """How the line to the mail server is made private; the value is the scheme of its address in the settings."""

    STARTTLS = "smtp+starttls"
    TLS = "smtps"
    NONE = "smtp"


PORTS = {MailSecurity.NONE: 25, MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465}


@dataclass(frozen=True)
class MailServer:
    """The mail server that letters are handed to, and in whose name: `sender` is the address, `sender_name` what stands before it."""

    host: str
    port: int
    security: MailSecurity
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str = ""
    sender_name: str | None = None


def mail_server() -> MailServer | None:
    """The one of the installation's settings, which wins, else the one that was entered on screen, as it is now in any process."""
    url: str | None = current_app.config["SMTP_URL"]
    if url:
        return _of_address(urlsplit(url))
    found: MailServer | None = wired().mail_server()
    return found


def sender_address() -> str:
    """The address from which mails leave."""
    server = mail_server()
    return server.sender if server else str(current_app.config["MAIL_FROM"])


def _of_address(parts: SplitResult) -> MailServer:
    security = MailSecurity(parts.scheme)
    username = unquote(parts.username) if parts.username else None
    return MailServer(
        parts.hostname or "", parts.port or PORTS[security], security, username, unquote(parts.password or ""),
        current_app.config["MAIL_FROM"],
    )  # fmt: skip


class NoMailServer(NotYet):
    """No mail server is set: the mail waits, and nobody pretends that it left."""

    code = "mail.no_server"


class ServerUnreachable(Refusal):
    """The mail server does not answer, or not as one."""

    code = "mail.unreachable"


class TryLater(Refusal):
    """The mail server takes nothing just now (4yz, RFC 5321 §4.2.1: greylisting, a busy hour); whose address it is has no part in it."""

    code = "mail.try_later"


class ServerRefusesUs(Refusal):
    """The mail server does not take our name and password, or offers no encryption where some is asked for."""

    code = "mail.refuses_us"


class SenderRefused(Refusal):
    """The mail server takes no mail from our address."""

    code = "mail.sender_refused"


class NotWanted(Refusal):
    """A mail server refuses us by a rule of its own (x.7.z, RFC 3463 §3.8), whoever the mail is for."""

    code = "mail.not_wanted"


class RecipientRefused(Hopeless):
    """The mail server does not know, or does not want, this recipient."""

    code = "mail.recipient_refused"


class AddressUnusable(Hopeless):
    """The address has no form to which a mail could leave."""

    code = "mail.address_unusable"


class LetterRefused(Refusal):
    """The mail server took the recipient, not the mail."""

    code = "mail.letter_refused"


class OnlyWritten(Nothing):
    """A demonstration without a mail server writes its letters, shows them, and sends them to nobody."""

    code = "mail.demonstration"

    def __init__(self, letter: "Letter") -> None:
        super().__init__()
        self.written = shown(letter)


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a letter: `kind` as in « text/calendar », and the parameters that go with it."""

    name: str
    kind: str
    content: bytes
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """A mail to one person, in plain text.

    `key` names the promise it keeps, such as `mail_donor_papers-17`: the Message-ID follows from it, so that a letter sent twice because
    something broke in between is known for the same one.
    """

    key: str
    to: str
    subject: str
    text: str
    sender_name: str
    reply_to: str | None = None
    language: str = "fr"
    enclosures: tuple[Enclosure, ...] = ()


def message_id(key: str) -> str:
    """The Message-ID of the letter with this key: always the same, different on each installation, and not to be guessed."""
    mark = hmac.new(key_for("message ids").encode(), f"message-id {key}".encode(), hashlib.sha256).hexdigest()[:24]
    host = sender_address().rpartition("@")[2]
    return f"<{key}.{mark}@{host}>"


def write(letter: Letter, server: MailServer | None = None) -> EmailMessage:
    """The letter as it travels. Raises ValueError on a line feed where a header would be forged, and `UnusableAddress`."""
    by = server or mail_server()
    message = EmailMessage(policy=SMTP)
    message["From"] = Address((by.sender_name if by else None) or letter.sender_name, addr_spec=by.sender if by else sender_address())
    message["To"] = Address(addr_spec=travelling(letter.to))
    if letter.reply_to:
        message["Reply-To"] = Address(letter.sender_name, addr_spec=travelling(letter.reply_to))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(local(now()))
    message["Message-ID"] = message_id(letter.key)
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence message comes back.
    message.set_content(letter.text)
    for each in letter.enclosures:
        main, _, sub = each.kind.partition("/")
        message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name, params=dict(each.parameters))
    return message


def shown(letter: Letter) -> dict[str, Any]:
    """The letter as a page shows it."""
    return {"to": letter.to, "subject": letter.subject, "text": letter.text, "enclosures": [each.name for each in letter.enclosures]}


Client = Callable[..., smtplib.SMTP]


@contextmanager
def connected(server: MailServer, plain: Client = smtplib.SMTP, private: Client = smtplib.SMTP_SSL) -> Iterator[smtplib.SMTP]:
    """A line to the mail server, encrypted and signed in as it asks, by clients of these kinds. Raises what smtplib, ssl and sockets do."""
    if server.security is MailSecurity.TLS:
        client = private(server.host, server.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    else:
        client = plain(server.host, server.port, timeout=TIMEOUT_SECONDS)
    with client:
        if server.security is MailSecurity.STARTTLS:
            client.starttls(context=ssl.create_default_context())
        if server.username:
            client.login(server.username, server.password or "")
        yield client


def send(letter: Letter) -> None:
    """Hand the letter to the mail server, or raise the refusal that says why it did not leave."""
    if current_app.config["DEMO"] and not current_app.config["SMTP_URL"]:
        raise OnlyWritten(letter)
    server = mail_server()
    if server is None:
        raise NoMailServer
    try:
        message = write(letter, server)
    except (UnusableAddress, MessageError, ValueError) as error:  # HeaderParseError is no ValueError.
        raise AddressUnusable from error
    _hand_over(message, server)


def _hand_over(message: EmailMessage, server: MailServer) -> None:
    try:
        with connected(server) as client:
            client.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        (answer, *_) = error.recipients.values()
        raise _refusal(RecipientRefused, *answer) from error
    except smtplib.SMTPResponseException as error:
        refused = next((told for kind, told in _REFUSED.items() if isinstance(error, kind)), LetterRefused)
        raise _refusal(refused, error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPServerDisconnected as error:
        raise ServerUnreachable from error
    except ssl.SSLError as error:
        raise ServerRefusesUs from error
    except smtplib.SMTPException as error:  # No way to sign in that both of us know.
        raise ServerRefusesUs from error
    except OSError as error:
        raise ServerUnreachable from error


_REFUSED: dict[type[smtplib.SMTPException], type[Refusal]] = {
    smtplib.SMTPAuthenticationError: ServerRefusesUs,
    smtplib.SMTPSenderRefused: SenderRefused,
    smtplib.SMTPConnectError: ServerRefusesUs,
    smtplib.SMTPHeloError: ServerRefusesUs,
}
_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")


def _refusal(told: type[Refusal], code: int, text: bytes | str) -> Refusal:
    """What a server's answer means: wait (4yz), a rule against us (x.7.z), or else what `told` says; with its numbers, never its words."""
    enhanced = _ENHANCED.match(text if isinstance(text, bytes) else text.encode())
    status = enhanced.group(1).decode() if enhanced else ""
    reply = f"{code} {status}".strip()
    if 400 <= code < 500:
        return TryLater(reply=reply)
    if told is not ServerRefusesUs and status.startswith("5.7."):
        return NotWanted(reply=reply)
    return told(reply=reply)
