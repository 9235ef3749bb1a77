"""Texting in tests: a territory that sends, a provider that listens, an hour at which telephones may ring."""

from contextlib import contextmanager
from datetime import timedelta

from flask import current_app

from refurb.directory.texting.actions import save_provider
from refurb.directory.texting.hook import SmsHook
from refurb.directory.texting.providers import OVHCLOUD
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.effects import run_due
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, midnight, today
from tests.directory.policies.trying import adopted
from tests.support.sms_provider import sms_provider
from tests.support.story import people

MOBILE, LANDLINE = "+33639981234", "+33549000001"


def hook_to(provider, **changes):
    facts = {name: getattr(OVHCLOUD, name) for name in ("shape", "headers", "body", "taken", "refused")}
    return SmsHook(**{"url": provider.url, "sender": "RELAIS", "secret": "un secret", **facts, **changes})


def sends(*kinds, way="no_email", on_any_day=True):
    """The territory sends these kinds, on Sundays too: a test runs on any day."""
    changes = [(f'{each} = "off"', f'{each} = "{way}"') for each in kinds]
    adopted("sms", *changes, *([("sundays_and_holidays = false", "sundays_and_holidays = true")] if on_any_day else []))


@contextmanager
def listening(**manners):
    """A provider that was entered, and answers as it is told to."""
    with sms_provider(**manners) as provider:
        current_app.config["SMS_PRIVATE"] = True
        with unit_of_work():
            save_provider(people.actor(Role.ADMIN), hook_to(provider), dialogue=())
        yield provider


def noon(after=0):
    """Noon of a day to come."""
    return midnight(today() + timedelta(days=after)) + timedelta(hours=12)


def worked(instant):
    """What the worker does at an instant."""
    with at(instant):
        while run_due():
            pass
