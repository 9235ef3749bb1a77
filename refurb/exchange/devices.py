"""Machines that stand here already, from a table: each enters by the one donation of its donor and day, and nothing is taken for proven."""

import datetime as dt
from typing import Any

from marshmallow import Schema
from sqlalchemy import select

from refurb.directory.sites.schemas import SitePick
from refurb.exchange.headings import Headings
from refurb.exchange.kinds import AlreadyHere, Facts, RowKind
from refurb.exchange.lending import ITEM_HEADINGS, marks_of
from refurb.exchange.models import ExchangeMark
from refurb.exchange.words import ExchangeKind
from refurb.inventory.bench.actions.notes import write_note
from refurb.inventory.devices.actions.entries import DeviceEntry
from refurb.inventory.dock.actions.stock import enter_stock, open_stock
from refurb.inventory.lists.kinds import kind_of_model, kind_word
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.readers.identity import is_placeholder
from refurb.inventory.readers.serials import spellings_of
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.inventory.words.donations import LEGAL_ORIGINS, LegalOrigin
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _, _l, _lp, day
from refurb.kernel.web.fields import Date, Siren, Text, Wrong

# Of Snipe-IT's export of hardware and GLPI's list of computers; a date of purchase is none of arrival, and is not read for one.
HEADINGS: Headings = {
    "kind": ("nature", "category", "categorie", "type", "type de materiel", "famille", "device type"),
    "manufacturer": ("fabricant", "marque", "constructeur", "manufacturer", "brand", "make"),
    "model": ("modele", "model", "model name", "designation", "produit"),
    "serial": ITEM_HEADINGS["serial"],
    "tag": ITEM_HEADINGS["tag"],
    "donor": ("donateur", "donor", "donne par", "provenance"),
    "siren": ("siren", "siren du donateur"),
    "received_on": ("recu le", "date de reception", "date d'entree", "date du don", "received", "received on"),
    "told_state": ("statut", "status", "etat", "state", "status label"),
}


class _Kind(Text):
    """A kind by one of the words that people have for it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return kind_word(text) if text else None


class DeviceRow(Schema):
    """One machine in a table."""

    kind = _Kind(_l("Nature"), max=120)
    manufacturer = Text(_l("Fabricant"), max=120)
    model = Text(_l("Modèle"), max=160)
    serial = Text(_l("N° de série"), max=120)
    tag = Text(_l("N° d'inventaire"), max=120)
    donor = Text(_l("Donateur"), max=100)
    siren = Siren(_l("SIREN du donateur"))
    received_on = Date(_l("Reçu le"))
    told_state = Text(_l("État d'après le fichier"), max=80)


class _Choice(Text):
    """One of some words, told as it is kept."""

    widget = "select"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        choices = self.metadata["choices"]()
        if text not in {each for each, _label in choices}:
            raise Wrong("field.choice")
        return text


class _Day(Date):
    """A day, kept as ISO 8601 writes it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs).isoformat()


def _origins() -> list[tuple[str, Any]]:
    """How it may have come; a private person's gift is announced by name, one by one."""
    first = (LegalOrigin.OWN_STOCK, LegalOrigin.PURCHASE)
    return [(each.value, LEGAL_ORIGINS[each]) for each in (*first, *(o for o in LegalOrigin if o not in (*first, LegalOrigin.INDIVIDUAL)))]


class DeviceChoices(Schema):
    """What the import of machines asks."""

    donor = Text(_l("De qui vient ce matériel, quand le fichier ne le dit pas"), required=True, max=100)
    legal_origin = _Choice(_l("Comment il est venu"), required=True, choices=_origins)
    received_on = _Day(_l("Là depuis le, quand le fichier ne le dit pas"), required=True)
    kind = _Choice(
        _l("Nature, quand ni le fichier ni le modèle ne la disent"),
        required=True,
        choices=lambda: [(kind.value, label) for kind, label in DEVICE_KINDS.items()],
        help=_l(
            "Chaque machine entre à l'état « Reçu ». Ce que le fichier dit de son état est écrit dans ses notes : un effacement se prouve, "
            "il ne se déclare pas."
        ),
    )
    site_id = SitePick(_lp("exchange", "Où c'est"))


def _check(facts: Facts) -> None:
    if not any(facts.get(each) for each in ("model", "serial", "tag")):
        raise Invalid({"model": [Fault("field.required")]})
    if facts.get("serial") and is_placeholder(facts["serial"]):
        raise Invalid({"serial": [Fault("device.serial_placeholder", serial=facts["serial"])]})


