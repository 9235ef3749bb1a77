"""What comes in about referrals, allocations and hand-overs."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, post_load, validates, validates_schema

from refurb.documents.fields import PersonName
from refurb.documents.signatures import Drawing, check_bound
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Email, LongText, Many, Number, Phone, Pick, Text, Tick, Word, Year
from refurb.kernel.web.money import Euros
from refurb.referrals.cases.notice import missing_language, notice_languages
from refurb.referrals.connected import CONNECTED_BY, PAYERS, ConnectedBy, Payer
from refurb.referrals.paid import PAID_BY, PaidBy
from refurb.referrals.words import (
    ACCESSORIES,
    ADAPTATIONS,
    CHANNELS,
    CONNECTIONS,
    HOUSEHOLD_ANSWERS,
    MOBILITIES,
    NOTICE_LANGUAGES,
    PRIORITY_AREAS,
    PURPOSES,
    REFUSAL_REASONS,
    SETTLEMENTS,
    SIGNATURE_KINDS,
    SITUATIONS,
    USAGES,
    Accessory,
    Adaptation,
    Channel,
    Connection,
    HouseholdAnswer,
    Mobility,
    NoticeLanguage,
    PriorityArea,
    RefusalReason,
    Settlement,
    SignatureKind,
    Situation,
    StatedPurpose,
    Usage,
)

_FIRST, _LAST, _COMMUNE = _l("Prénom"), _l("Nom"), _l("Commune")
_CHANNEL, _USAGE, _SITUATION = _l("Comment la joindre ?"), _l("Pour quoi faire ?"), _l("Situation")
_CHECKED, _CHECKED_HELP = _l("Éligibilité vérifiée le"), _l("Vous avez vérifié les conditions : aucun justificatif n'est à joindre.")
_TOLD, _TOLD_HELP = (
    _l("Notice d'information remise le"),
    _l("La personne sait ce qui est noté, qui le lit, et quels sont ses droits."),
)
# Days for which a check of the conditions, and what somebody was told, still stand.
_STANDS = 366
# Days for which a device may be kept for somebody.
HOLD_MOST = 366
_UNSEEN: dict[str, Any] = {"autocomplete": "off"}

# What can be asked for; anything else is handed over by other ways.
_KINDS = (
    DeviceKind.LAPTOP,
    DeviceKind.DESKTOP,
    DeviceKind.TABLET,
    DeviceKind.SMARTPHONE,
    DeviceKind.MONITOR,
    DeviceKind.PRINTER,
)
REQUESTED_KINDS = {kind: DEVICE_KINDS[kind] for kind in _KINDS}


class NoticeWord(Word):
    """A language of the notice; one in which it is not there is refused with those in which it is."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> StrEnum | None:
        try:
            found = super()._deserialize(value, attr, data, **kwargs)
        except ValidationError:
            found = None
        if value is not None and found not in notice_languages():
            raise ValidationError([missing_language()])
        return found


