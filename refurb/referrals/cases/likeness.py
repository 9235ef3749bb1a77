"""Two files side by side, line by line, with a word for each likeness: what is read before it is settled whether they are one."""

from dataclasses import dataclass
from typing import Any

from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.speech.folding import squeeze
from refurb.kernel.speech.sounds import sound
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _n, day
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.models import Beneficiary, Referral

_SAME, _NEAR, _OTHER, _UNTOLD = ("ok", "equal"), ("wait", "circle-help"), ("todo", "minus"), ("todo", "minus")


@dataclass(frozen=True)
class ComparedLine:
    """One line: what each file says, and whether the two are alike, as a badge and in words."""

    label: str
    one: str
    other: str
    tone: str
    icon: str
    word: str


def compare(one: Referral, other: Referral) -> list[ComparedLine]:
    """The two files, line by line. Reading it is reading two names: the caller logs it."""
    first, second = one.beneficiary, other.beneficiary
    if first.forgotten_at or second.forgotten_at:
        return [*_of_forgotten(first, second), *_of_files(one, other)]
    crossed = _bare(first.first_name) == _bare(second.last_name) and _bare(first.last_name) == _bare(second.first_name)
    turned = (_SAME, _("Nom et prénom inversés")) if crossed else None
    reach, reach_too = (spell_phone(each.phone) or each.email for each in (first, second))
    return [
        _line(_("Nom"), first.last_name, second.last_name, turned or _names(first.last_name, second.last_name)),
        _line(_("Prénom"), first.first_name, second.first_name, turned or _names(first.first_name, second.first_name)),
        _line(_("Année de naissance"), first.birth_year, second.birth_year, _years(first.birth_year, second.birth_year)),
        _line(_("Contact"), reach, reach_too),
        _line(_("Commune"), first.commune, second.commune, _names(first.commune or "", second.commune or "")),
        *_of_files(one, other),
    ]


def _of_forgotten(first: Beneficiary, second: Beneficiary) -> list[ComparedLine]:
    """What says who somebody is, where it was erased at its term: nothing is compared, and the hashes alone told that they are alike."""
    said, said_too = (_of_person(each) for each in (first, second))
    tone, icon = _UNTOLD
    return [ComparedLine(label, said[label], said_too[label], tone, icon, _("Effacé à l'échéance")) for label in said]


def _of_person(person: Beneficiary) -> dict[str, str]:
    reach = spell_phone(person.phone) or person.email
    written = {
        _("Nom"): person.last_name,
        _("Prénom"): person.first_name,
        _("Année de naissance"): str(person.birth_year or ""),
        _("Contact"): reach,
        _("Commune"): person.commune,
    }
    return {label: text if text and not person.forgotten_at else "–" for label, text in written.items()}


def _of_files(one: Referral, other: Referral) -> list[ComparedLine]:
    return [
        _line(_("Structure"), one.partner.name, other.partner.name),
        _line(_("Enfants scolarisés"), one.school_children, other.school_children),
        _line(_("Appareil demandé"), DEVICE_KINDS[one.device_kind], DEVICE_KINDS[other.device_kind]),
        _line(_("Où elle en est"), referral_machine.looks[one.state].word, referral_machine.looks[other.state].word, (_UNTOLD, "")),
        _line(_("Transmise le"), _sent(one), _sent(other), _apart(one, other)),
    ]


Judged = tuple[tuple[str, str], str]


def _line(label: str, one: Any, other: Any, judged: Judged | None = None) -> ComparedLine:
    if one in (None, "") or other in (None, ""):
        judged = _UNTOLD, _("Non dit")
    (tone, icon), word = judged or ((_SAME, _("Identique")) if one == other else (_OTHER, _("Différent")))
    first, second = ("–" if each in (None, "") else str(each) for each in (one, other))
    return ComparedLine(label, first, second, tone, icon, word)


def _sent(referral: Referral) -> str | None:
    return day(referral.submitted_at) if referral.submitted_at else None


def _bare(name: str) -> str:
    return squeeze(name).replace(" ", "")


def _names(one: str, other: str) -> Judged:
    bare, bare_too = _bare(one), _bare(other)
    if one == other:
        return _SAME, _("Identique")
    if bare == bare_too:
        return _SAME, _("Le même, écrit autrement")
    if bare and bare_too and (bare in bare_too or bare_too in bare):
        return _NEAR, _("En partie le même")
    if sound(one) == sound(other):
        return _NEAR, _("Se prononce de même")
    return _OTHER, _("Différent")


def _years(one: int | None, other: int | None) -> Judged:
    gap = abs((one or 0) - (other or 0))
    return (_SAME, _("Identique")) if not gap else (_NEAR, _("Un an d'écart")) if gap == 1 else (_OTHER, _("Différent"))


def _apart(one: Referral, other: Referral) -> Judged:
    if one.submitted_at is None or other.submitted_at is None:
        return _UNTOLD, ""
    days = abs((one.submitted_at - other.submitted_at).days)
    return _UNTOLD, _n("%(num)s jour d'écart", "%(num)s jours d'écart", days)
