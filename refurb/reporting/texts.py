"""What the pages say that a public service owes its visitors, as a territory may word it: legal notice, personal data, help, contact."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from refurb.directory.queries import home
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.texts import TextField, both, text_file
from refurb.kernel.deeds.wired import HungPanel, TextSample
from refurb.kernel.speech.words import _, _l, _lp

_HOUSE = TextField("house", "maison", _l("le nom de votre organisation"))
_BODY = TextField("territory", "organisme", _l("le nom de votre organisme, en entier"))
_DAYS = TextField("days", "jours", _l("combien de jours"))
_OFFICER = TextField("officer", "delegue", _l("le nom de votre délégué à la protection des données"))
_GROUNDS = _l("La base légale et les droits qui en découlent sont fixés par le RGPD (articles 6, 13 et 14).")
_OWED = _l("Chaque personne doit l'apprendre (RGPD, articles 13 et 14), et c'est ce que fait le service : dire autre chose serait faux.")


def _more() -> Any:
    return both(label=_l("Ce que vous ajoutez à la fin, un paragraphe par bloc"), lines=True, may_lack=True)


def _said(label: Any, needs: Iterable[TextField] = (), law: Any = None) -> Any:
    return both((), needs, label=label, law=law)


def _points(label: Any, law: Any = None, needs: Iterable[TextField] = ()) -> Any:
    return both((), needs, label=label, law=law, lines=True)


LEGAL_PAGE = text_file(
    "page_legal",
    _l("Mentions légales"),
    PolicyGroup.PAGES,
    {
        "publisher": _said(_l("Qui dirige la publication, quand l'en-tête ne le dit pas"), (_HOUSE,)),
        "host": _said(_l("Qui héberge, quand l'en-tête ne le dit pas"), (_HOUSE,)),
        "no_tax_receipt": _said(
            _l("Ce que nos documents ne sont pas"),
            law=_l("Délivrer sans droit un reçu fiscal est puni d'une amende (CGI, article 1740 A) : elle dit qu'elle n'en est pas un."),
        ),
        "more": _more(),
    },
)
PRIVACY_PAGE = text_file(
    "page_privacy",
    _l("Données personnelles"),
    PolicyGroup.PAGES,
    {
        "responsible": _said(_l("Qui est responsable"), (_BODY,)),
        "purposes": _points(_l("Pourquoi, un point par ligne")),
        "basis_public": _said(_l("De quel droit, pour une collectivité"), law=_GROUNDS),
        "basis_private": _said(_l("De quel droit, pour une association"), law=_GROUNDS),
        "erased": _said(_l("Ce qui est effacé tout seul"), law=_OWED),
        "backups": _said(_l("Ce que gardent les sauvegardes"), law=_OWED),
        "server": _said(_l("Les journaux du serveur web")),
        "papers": _said(_l("Ce qui reste d'un document effacé"), law=_OWED),
        "not_asked": _said(_l("Ce qui n'est pas demandé")),
        "readers": _points(_l("Qui les voit, un point par ligne"), law=_OWED),
        "origin": _said(_l("D'où cela vient")),
        "cookies": _said(_l("Les témoins de connexion"), (_DAYS,), law=_OWED),
        "donor_link": _said(_l("Le lien envoyé aux donateurs"), (_DAYS,)),
        "rights_officer": _said(_l("À qui écrire, quand le délégué est nommé"), (_OFFICER,)),
        "rights": _said(_l("À qui écrire, quand il ne l'est pas")),
        "more": _more(),
    },
)


# What the model of the declaration fixes (decree 2019-768, RGAA 4.1.2) is no text of the territory's, and stands on the page itself.
ACCESSIBILITY_PAGE = text_file(
    "page_accessibility",
    _l("Déclaration d'accessibilité"),
    PolicyGroup.PAGES,
    {
        "known": _points(_l("Non-conformités connues du service, un point par ligne")),
        "exempt": _said(_l("Ce qui n'est pas soumis à l'obligation")),
        "answers": _said(_l("Ce que vous promettez à qui vous écrit")),
        "more": _more(),
    },
)
CONTACT_PAGE = text_file(
    "page_contact",
    _lp("page", "Contact"),
    PolicyGroup.PAGES,
    {
        "hints": _points(_l("Pour répondre vite, un point par ligne")),
        "give": _said(_l("À qui veut donner")),
        "wish": _said(_l("À qui veut un ordinateur")),
        "more": _more(),
    },
)
_TRIES = TextField("tries", "essais", _l("combien de fois un message est essayé"))
HELP_PAGE = text_file(
    "page_help",
    _lp("page", "Aide"),
    PolicyGroup.PAGES,
    {
        "donor": _points(_l("À qui a donné, une étape par ligne")),
        "family": _points(_l("À qui a reçu un ordinateur, une étape par ligne")),
        "partner": _points(_l("À qui adresse une personne, une étape par ligne")),
        "bench": _points(_l("À l'atelier, une étape par ligne")),
        "desk": _points(_l("À l'accueil, une étape par ligne")),
        "office": _points(_l("À la coordination, une étape par ligne")),
        "admin": _points(_l("À l'administration, une étape par ligne"), needs=(_TRIES,)),
        "more": _more(),
    },
)


def _on_the_page(facts: Callable[[], dict[str, Any]], template: str) -> TextSample:
    """A page of which there is one: looked at as it would stand."""
    return TextSample(
        needs=Permission.POLICY_READ,
        records=lambda: [(1, _("La page telle qu'elle serait"))],
        shown=lambda _record: HungPanel(f"public/{template}.html", {"home": home(), **facts()}),
    )


def page_samples(pages: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]]) -> dict[str, TextSample]:
    """How each page is looked at before its text is adopted: its template, given the facts around which it is worded."""
    return {name: _on_the_page(facts, template) for name, (template, facts) in pages.items()}