class DraftReferral(Schema):
    """A referral as far as it is written: nothing is required yet, what is there is well formed."""

    partner_id = Pick(_l("Structure"))
    first_name = PersonName(_FIRST, max=80, attrs=_UNSEEN)
    last_name = PersonName(_LAST, max=80, attrs=_UNSEEN)
    birth_year = Year(_l("Année de naissance"), help=_l("Quatre chiffres, par exemple 1987. Le jour n'est pas demandé."), attrs=_UNSEEN)
    commune = Text(_COMMUNE, max=120, attrs=_UNSEEN)
    channel = Word(Channel, _CHANNEL, labels=CHANNELS, widget="radio")
    phone = Phone(_l("Téléphone"), attrs=_UNSEEN, sometimes=True)
    email = Email(_l("Adresse de courriel"), attrs=_UNSEEN, sometimes=True)
    device_kind = Word(DeviceKind, _l("Appareil demandé"), labels=REQUESTED_KINDS, widget="radio")
    usage = Word(Usage, _USAGE, labels=USAGES, widget="radio")
    situation = Word(Situation, _SITUATION, labels=SITUATIONS, widget="radio")
    purposes = Many(
        Word(StatedPurpose, labels=PURPOSES),
        _l("Il servira aussi à…"),
        choices=lambda: [(each.value, PURPOSES[each]) for each in PURPOSES],
        help=_l("Compté sans nom à l'envoi, puis retiré du dossier."),
    )
    household_size = Number(_l("Personnes au foyer"), min=1, max=30)
    school_children = Number(_l("Enfants scolarisés dans le foyer"), max=20, sometimes=True)
    priority_area = Word(
        PriorityArea,
        _l("Le foyer habite-t-il un quartier prioritaire (QPV) ?"),
        labels=PRIORITY_AREAS,
        widget="radio",
        help=_l("C'est vous qui le dites : l'adresse n'est pas demandée pour cela."),
    )
    connection = Word(Connection, _l("Une connexion à la maison ?"), labels=CONNECTIONS, widget="radio")
    adaptations = Many(
        Word(Adaptation, labels=ADAPTATIONS),
        _l("L'appareil doit-il être adapté ?"),
        choices=lambda: [(each.value, ADAPTATIONS[each]) for each in ADAPTATIONS],
        help=_l("L'adaptation de l'appareil, pas la santé de la personne."),
    )
    mobility = Word(Mobility, _l("Comment viendra-t-elle le chercher ?"), labels=MOBILITIES, widget="radio")
    stop_id = Pick(_l("À quel arrêt ?"), sometimes=True)
    address = Text(
        _l("Adresse postale"),
        max=200,
        sometimes=True,
        help=_l("Pour le courrier ou la visite seulement : effacée dès que la demande est close."),
        attrs=_UNSEEN,
    )
    has_no_computer = Tick(_l("Aucun ordinateur au foyer"), help=_l("La coordination le lit ; l'ordre de la liste n'en dépend pas."))
    note = LongText(_l("Un mot pour l'équipe"), max=200, help=_l("Ni santé, ni revenus, ni nationalité, ni récit de vie. 200 caractères."))
    eligibility_checked_on = Date(_CHECKED, help=_CHECKED_HELP, within=_STANDS, widget="day")
    notice_given_on = Date(_TOLD, help=_TOLD_HELP, within=_STANDS, widget="day")
    notice_language = NoticeWord(NoticeLanguage, _l("Dans quelle version ?"), labels=NOTICE_LANGUAGES, widget="radio", sometimes=True)

    @post_load
    def keep_one_channel(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Only the chosen way to reach the person is kept."""
        if facts.get("channel") is not Channel.PHONE:
            facts["phone"] = None
        if facts.get("channel") is not Channel.EMAIL:
            facts["email"] = None
        return facts

    @validates_schema(skip_on_field_errors=False)
    def counts_a_household(self, facts: dict[str, Any], **_: Any) -> None:
        """No more children go to school than there are people."""
        size, children = facts.get("household_size"), facts.get("school_children")
        if size and children and children > size:
            raise ValidationError([Fault("referral.more_children", size=size, children=children)], "school_children")


class CompleteReferral(DraftReferral):
    """A referral as it is submitted."""

    first_name = PersonName(_FIRST, required=True, max=80, attrs=_UNSEEN)
    last_name = PersonName(_LAST, required=True, max=80, attrs=_UNSEEN)
    commune = Text(_COMMUNE, required=True, max=120, attrs=_UNSEEN)
    channel = Word(Channel, _CHANNEL, labels=CHANNELS, widget="radio", required=True)
    device_kind = Word(DeviceKind, _l("Appareil demandé"), labels=REQUESTED_KINDS, widget="radio", required=True)
    usage = Word(Usage, _USAGE, labels=USAGES, widget="radio", required=True)
    situation = Word(Situation, _SITUATION, labels=SITUATIONS, widget="radio", required=True)
    eligibility_checked_on = Date(_CHECKED, help=_CHECKED_HELP, within=_STANDS, widget="day", required=True)
    notice_given_on = Date(_TOLD, help=_TOLD_HELP, within=_STANDS, widget="day", required=True)

    @validates_schema(skip_on_field_errors=False)
    def reaches_the_person(self, facts: dict[str, Any], **_: Any) -> None:
        """The chosen way has its number or address."""
        channel = facts.get("channel")
        if channel is Channel.PHONE and not facts.get("phone"):
            raise ValidationError([Fault("referral.no_phone")], "phone")
        if channel is Channel.EMAIL and not facts.get("email"):
            raise ValidationError([Fault("referral.no_email")], "email")
        if (channel is Channel.LETTER or facts.get("mobility") is Mobility.HOME) and not facts.get("address"):
            raise ValidationError([Fault("referral.no_address")], "address")


class PersonReached(CompleteReferral):
    """How a person is reached, alone: what is corrected after everything else is settled."""

    class Meta:
        fields = ("channel", "phone", "email", "address")
        ordered = True


class OfficeReferral(CompleteReferral):
    """The same, written by the office for a partner."""

    partner_id = Pick(_l("Structure"), required=True)


class QuestionTold(Schema):
    """What the coordination wants to know."""

    question = LongText(
        _l("Votre question"), required=True, max=500, help=_l("La structure la lit telle quelle. Ni santé, ni revenus, ni nationalité.")
    )


class AnswerTold(Schema):
    """What the partner answers."""

    answer = LongText(_l("Votre réponse"), required=True, max=500, help=_l("Ni santé, ni revenus, ni nationalité, ni récit de vie."))


class WordTold(Schema):
    """A word of either side, to which nothing waits for an answer."""

    word = LongText(_l("Un mot dans ce dossier"), required=True, max=500, help=_l("Ni santé, ni revenus, ni nationalité, ni récit de vie."))


class Refused(Schema):
    """Why it is refused."""

    reason = Word(RefusalReason, _l("Motif"), labels=REFUSAL_REASONS, widget="radio", required=True)


class AllocationChosen(Schema):
    """Which device a referral is given, and why out of order when it is."""

    device = Text(_l("Appareil"), required=True, max=120)
    override = Tick(_l("Je déroge à l'ordre de la liste"))
    over_quota = Tick(_l("Je dépasse le quota de la structure"))
    reason = Text(
        _l("Pourquoi ?"),
        max=300,
        sometimes=True,
        help=_l("Une phrase, sans nom. Elle est gardée avec votre nom et la version de la règle."),
    )


class JoinedInto(Schema):
    """By which request a household goes on, by its number."""

    into = Number(_l("Demande qui continue"), required=True, min=1, max=2**31 - 1)


class Cancelled(Schema):
    """Why an allocation is cancelled."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, help=_l("L'orientation reprend sa place, l'appareil redevient prêt."))


class HeldLonger(Schema):
    """Until when a device waits for its family, and why."""

    until = Date(_l("Réservé jusqu'au"), required=True, future=True, past=False)
    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True, help=_l("Une phrase, sans nom. Elle est gardée avec le vôtre."))

    @validates("until")
    def is_within_a_year(self, until: date, **_: Any) -> None:
        """Nothing waits longer for somebody."""
        if until > today() + timedelta(days=HOLD_MOST):
            raise ValidationError([Fault("field.date_too_far", year=until.year)])


