"""What the directory keeps about people: the reasons of holds, for a while; those who sign for the territory, as long as papers need it."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from refurb.directory.durations import durations
from refurb.directory.organisations.models import Convention
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.deeds.holds import Hold
from refurb.kernel.deeds.terms import ERASED, Kept, Term, ago, day_ago
from refurb.kernel.speech.words import _l


def _erase_reasons(numbers: Sequence[int]) -> None:
    db.session.execute(update(Hold).where(Hold.id.in_(numbers)).values(reason=ERASED))


forget_holds = Term(
    key="directory.holds",
    who=_l("Personne dont le dossier était gelé"),
    what=_l("le motif du gel"),
    remains=_l("Qu'un dossier a été gelé, et jusqu'à quand"),
    lasts=lambda: durations().held,
    since=_l("la fin du gel"),
    model=Hold,
    past=lambda: Hold.lifted_at < ago(durations().held),
    rest=lambda: Hold.lifted_at.is_not(None) & (Hold.reason != ERASED),
    forget=_erase_reasons,
)


def _erase_copies(numbers: Sequence[int]) -> None:
    those = Convention.id.in_(numbers)
    let_go(db.session.scalars(select(Convention.signed_copy).where(those)))
    db.session.execute(update(Convention).where(those).values(signed_copy=None, signed_copy_pages=None))


forget_copies = Term(
    key="directory.conventions",
    who=_l("Personne qui a signé une convention pour une structure"),
    what=_l("l'exemplaire signé"),
    remains=_l("La convention, ses dates, et l'empreinte de l'exemplaire"),
    lasts=lambda: durations().agreed,
    since=_l("la fin de la convention"),
    model=Convention,
    past=lambda: or_(Convention.ends_on < day_ago(durations().agreed), Convention.voided_at < ago(durations().agreed)),
    rest=lambda: Convention.signed_copy.is_not(None),
    forget=_erase_copies,
    covers=("conventions",),
)

KEPT = (
    Kept(
        key="directory.letterhead",
        who=_l("Personne qui signe au nom du territoire, ou y protège les données"),
        what=_l("nom, fonction, signature, courriel"),
        until=_l("avec l'en-tête : ses versions disent ce que les papiers émis disaient"),
        covers=("letterheads", "letterhead_signatories", "accessibility_declarations", "fiscal_bases"),
    ),
    Kept(
        key="directory.contacts",
        who=_l("Contact d'une structure avec qui nous travaillons"),
        what=_l("nom, fonction, courriel, téléphone"),
        until=_l("tant que la personne y travaille et que la structure nous connaît"),
        covers=("contacts", "organisations"),
    ),
    Kept(
        key="directory.mail",
        who=_l("Personne au nom de qui les courriels partent"),
        what=_l("adresse d'envoi, adresse de l'essai"),
        until=_l("avec le réglage du courriel"),
        covers=("mail_settings",),
    ),
    Kept(
        key="directory.sms",
        who=_l("Personne qui a réglé l'envoi des SMS"),
        what=_l("son compte, à la version qu'elle a enregistrée ; des messages, ni numéro ni texte n'est gardé"),
        until=_l("avec le réglage des SMS"),
        covers=("sms_settings", "sms_sendings"),
    ),
    Kept(
        key="directory.policies",
        who=_l("Personne qui décide d'une règle"),
        what=_l("le nom de l'instance ou de la personne qui a décidé, et pourquoi"),
        until=_l("pour toujours : c'est ce qui permet de défendre une décision"),
        covers=("policy_versions", "policy_drafts"),
    ),
)
