"""Real mail servers on loopback for the tests of the page that tries one: each takes letters, or refuses in a way of its own."""

import email
import email.policy
from contextlib import contextmanager
from functools import partial

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.support.serving import free_port


class Postmaster:
    """What a server does with letters; `answers` is what it says to a stage (MAIL, RCPT, DATA) instead of taking it."""

    def __init__(self, **answers):
        self.answers, self.letters = answers, []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name for it
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name for it
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name for it
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


def _asked(password, *told):
    return AuthResult(success=told[-1].password == password, handled=False)


@contextmanager
def listening(password=None, **answers):
    """A server on a free port, and its postmaster; with a password only `moi` who knows it may write."""
    postmaster, port = Postmaster(**answers), free_port()
    knows = {"auth_require_tls": True}
    if password:
        knows = {"auth_require_tls": False, "auth_required": True, "authenticator": partial(_asked, password.encode())}
    controller = Controller(postmaster, hostname="127.0.0.1", port=port, **knows)
    controller.start()
    try:
        yield port, postmaster
    finally:
        controller.stop()
