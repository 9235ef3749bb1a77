"""The browser and the service of these tests."""

from tests.support.web import browser, lasting_service, mailbox, service, welcome

__all__ = ["browser", "lasting_service", "mailbox", "service", "welcome"]
