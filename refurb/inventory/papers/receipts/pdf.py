"""What a tax receipt says: the mentions of the forms 11580 and 16216, in our own layout; no rate, and nothing of what the donor saves."""

import re
from collections import Counter

from flask_babel import force_locale

from refurb.directory.fiscal.models import FiscalBasis
from refurb.directory.fiscal.words import STANDINGS
from refurb.directory.letterhead.models import Letterhead
from refurb.directory.letterhead.words import LEGAL_FORMS
from refurb.directory.models import Organisation
from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Paragraph, Signatures, Table
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.papers.pdf.wording import griffes, grouped_siren, replacing, signed_for
from refurb.inventory.papers.queries import DonationRecord
from refurb.inventory.papers.receipts.models import GiftValuation
from refurb.inventory.papers.receipts.texts import RECEIPT_TEXT
from refurb.inventory.papers.receipts.words import ARTICLES, METHODS_SAID, Article
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.money import euros_said
from refurb.kernel.speech.names import core_name, of_name
from refurb.kernel.speech.words import _, _n, _p, day

_WHOLE = re.compile(r"(?P<street>.*\w.*?),?\s+(?P<town>\d{5}\s+\S.*)\Z")
"""Somewhere, then a postcode and a commune: as it was typed in one line, or as the record of an organisation has them."""


def framed(cents: int) -> str:
    """An amount between asterisks, as a receipt that a machine writes has it instead of words."""
    return f"***{euros_said(cents)}***"


def postal_lines(donor: Organisation) -> tuple[str, ...]:
    """The donor's name and address, line by line, as the window of an envelope shows them; none where the address is not whole."""
    found = _WHOLE.match(" ".join((donor.postal_address or "").split()))
    return (donor.name, *(part.strip() for part in found["street"].split(", ")), found["town"]) if found else ()


def tax_receipt(
    known: DonationRecord,
    valuation: GiftValuation,
    basis: FiscalBasis,
    head: Letterhead,
    article: Article,
    signer: Actor,
    replaces: Paper | None,
) -> Draft:
    """The receipt of a gift in kind; whoever calls has seen that nothing of it is missing."""
    with force_locale(LANGUAGE):
        text, donation = RECEIPT_TEXT.in_force(), known.donation
        donor, part = donation.donor, "companies" if article is Article.COMPANIES else "individuals"
        signature = signed_for(head.name, signer, PaperKind.TAX)
        total = framed(valuation.cents)
        described = _described(known)
        units = _n("%(num)s unité", "%(num)s unités", sum(described.values()))
        lead = text.say("lead", issuer=head.name, of_donor=of_name(donor.name), date=day(donation.received_on), units=units, sum=total)
        blocks: list[Block] = [
            *replacing(text, replaces),
            Paragraph(text.say(f"form.{part}")),
            Heading(text.say("headings.receiver")),
            _receiver(basis, head),
            Heading(text.say("headings.donor")),
            _donor(donor, valuation, article),
            Heading(text.say("headings.gift")),
            _gift(donation.reference, day(donation.received_on), total, article),
            Paragraph(_valued(text, valuation)),
            Heading(text.say("headings.devices")),
            _table(described),
            Claim(text.say(f"certifies.{part}")),
            Signatures((signature,)),
        ]
        return Draft(
            text.say("title"), lead, tuple(blocks), strong=(core_name(donor.name), total), images=griffes(signature), language=LANGUAGE,
            search=(donor.name, donation.reference), wording=text.version, to=postal_lines(donor),
        )  # fmt: skip


def _receiver(basis: FiscalBasis, head: Letterhead) -> Facts:
    where = ", ".join(part for part in (head.street, f"{head.postcode or ''} {head.commune}".strip()) if part)
    facts = [(_("Dénomination"), head.name), (_("Forme juridique"), str(LEGAL_FORMS[head.legal_form]))]
    if head.siret:
        facts.append((_("SIREN"), grouped_siren(head.siret[:9])))
    if head.rna:
        facts.append((_p("receipt", "RNA"), head.rna))
    return Facts((*facts, (_("Adresse"), where), (_("Objet"), basis.purpose), (_("Qualité"), str(STANDINGS[basis.standing]))))


def _donor(donor: Organisation, valuation: GiftValuation, article: Article) -> Facts:
    where = (_("Adresse"), donor.postal_address or "")
    if article is Article.INDIVIDUALS:
        return Facts(((_("Nom et prénom"), donor.name), where))
    assert donor.siren
    form = (_("Forme juridique"), valuation.donor_form or "")
    return Facts(((_("Dénomination"), donor.name), form, (_("SIREN"), grouped_siren(donor.siren)), where))


def _gift(reference: str, given: str, total: str, article: Article) -> Facts:
    return Facts((
        (_("Don"), reference),
        (_("Date du don"), given),
        (_("Nature du don"), _("Don en nature : matériel informatique d'occasion")),
        (_("Forme du don"), _("Déclaration de don manuel")),
        (_("Valeur du don"), total),
        (_("Article du code général des impôts"), ARTICLES[article]),
    ))  # fmt: skip


def _valued(text: Wording, valuation: GiftValuation) -> str:
    if valuation.method is not None:
        return text.say("valued.companies", method=str(METHODS_SAID[valuation.method]), date=day(valuation.told_on))
    who = wired().name_of(valuation.noted_by) or _("l'organisme")
    return text.say("valued.individuals", who=who, date=day(valuation.told_on), basis=valuation.basis or "")


def _described(known: DonationRecord) -> Counter[tuple[DeviceKind, str]]:
    """All that was received, by kind and model; a machine that has no record yet is counted with what is known of it.

    Where a kind was corrected on one side only, no more are without a record than there are in all.
    """
    counted = Counter((each.kind, each.name or "") for each in known.devices)
    entered: Counter[DeviceKind] = Counter()
    for (kind, _name), count in counted.items():
        entered[kind] += count
    missing = known.accepted - entered.total()
    for kind, line in known.arrival.kinds:
        if (left := min((line.received or 0) - entered[kind], missing)) > 0:
            counted[kind, ""] += left
            missing -= left
    return counted


def _table(counted: Counter[tuple[DeviceKind, str]]) -> Table:
    rows = sorted((str(DEVICE_KINDS[kind]), name or _("modèle non relevé"), count) for (kind, name), count in counted.items())
    return Table(
        _("Description du don en nature"),
        (Column(_("Type")), Column(_("Marque et modèle")), Column(_("Quantité"), "end")),
        tuple((kind, name, str(count)) for kind, name, count in rows),
        (_("Total"), "", str(sum(count for _kind, _name, count in rows))),
    )
