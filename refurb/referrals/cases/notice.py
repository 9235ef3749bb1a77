"""The notice that a person is given before she is referred: what it says in each language, from config/policy/notice.toml."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from refurb.directory.durations import durations
from refurb.directory.queries import home, home_organisation
from refurb.kernel.deeds.policy import PolicyGroup, PolicySchema
from refurb.kernel.deeds.policy_entries import PartEntry
from refurb.kernel.deeds.texts import PassageEntry, TextField, Wording, text_file
from refurb.kernel.speech.errors import Fault, Refusal
from refurb.kernel.speech.words import _, _l, _lp
from refurb.referrals.words import NOTICE_LANGUAGES, NoticeLanguage

_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_TERRITORY = TextField("territory", "organisme", _l("le nom de votre organisme"))
_CONTACT = TextField("contact", "contact", _l("à qui écrire : le délégué à la protection des données, sinon vous"))
_DURATIONS = (
    TextField("served", "mois_servi", _l("durée de la règle « Durées de conservation », en mois")),
    TextField("unserved", "mois_refus", _l("durée de la règle « Durées de conservation », en mois")),
    TextField("drafts", "jours_brouillon", _l("durée de la règle « Durées de conservation », en jours")),
)
# The ten points of the CNIL's models (GDPR, articles 13 and 14), in the order in which they are read; of the two grounds one applies.
_SECTIONS: dict[str, PassageEntry] = {
    "who": PassageEntry(needs=(_TERRITORY,), lines=True, label=_l("Qui est responsable")),
    "purpose": PassageEntry(lines=True, label=_l("Pourquoi")),
    "basis_public": PassageEntry(lines=True, label=_l("De quel droit, pour une collectivité")),
    "basis_private": PassageEntry(lines=True, label=_l("De quel droit, pour une association")),
    "asked": PassageEntry(lines=True, label=_l("Ce qui est noté, et ce qui est facultatif")),
    "origin": PassageEntry(lines=True, label=_l("D'où cela vient")),
    "readers": PassageEntry(lines=True, label=_l("Qui le lit")),
    "kept": PassageEntry(needs=_DURATIONS, lines=True, label=_l("Combien de temps")),
    "rights": PassageEntry(lines=True, label=_l("Les droits")),
    "officer": PassageEntry(needs=(_CONTACT,), lines=True, label=_l("À qui écrire")),
    "complaint": PassageEntry(lines=True, label=_l("La plainte à la CNIL")),
}
TRANSLATIONS = frozenset(NoticeLanguage) - {NoticeLanguage.FRENCH}
"""What somebody has to read over who reads it: the translations, and the simplified version with those whom it is for."""


def _passages(language: NoticeLanguage) -> dict[str, PassageEntry]:
    read_over = PassageEntry(
        label=_l("Relue par, et quand"),
        help=_l("Absent : personne ne l'a relue, et c'est dit à qui la remet."),
        load_default=None,
    )
    titles = {
        "title": PassageEntry(label=_lp("notice", "Titre")),
        "lead": PassageEntry(needs=(_TERRITORY,), label=_l("Premières phrases")),
    }
    return {**({"read_over": read_over} if language in TRANSLATIONS else {}), **titles, **_SECTIONS}


def _part(language: NoticeLanguage) -> PartEntry:
    schema: Any = PolicySchema.from_dict(dict(_passages(language)), name=f"Notice{language.name.title()}")
    options: dict[str, Any] = {} if language is NoticeLanguage.FRENCH else {"load_default": None}
    return PartEntry(schema, label=NOTICE_LANGUAGES[language], **options)


def _summary(made: Wording) -> str:
    there = _languages(made)
    names = ", ".join(str(NOTICE_LANGUAGES[each]) for each in there)
    unread = [str(NOTICE_LANGUAGES[each]) for each in there if not _is_read_over(made, each)]
    if not unread:
        return _("Remise en : %(languages)s.", languages=names)
    return _("Remise en : %(languages)s. Personne n'a relu : %(unread)s.", languages=names, unread=", ".join(unread))


NOTICE = replace(
    text_file("notice", _l("Notice d'information"), PolicyGroup.FAMILIES, {each.value: _part(each) for each in NoticeLanguage}),
    summary=_summary,
)


class NoSuchNotice(Refusal):
    """The notice is not there in this language."""

    code = "notice.no_language"
    status = 404


@dataclass(frozen=True)
class Notice:
    """The notice in one language: its sections are headings with their text; `version` is that of all languages together.

    `read_over` says who read a translation over, and when; "" where nobody has, None where it is none.
    """

    language: NoticeLanguage
    version: str
    title: str
    lead: str
    sections: tuple[tuple[str, str], ...]
    read_over: str | None

    @property
    def is_unread(self) -> bool:
        """Whether it is a translation that nobody has read over."""
        return self.read_over == ""


def notice_languages() -> list[NoticeLanguage]:
    """The languages in which the notice in force can be given."""
    return _languages(NOTICE.in_force())


def unread_languages() -> set[NoticeLanguage]:
    """Those of them that nobody has read over."""
    made = NOTICE.in_force()
    return {each for each in _languages(made) if not _is_read_over(made, each)}


def _languages(made: Wording) -> list[NoticeLanguage]:
    return [each for each in NoticeLanguage if f"{each}.title" in made.passages]


def _is_read_over(made: Wording, language: NoticeLanguage) -> bool:
    return language not in TRANSLATIONS or bool(made.passages.get(f"{language}.read_over"))


def missing_language() -> Fault:
    """What is said of a language in which the notice is not there: those in which it is."""
    return Fault("notice.no_language", there=", ".join(str(NOTICE_LANGUAGES[each]) for each in notice_languages()))


def notice_in(code: str) -> Notice:
    """The notice in force in a language by its code, filled in; raises `NoSuchNotice` with those that are there."""
    made = NOTICE.in_force()
    language = next((each for each in _languages(made) if each == code), None)
    if language is None:
        raise NoSuchNotice(**missing_language().facts)
    facts = _facts()
    if language.direction == "rtl":  # What is told of the territory is in French: it keeps its own direction (Unicode, UAX 9).
        facts |= {name: f"{_ISOLATE}{facts[name]}{_END}" for name in ("territory", "contact")}

    def say(passage: str) -> str:
        return made.say_in(language, passage, is_french=language.is_french, **facts)

    ours = home_organisation()
    other = "basis_private" if ours is not None and ours.is_public_body else "basis_public"
    sections = [say(each).partition("\n") for each in _SECTIONS if each != other]
    read_over = made.passages.get(f"{language}.read_over") or "" if language in TRANSLATIONS else None
    return Notice(language, made.version, say("title"), say("lead"), tuple((head, body) for head, _line, body in sections), read_over)


def _facts() -> dict[str, Any]:
    lasts, ours = durations(), home()
    officer: Sequence[str | None] = (ours.dpo_name, ours.dpo_email, ours.dpo_address)
    reached: Sequence[str | None] = (ours.full_name or ours.name, ours.email, ours.phone, ours.address)
    return {
        "territory": ours.full_name or ours.name,
        "contact": ", ".join(each for each in (officer if any(officer) else reached) if each),
        "served": lasts.served.count,
        "unserved": lasts.unserved.count,
        "drafts": lasts.drafts.days,
    }