class Signed(Schema):
    """What goes with the device, who takes it for somebody else, and how its slip is signed."""

    accessories = Many(
        Word(Accessory, labels=ACCESSORIES),
        _l("Accessoires remis"),
        choices=lambda: [(each.value, ACCESSORIES[each]) for each in ACCESSORIES],
        sometimes=True,
    )
    fetched_by = Text(
        _l("Qui vient à sa place ?"),
        max=120,
        help=_l("Rien si la personne vient elle-même. Sinon, le nom de qui signe et emporte : il est écrit sur le bon."),
    )
    signature_kind = Word(SignatureKind, _l("Signature du bon de remise"), labels=SIGNATURE_KINDS, widget="radio", required=True)
    signature = Drawing(_l("Signature de la personne qui reçoit"), sometimes=True)
    # The sum of the text under which was drawn: a change of it voids the drawing.
    shown = Text(max=64, widget="hidden")

    @validates_schema(skip_on_field_errors=False)
    def is_signed(self, facts: dict[str, Any], **_: Any) -> None:
        """What is said to be drawn was drawn, under a text."""
        if facts.get("signature_kind") is SignatureKind.DRAWN and not facts.get("signature"):
            raise ValidationError([Fault("handover.not_signed")], "signature")
        if facts.get("signature_kind") is SignatureKind.DRAWN:
            check_bound(facts["signature"], facts.get("shown"))


