"""The words of the pages for families, in each of their languages: config/policy/family_page.toml.

French is written simply, an idea a line; what a language does not say is said in French, and marked as French. Each of the other languages
says whether somebody has read it over: the list of policies names those that nobody has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from markupsafe import Markup, escape

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup
from refurb.kernel.deeds.policy_entries import PolicyEntry, YesNoEntry
from refurb.kernel.deeds.texts import PassageEntry, TextField, together
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import _, _l, _lp
from refurb.referrals.aftersales.words import TROUBLES

FRENCH = "fr"
TONGUES = {"fr": "Français", "en": "English", "ar": "العربية", "uk": "Українська"}
"""The languages of the pages for families, each as its readers call it."""
RIGHT_TO_LEFT = frozenset({"ar"})

_TONGUE_LABELS = {
    "fr": _l("Français simple"),
    "en": _lp("language", "Anglais"),
    "ar": _lp("language", "Arabe"),
    "uk": _lp("language", "Ukrainien"),
}
DATE = TextField("date", "date", _l("le dernier jour pour répondre"))

_LINES: dict[str, Any] = {
    "title": _l("Titre de la page"),
    "touch": _l("Ce qu'il faut faire d'abord"),
    "first_title": _l("Titre des premiers pas"),
    "try_title": _l("Titre des essais"),
    "works": _l("Bouton : cela marche de nouveau"),
    "works_said": _l("Quand cela marche de nouveau"),
    "words": _l("Avec vos mots"),
    "no_names": _l("Ce qu'il ne faut pas écrire"),
    "optional": _l("Ce qui n'est pas obligatoire"),
    "photo": _l("Une photo"),
    "answer": _l("Comment répondre"),
    "same": _l("Comme la dernière fois"),
    "other": _l("À un autre numéro"),
    "send": _l("Bouton : envoyer"),
    "wrong": _l("Quand quelque chose est à corriger"),
    "talk": _l("Pour qui préfère parler"),
    "listen": _l("Bouton : écouter"),
    "quiet": _l("Bouton : arrêter d'écouter"),
    "found": _l("Pour qui a trouvé l'ordinateur"),
    "scan": _l("Sur la fiche : viser le QR"),
    "privacy": _l("Ce que devient le message"),
    "back": _l("Bouton : revenir"),
    "received": _l("Titre : c'est reçu"),
    "late": _l("Quand le dernier jour pour répondre est passé"),
    "keep": _l("Ce qu'il faut garder"),
    "next_title": _l("Titre de la suite"),
    "told": _l("Étape : signalé"),
    "we_call": _l("Étape : nous appelons"),
    "we_act": _l("Étape : nous réparons ou échangeons"),
    "free": _l("Ce que cela coûte"),
    "leave": _l("Étape : rendu"),
    "over": _l("Quand c'est fini"),
    "again": _l("Pour revoir la page"),
}

_NEWS: dict[str, Any] = {
    "title": _lp("news page", "Titre"),
    "lead": _lp("news page", "Ce qui est demandé"),
    "works": _lp("news page", "Question : marche-t-il"),
    "works_yes": _lp("news page", "Oui"),
    "works_trouble": _lp("news page", "Oui, avec un souci"),
    "works_no": _lp("news page", "Non"),
    "uses": _lp("news page", "Question : à quoi sert-il"),
    "uses_rights": _lp("news page", "Papiers, démarches"),
    "uses_school": _lp("news page", "École, formation"),
    "uses_job": _lp("news page", "Emploi"),
    "uses_links": _lp("news page", "Proches"),
    "uses_leisure": _lp("news page", "Se distraire"),
    "helps": _lp("news page", "Question : aide-t-il"),
    "helps_much": _lp("news page", "Beaucoup"),
    "helps_little": _lp("news page", "Un peu"),
    "helps_not": _lp("news page", "Pas du tout"),
    "need": _lp("news page", "Question : de quoi avez-vous besoin"),
    "need_nothing": _lp("news page", "Rien"),
    "need_learning": _lp("news page", "Apprendre"),
    "need_connection": _lp("news page", "Connexion"),
    "need_equipment": _lp("news page", "Autre matériel"),
    "need_other": _lp("news page", "Autre chose"),
    "counted": _lp("news page", "Ce que deviennent les réponses"),
    "thanks": _lp("news page", "Merci"),
    "done": _lp("news page", "Quand c'est répondu"),
}


def _entries(*, is_french: bool) -> dict[str, PolicyEntry]:
    """What a language says: all of it in French, what there is in another."""
    spare: dict[str, Any] = {} if is_french else {"load_default": None}
    entries: dict[str, PolicyEntry] = {} if is_french else {"read_over": YesNoEntry(label=_l("Relue par quelqu'un qui la parle"))}
    entries |= {key: PassageEntry(label=label, longest=300, **spare) for key, label in _LINES.items()}
    entries["answer_by"] = PassageEntry(needs=(DATE,), label=_l("Quand quelqu'un répond"), longest=300, **spare)
    entries["first"] = PassageEntry(label=_l("Premiers pas, un par ligne"), lines=True, longest=1000, **spare)
    said = {each.value: PassageEntry(label=label, longest=60, **spare) for each, label in TROUBLES.items()}
    tried = {each.value: PassageEntry(label=label, lines=True, longest=600, **spare) for each, label in TROUBLES.items()}
    entries["trouble"] = together(_l("Ce qui ne va pas"), said)
    news = {key: PassageEntry(label=label, longest=300, **spare) for key, label in _NEWS.items()}
    entries["news"] = together(_l("La page des nouvelles"), news)
    entries["try"] = together(_l("Ce qu'on essaie d'abord, une ligne par geste"), tried)
    return entries


@dataclass(frozen=True)
class FamilyWords:
    """The pages' words in one language; what it does not say is said in French, within a mark that says so."""

    tongue: str
    own: Mapping[str, str]
    french: Mapping[str, str]

    @property
    def direction(self) -> str:
        """Which way it is read."""
        return "rtl" if self.tongue in RIGHT_TO_LEFT else "ltr"

    def plain(self, key: str, **facts: str) -> str:
        """The words alone, for what holds no mark."""
        return self._filled(self.own.get(key) or self.french[key], facts)

    def say(self, key: str, **facts: str) -> Markup:
        """The words as they stand on a page."""
        return self._marked(key, self.plain(key, **facts))

    def lines(self, key: str) -> list[Markup]:
        """What is told a line each."""
        return [self._marked(key, line.strip()) for line in self.plain(key).splitlines() if line.strip()]

    def day(self, told: date) -> str:
        """A day as this language says it."""
        return str(format_date(told, "EEEE d MMMM", locale=self.tongue))

    def _marked(self, key: str, text: str) -> Markup:
        return escape(text) if self.own.get(key) else Markup('<span lang="fr" dir="ltr">{}</span>').format(text)

    @staticmethod
    def _filled(text: str, facts: Mapping[str, str]) -> str:
        for name, fact in facts.items():
            text = text.replace(f"{{{name}}}", fact)
        return text


