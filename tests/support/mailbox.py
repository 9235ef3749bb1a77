"""A mail server on loopback that keeps what it is sent: the mailboxes of everybody in the story."""

import email
import email.policy
import queue
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.serving import free_port


class Mailbox:
    """What arrived for whom, in order. `port` is where the server listens."""

    def __init__(self) -> None:
        self.port = free_port()
        self._arrived: defaultdict[str, queue.Queue[EmailMessage]] = defaultdict(queue.Queue)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a letter in."""
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        for address in envelope.rcpt_tos:
            self._arrived[address].put(letter)
        return "250 OK"

    def next_for(self, address: str, seconds: float = 60) -> EmailMessage:
        """The next letter for this address, which may still be on its way."""
        return self._arrived[address].get(timeout=seconds)

    def has_more_for(self, address: str) -> bool:
        """Whether another letter arrived for this address."""
        return not self._arrived[address].empty()


def calendar_in(letter: EmailMessage) -> str:
    """The entry for the calendar that a letter carries."""
    (enclosed,) = [each for each in letter.iter_attachments() if each.get_content_type() == "text/calendar"]
    content = enclosed.get_content()
    text = content.decode() if isinstance(content, bytes) else str(content)
    return text.replace("\r\n ", "").replace("\n ", "")


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """Run the mail server."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