class HandedOver(Signed):
    """The same, and where what was allocated is handed over."""

    place = Text(_l("Lieu de la remise"), required=True, max=160)

    # What the bag held when the page was drawn: what was put into it since is shown first (`SlipChanged`).
    packed = Text(max=200, widget="hidden")

    # The slip's other language: a change of it is a change of the text.
    beside = Word(NoticeLanguage, labels=NOTICE_LANGUAGES, widget="hidden")


class MachineAdded(Schema):
    """Which other machine is given with the one that was decided on, and why."""

    device = Text(
        _l("Code de l'appareil"), required=True, max=120, help=_l("Scannez l'étiquette d'un appareil prêt : il est réservé aussitôt.")
    )
    reason = Text(_l("Pourquoi ?"), required=True, max=300, help=_l("Une phrase, sans nom. Elle est gardée avec le vôtre."))


class ConnectionTold(Schema):
    """Which connection goes with a hand-over, who pays for it and until when."""

    connected_by = Word(ConnectedBy, _l("Par quoi ?"), labels=CONNECTED_BY, widget="radio", required=True)
    operator = Text(
        _lp("connection", "Opérateur"), required=True, max=50, help=_l("Le nom de l'offre ou de l'opérateur, jamais un numéro de ligne.")
    )
    payer = Word(Payer, _l("Qui paie ?"), labels=PAYERS, widget="radio", required=True)
    paid_until = Date(
        _l("Payé jusqu'au"),
        future=True,
        past=False,
        sometimes=True,
        help=_l("Un mois avant, la structure est prévenue, et la famille si elle a un courriel. Rien si la famille paie sans fin prévue."),
    )


class ParticipationTold(Schema):
    """What is paid at the hand-over, and how; never a number of a card or of an account."""

    euros = Euros(_l("Montant, en euros"), required=True, attribute="cents")
    paid_by = Word(PaidBy, _l("Comment est-ce payé ?"), labels=PAID_BY, widget="radio", required=True)


class HouseholdAnswered(Schema):
    """What the prescriber says of the request that exists for a like household."""

    answer = Word(HouseholdAnswer, _l("Est-ce la même famille ?"), labels=HOUSEHOLD_ANSWERS, widget="radio", required=True)
    word = Text(
        _l("Un mot pour la coordination"),
        max=200,
        sometimes=True,
        help=_l("Ce qui aide à trancher. Ni santé, ni revenus, ni récit de vie."),
    )


class LikenessSettled(Schema):
    """Whether two like households are one, and why; or what both prescribers are asked."""

    settlement = Word(Settlement, _l("Votre choix"), labels=SETTLEMENTS, widget="radio", required=True)
    reason = LongText(
        _l("Pourquoi, ou la question à poser"),
        required=True,
        max=300,
        help=_l("Pour demander : la question part telle quelle dans les deux dossiers, sans montrer l'autre. N'y mettez pas de nom."),
    )


class Separated(Schema):
    """Why a household is none with the others after all."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, help=_l("Une phrase, sans nom. Elle est gardée avec le vôtre."))