@dataclass(frozen=True)
class FamilyTexts:
    """Every language's words, and which languages nobody has read over."""

    version: str
    said: Mapping[str, Mapping[str, str]]
    unread: tuple[str, ...]

    def words(self, tongue: str) -> FamilyWords:
        """The words in a language that there is; else in French."""
        known = tongue if tongue in self.said else FRENCH
        return FamilyWords(known, self.said[known], self.said[FRENCH])


def _flat(inside: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, each in inside.items():
        if isinstance(each, Mapping):
            yield from _flat(each, f"{path}{key}.")
        elif isinstance(each, str):
            yield f"{path}{key}", each


def _made(content: dict[str, Any], version: str) -> FamilyTexts:
    said = {tongue: dict(_flat(content[tongue])) for tongue in TONGUES}
    said[FRENCH] = {key: french(text) for key, text in said[FRENCH].items()}
    return FamilyTexts(version, said, tuple(each for each in TONGUES if each != FRENCH and not content[each]["read_over"]))


def _summary(made: FamilyTexts) -> str:
    if not made.unread:
        return _("Toutes les traductions sont relues.")
    return _("Traductions que personne n'a relues : %(languages)s.", languages=", ".join(str(_TONGUE_LABELS[each]) for each in made.unread))


FAMILY_PAGE = PolicyFile(
    "family_page",
    together(
        _l("Pages des familles"),
        {each: together(_TONGUE_LABELS[each], _entries(is_french=each == FRENCH)) for each in TONGUES},
    ),
    _made,
    _l("Pages des familles, en quatre langues"),
    PolicyGroup.FAMILIES,
    _summary,
)
