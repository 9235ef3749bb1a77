"""Trying a mail server with a real letter: what was said on the line, and what it means for whoever typed the settings."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from functools import partial
from typing import Any

from refurb.kernel.deeds.mail import Letter, MailServer, connected, write
from refurb.kernel.speech.addresses import UnusableAddress
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.signs import clean

MOST_LINES = 60
LONGEST_LINE = 300
_SAID = frozenset({"EHLO", "HELO", "STARTTLS", "MAIL", "RCPT", "DATA", "RSET", "QUIT"})
"""Commands that hold no secret; of all others only the first word is kept, and of what follows AUTH nothing."""


class TrialRefused(Refusal):
    """The letter did not leave; the code says why, `field` which answer of the form is to be looked at."""

    code = "mail.trial_refused"
    status = 422

    def __init__(self, code: str, field: str, /, **facts: Any) -> None:
        super().__init__(code, **facts)
        self.field = field


@dataclass(frozen=True)
class Trial:
    """What came of a try: why the letter did not leave, if it did not, and the lines: « > » ours, « < » the server's, « ! » an error."""

    refusal: TrialRefused | None
    dialogue: tuple[str, ...]


class _Overheard(smtplib.SMTP):
    """A client that writes down what is said; passwords and names of accounts never reach the list."""

    def __init__(self, lines: list[str], *given: Any, **named: Any) -> None:
        self._lines = lines
        super().__init__(*given, **named)

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command."""
        word = cmd.split(" ", 1)[0].upper()
        self._note(f"> {cmd} {args}".rstrip() if word in _SAID else "> AUTH …" if word == "AUTH" else "> …")
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        """Read an answer."""
        code, text = super().getreply()
        for line in text.decode("utf-8", "replace").splitlines() or [""]:
            self._note(f"< {code} {line}".rstrip())
        return code, text

    def _note(self, line: str) -> None:
        if len(self._lines) < MOST_LINES:
            self._lines.append(clean(line, lines=False)[:LONGEST_LINE])


class _OverheardPrivately(_Overheard, smtplib.SMTP_SSL):
    """The same on a line that is encrypted from its beginning."""


def try_server(server: MailServer, letter: Letter) -> Trial:
    """Hand the letter over, and tell what came of it. Takes as long as the server does; never within a unit of work."""
    lines: list[str] = []
    try:
        _hand_over(server, letter, lines)
    except TrialRefused as refusal:
        return Trial(refusal, tuple(lines))
    return Trial(None, tuple(lines))


def _hand_over(server: MailServer, letter: Letter, lines: list[str]) -> None:
    try:
        message = write(letter, server)
    except (UnusableAddress, ValueError) as fault:
        raise TrialRefused("mail.trial_recipient", "to") from fault
    try:
        with connected(server, partial(_Overheard, lines), partial(_OverheardPrivately, lines)) as client:
            client.send_message(message)
    except (smtplib.SMTPException, OSError, UnicodeError) as fault:
        if not isinstance(fault, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
            lines.append(clean(f"! {type(fault).__name__}: {fault}", lines=False)[:LONGEST_LINE])
        code, field = _meaning(fault, server)
        raise TrialRefused(code, field, host=server.host, port=server.port) from fault


# What is tried first stands first: an error of TLS is one of the system's, too.
_MEANINGS: tuple[tuple[type[Exception], str, str], ...] = (
    (smtplib.SMTPAuthenticationError, "mail.trial_password", "password"),
    (smtplib.SMTPSenderRefused, "mail.trial_sender", "sender"),
    (smtplib.SMTPRecipientsRefused, "mail.trial_recipient", "to"),
    (smtplib.SMTPDataError, "mail.trial_letter", "sender"),
    (smtplib.SMTPServerDisconnected, "mail.trial_hung_up", "security"),
    (smtplib.SMTPResponseException, "mail.trial_greeting", "host"),
    (ssl.SSLCertVerificationError, "mail.trial_certificate", "host"),
    (ssl.SSLError, "mail.trial_encryption", "security"),
    (socket.gaierror, "mail.trial_name", "host"),
    (UnicodeError, "mail.trial_name", "host"),
    (ConnectionRefusedError, "mail.trial_no_answer", "port"),
    (TimeoutError, "mail.trial_slow", "port"),
    (OSError, "mail.trial_unreachable", "host"),
)


def _meaning(fault: Exception, server: MailServer) -> tuple[str, str]:
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return ("mail.trial_no_login", "username") if "AUTH" in str(fault) else ("mail.trial_no_starttls", "security")
    code, words = _answered(fault)
    if 400 <= code < 500:
        return "mail.trial_later", "host"
    if not server.username and (code == 530 or b"relay" in words.lower() or b"authentication required" in words.lower()):
        return "mail.trial_login_needed", "username"
    if type(fault) is smtplib.SMTPException:  # No way to sign in that both of us know.
        return "mail.trial_no_login", "username"
    return next((code, field) for kind, code, field in _MEANINGS if isinstance(fault, kind))


def _answered(fault: Exception) -> tuple[int, bytes]:
    """The number and the words of the server's answer; 0 where it gave none."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        (answer, *_) = fault.recipients.values()
        return int(answer[0]), bytes(answer[1])
    if isinstance(fault, smtplib.SMTPResponseException):
        words = fault.smtp_error
        return fault.smtp_code, words if isinstance(words, bytes) else str(words).encode()
    return 0, b""
