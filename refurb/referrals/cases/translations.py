"""The slip in another language beside French, in words that who signs reads: config/policy/paper_handover_languages.toml."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask_babel import force_locale

from refurb.documents.content import Translation
from refurb.kernel.deeds.policy import PolicyGroup, PolicySchema
from refurb.kernel.deeds.policy_entries import PartEntry
from refurb.kernel.deeds.texts import PassageEntry, Wording, text_file
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _, _l, _lp
from refurb.referrals.models import Referral
from refurb.referrals.words import NOTICE_LANGUAGES, NoticeLanguage

OTHERS = tuple(each for each in NoticeLanguage if each is not NoticeLanguage.FRENCH)
_SENTENCES = {
    "received": _l("Ce qui est reçu"),
    "theirs": _l("À qui c'est désormais"),
    "help": _l("En cas de panne"),
    "free": _l("Ce qui n'est pas demandé"),
    "sign": _l("Ce que signer veut dire"),
}


def _part(language: NoticeLanguage) -> PartEntry:
    read_over = PassageEntry(label=_l("Relue par, et quand"), help=_l("Absent : le bon dit que personne ne l'a relue."), load_default=None)
    said = {key: PassageEntry(label=label, longest=300) for key, label in _SENTENCES.items()}
    entries: Any = {"read_over": read_over, "title": PassageEntry(label=_lp("notice", "Titre"), longest=80), **said}
    schema: Any = PolicySchema.from_dict(entries, name=f"Slip{language.name.title()}")
    return PartEntry(schema, label=NOTICE_LANGUAGES[language], load_default=None)


def _summary(made: Wording) -> str:
    there = list(languages_of(made))
    names = ", ".join(NOTICE_LANGUAGES[each] for each in there)
    unread = ", ".join(NOTICE_LANGUAGES[each] for each in there if not _is_read_over(made, each))
    if not unread:
        return _("À côté du français : %(languages)s.", languages=names or "–")
    return _("À côté du français : %(languages)s. Personne n'a relu : %(unread)s.", languages=names, unread=unread)


def languages_of(made: Wording) -> Iterator[NoticeLanguage]:
    """The languages in which a text says what the slip is."""
    return (each for each in OTHERS if f"{each}.title" in made.passages)


def offered_beside() -> list[NoticeLanguage]:
    """In which languages a slip may be read: French alone first, then beside each that the text in force says."""
    return [NoticeLanguage.FRENCH, *languages_of(SLIP_LANGUAGES.in_force())]


def _is_read_over(made: Wording, language: NoticeLanguage) -> bool:
    return bool(made.passages.get(f"{language}.read_over"))


SLIP_LANGUAGES = replace(
    text_file(
        "paper_handover_languages", _l("Bon de remise, en d'autres langues"), PolicyGroup.PAPERS, {each: _part(each) for each in OTHERS}
    ),
    summary=_summary,
)


def beside_for(referral: Referral) -> NoticeLanguage:
    """The language of the slip beside French, unless another is asked for: the one in which the person was told of her data."""
    return _there(referral.notice_language or NoticeLanguage.FRENCH)


def beside_asked(referral: Referral, asked: NoticeLanguage | None) -> NoticeLanguage:
    """The language of the slip beside French as it was asked for; `Invalid` for one that the text in force does not say."""
    if asked is not None and asked not in offered_beside():
        raise Invalid({"beside": [Fault("field.choice")]})
    return asked or beside_for(referral)


def _there(language: NoticeLanguage) -> NoticeLanguage:
    return language if language in set(languages_of(SLIP_LANGUAGES.in_force())) else NoticeLanguage.FRENCH


def translation_in(language: NoticeLanguage) -> list[Translation]:
    """What the slip says in a language beside French; nothing for French, and where the text in force does not say it."""
    made = SLIP_LANGUAGES.in_force()
    if _there(language) is NoticeLanguage.FRENCH:
        return []

    def say(passage: str) -> str:
        return made.say_in(language, passage, is_french=language.is_french)

    with force_locale("fr"):
        if _is_read_over(made, language):
            note = _("Seul le texte français fait foi.")
        elif language.is_french:
            note = _("Version que personne n'a encore relue. Seul le texte complet fait foi.")
        else:
            note = _("Traduction que personne n'a encore relue. Seul le texte français fait foi.")
    return [Translation(language.lang, say("title"), tuple(say(each) for each in _SENTENCES), note)]