def _keys(facts: Facts) -> set[str]:
    named = (facts.get("manufacturer") or "", facts.get("model") or "", facts.get("donor") or "")
    return marks_of(facts) or {"machine " + " ".join(map(fold, named))}


def _unnumbered(facts: Facts, first: int) -> Fault | None:
    """Two machines without a number may be two of a model, or one written twice: nobody can tell, and none is lost in silence."""
    return None if marks_of(facts) else Fault("exchange.unnumbered", row=first)


def _known(facts: Facts) -> AlreadyHere | None:
    """A machine is known by the number on its former label, or by the serial that anything here has read of it."""
    marks = marks_of(facts) or _keys(facts)
    query = select(Device).join(ExchangeMark, ExchangeMark.subject_id == Device.id)
    found = db.session.scalars(query.where(ExchangeMark.subject_kind == Device.KIND, ExchangeMark.mark.in_(marks)).limit(1)).first()
    if found is None and facts.get("serial"):
        found = db.session.scalars(select(Device).where(Device.serial.in_(spellings_of(facts["serial"]))).limit(1)).first()
    return AlreadyHere(found.id, "inventory.device", {"code": found.code}) if found else None


def _stock(actor: Actor, facts: Facts, choices: Facts) -> Donation:
    """The donation of a donor and a day by which what was here already enters: the one of the rows before, or of the last table."""
    donor, on = facts.get("donor") or choices["donor"], facts.get("received_on") or dt.date.fromisoformat(choices["received_on"])
    mark = f"stock {fold(donor)[:100]} {on} {choices['legal_origin'][:24]}"[:140]
    query = select(Donation).join(ExchangeMark, ExchangeMark.subject_id == Donation.id)
    found = db.session.scalar(query.where(ExchangeMark.subject_kind == Donation.KIND, ExchangeMark.mark == mark))
    if found is None:
        origin = LegalOrigin(choices["legal_origin"])
        found = open_stock(
            actor, donor_name=donor, donor_siren=facts.get("siren"), legal_origin=origin, kind=_kind(facts, choices), received_on=on,
            site_id=choices.get("site_id"),
        )  # fmt: skip
        db.session.add(ExchangeMark(subject_kind=Donation.KIND, subject_id=found.id, mark=mark))
    return found


def _kind(facts: Facts, choices: Facts) -> DeviceKind:
    return facts.get("kind") or kind_of_model(facts.get("model") or "") or DeviceKind(choices["kind"])


def _store(actor: Actor, facts: Facts, choices: Facts) -> None:
    entry = DeviceEntry(_kind(facts, choices), facts.get("manufacturer"), facts.get("model"), facts.get("serial"))
    try:
        device = enter_stock(actor, _stock(actor, facts, choices), entry)
    except Invalid as invalid:  # What the donor lacks is told of the column that names it.
        raise Invalid({("siren" if name == "donor_siren" else name): faults for name, faults in invalid.fields.items()}) from invalid
    marks = marks_of(facts) or _keys(facts)
    db.session.add_all(ExchangeMark(subject_kind=Device.KIND, subject_id=device.id, mark=mark[:140]) for mark in marks)
    told = [
        _("ancien n° %(tag)s", tag=facts["tag"]) if facts.get("tag") else "",
        _("« %(state)s » d'après le fichier, à vérifier", state=facts["told_state"]) if facts.get("told_state") else "",
    ]
    if any(told):
        write_note(actor, device, _("Repris d'un fichier le %(day)s : %(told)s.", day=day(today()), told=", ".join(filter(None, told))))


DEVICES = RowKind(
    kind=ExchangeKind.DEVICES,
    icon="laptop",
    title=_l("Machines déjà là"),
    about=_l("Ordinateurs, tablettes, écrans du stock : chacun entre « Reçu », avec son étiquette à imprimer."),
    permission=Permission.DONATION_WRITE,
    schema=DeviceRow,
    headings=HEADINGS,
    one_of=(frozenset({"model"}), frozenset({"serial"}), frozenset({"tag"})),
    keys=_keys,
    find=_known,
    store=_store,
    unlike=_unnumbered,
    check=_check,
    choices=DeviceChoices,
    endpoint="inventory.devices_list",
)
