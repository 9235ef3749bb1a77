"""How a letter is written from the text that the territory adopted: in its name, with the answer going to it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.kernel.deeds.mail import Enclosure, Letter
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup
from refurb.kernel.deeds.texts import LANGUAGES, TextField, Wording, both, text_file
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.words import _l, _lp, language

HOUSE = TextField("house", "maison", _l("le nom de votre organisation"))
SIGNATURE = TextField("signature", "signature", _l("votre nom et votre lieu"))
LINK = TextField("link", "lien", _l("l'adresse à ouvrir"), usual=100)
NAME = TextField("name", "nom", _l("le nom de qui reçoit la lettre"))
ALWAYS = (HOUSE, SIGNATURE)
"""What any letter may say."""

SUBJECT, BODY = _lp("letter", "Objet"), _lp("letter", "Lettre")


def letter_file(name: str, title: Any, fields: Iterable[TextField] = (), needs: Iterable[TextField] = (LINK,)) -> PolicyFile[Wording]:
    """The text of a letter in the languages of the service: what stands over it, and the whole of it."""
    said = tuple(fields)
    entries = {"subject": both((*said, HOUSE), label=SUBJECT), "body": both((*said, *ALWAYS), needs, label=BODY, lines=True)}
    return text_file(name, title, PolicyGroup.LETTERS, entries)


def write_letter(
    file: PolicyFile[Wording],
    *,
    key: str,
    to: str,
    subject: str = "subject",
    body: str = "body",
    enclosures: tuple[Enclosure, ...] = (),
    **facts: Any,
) -> Letter:
    """The letter in the language of the moment; `subject` and `body` name its passages, `facts` fill their fields."""
    card, text = home(), file.in_force()
    facts |= {HOUSE.name: card.name, SIGNATURE.name: signature()}
    return Letter(
        key=key,
        to=to,
        subject=text.say(subject, **facts),
        text=text.say(body, **facts) + "\n",
        sender_name=card.name,
        reply_to=card.email,
        language=language(),
        enclosures=enclosures,
    )


def signature() -> str:
    """Who writes, as it stands under a letter."""
    card = home()
    return ", ".join(part for part in (card.name, card.place) if part)


def page_address(path: str) -> str:
    """A page of this instance, as a letter says it."""
    base: str = current_app.config["BASE_URL"]
    return f"{base}{path}"


def sample_link() -> str:
    """What stands for a link that opens something, where a letter is only looked at."""
    return page_address("/exemple")


def letters_on(compose: Callable[[int], Sequence[Letter]], *languages: str) -> Callable[[int], HungPanel]:
    """How the letters about a record are looked at before their text is adopted, in each of these languages."""

    def shown(record: int) -> HungPanel:
        letters = list[Letter]()
        for each in languages or tuple(LANGUAGES):
            with force_locale(each):
                letters += compose(record)
        return HungPanel("directory/policies/_letters.html", {"letters": letters, "languages": LANGUAGES})

    return shown
