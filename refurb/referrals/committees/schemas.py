"""What comes in about committees."""

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from refurb.accounts.queries import able
from refurb.documents.fields import PersonName
from refurb.kernel.deeds.access import Permission
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.fields import LongText, Moment, Number, Pick, Text, Tick, Word
from refurb.referrals.committees.queries import organisations_that_sit
from refurb.referrals.committees.words import LINE_REASONS, SEATS, SUITS, VERDICTS, LineReason, LineVerdict, Seat

MOST_FILES = 60
_NO_NAME = _l("Sans nom : la phrase paraît au compte rendu.")


def people_with_an_account() -> list[tuple[str, str]]:
    """Who may sit and signs in here."""
    found = dict([*able(Permission.COMMITTEE_SIT), *able(Permission.REFERRAL_DECIDE)])
    people = sorted(found.items(), key=lambda each: each[1])
    return [("", _("Personne sans compte : écrire son nom")), *((str(number), name) for number, name in people)]


def organisations_to_sit_for() -> list[tuple[str, str]]:
    """For which organisation somebody may sit."""
    return [("", _("Aucune")), *organisations_that_sit()]


class CommitteePlan(Schema):
    """When and where it sits, and how many decide."""

    title = Text(_l("Titre"), required=True, max=120)
    starts_at = Moment(_l("Date et heure"), required=True)
    place = Text(_l("Lieu"), required=True, max=160)
    least_present = Number(_l("Présents pour décider"), required=True, min=1, max=50, help=_l("La séance ne s'ouvre pas à moins."))


class AgendaAsked(Schema):
    """How long an agenda is made."""

    most = Number(_l("Dossiers, au plus"), required=True, min=1, max=MOST_FILES)


class FileAdded(Schema):
    """A file that is put on besides, and why."""

    reference = Text(_l("Orientation"), required=True, max=16, attrs={"autocapitalize": "characters", "spellcheck": "false"})
    because = Text(_l("Pourquoi ?"), required=True, max=200, help=_l("Une phrase, sans nom. Les membres la lisent."))


class ProposalChanged(Schema):
    """What is proposed on a file."""

    verdict = Word(LineVerdict, _lp("committee", "Proposition"), labels=VERDICTS, widget="radio", required=True)


class MemberAdded(Schema):
    """Somebody who sits: an account, or a name."""

    account_id = Pick(_l("Qui ?"), choices=people_with_an_account, sometimes=True)
    name = PersonName(_l("Nom, pour qui n'a pas de compte"), max=120, sometimes=True)
    organisation_id = Pick(
        _l("Siège pour"), choices=organisations_to_sit_for, sometimes=True, help=_l("Personne ne siège sur un dossier de sa structure.")
    )
    seat = Word(Seat, _l("Comme"), labels=SEATS, required=True)

    @validates_schema(skip_on_field_errors=False)
    def is_somebody(self, facts: dict[str, Any], **_: Any) -> None:
        """Somebody is meant."""
        if not facts.get("account_id") and not facts.get("name"):
            raise ValidationError([Fault("field.required")], "name")


class MemberChanged(Schema):
    """Whether somebody comes, and as what she sits, where that changes."""

    comes = Tick(_lp("committee", "Vient"))
    seat = Word(Seat, _l("Comme"), labels=SEATS, sometimes=True)


class MemberLeaves(Schema):
    """For which file a member leaves the room, and why."""

    member_id = Pick(_l("Qui sort ?"), required=True)
    word = Text(
        _l("Pourquoi ?"), required=True, max=200, help=_l("En un mot, sans nom : « connaît la famille ». Il paraît au compte rendu.")
    )


class DecisionNoted(Schema):
    """What the committee decides on one file, and why."""

    verdict = Word(LineVerdict, _l("Décision"), labels=VERDICTS, widget="radio", required=True)
    reason = Word(LineReason, _l("Raison"), labels=LINE_REASONS, required=True)
    note = Text(_l("En une phrase"), max=300, sometimes=True, help=_NO_NAME)
    question = LongText(
        _l("Question à la structure"),
        max=500,
        sometimes=True,
        help=_l("Elle part à la clôture, telle quelle. Ni santé, ni revenus, ni nationalité."),
    )
    device = Text(_l("Appareil"), max=120, sometimes=True)
    over_quota = Tick(_l("Dépasser le quota, avec l'accord de qui préside la séance"))

    @validates_schema(skip_on_field_errors=True)
    def is_whole(self, facts: dict[str, Any], **_: Any) -> None:
        """The reason is one for this verdict, and what has to be said in words is."""
        if facts["reason"] not in SUITS[facts["verdict"]]:
            raise ValidationError([Fault("committee.other_reason")], "reason")
        if facts["reason"].is_in_words and not facts.get("note"):
            raise ValidationError([Fault("field.required")], "note")
        if facts.get("question") and facts["verdict"] is not LineVerdict.LATER:
            raise ValidationError([Fault("committee.question_defers")], "question")


class ReadAloud(Schema):
    """That those who sit have heard what was noted."""

    read_aloud = Tick(_l("Relu en séance"), must=True)
