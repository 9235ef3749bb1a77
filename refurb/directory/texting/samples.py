"""What the texts for telephones are looked at on before they are adopted: usual values, in the name of the house, with their length."""

from refurb.directory.letters import letters_on, sample_link
from refurb.directory.queries import home
from refurb.directory.texting.policy import TEXT_MESSAGES
from refurb.directory.texting.sending import TextMessage, as_letter
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.wired import TextSample
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, day

_PASSAGES = ("loans", "recalls", "waits", "appointment", "appointment_off", "ceremony", "news")


def _records() -> list[tuple[int, str]]:
    return [(1, _("Valeurs d'exemple"))]


def _messages(_record: int) -> list[Letter]:
    card, text = home(), TEXT_MESSAGES.in_force()
    facts = {
        "house": card.name, "phone": spell_phone(card.phone), "count": 2, "until": day(today(), "d MMMM"),
        "when": _("%(day)s à %(hour)s", day=day(today(), "EEEE d MMMM"), hour="14 h"), "where": card.place or card.name,
        "link": sample_link(), "stop": sample_link(),
    }  # fmt: skip
    said = (text.say(each, **facts) for each in _PASSAGES)
    return [as_letter(TextMessage("sample", card.phone, each, has_email=False, refused_at=None)) for each in said]


SMS_SAMPLES = {TEXT_MESSAGES.name: TextSample(needs=Permission.SETTINGS_WRITE, records=_records, shown=letters_on(_messages))}
