"""What must hold before a partner refers, and before an organisation is added, archived or merged."""

from datetime import date

from refurb.directory.models import Organisation
from refurb.directory.organisations.queries import standing_of
from refurb.directory.organisations.standing import Leave
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Refusal


class OrganisationKnown(Conflict):
    """One of that name is in the directory already; whoever means another one says so."""

    code = "organisation.known"


class NoLongerDealtWith(Refusal):
    """The organisation is archived: it is not chosen for anything new."""

    code = "organisation.archived"


class NotAPartner(Refusal):
    """The organisation does not refer families, or no longer."""

    code = "organisation.not_a_partner"


class ConventionEnded(Refusal):
    """The partner's convention has ended, and no other is in force."""

    code = "organisation.convention_ended"


class ConventionNotSigned(Refusal):
    """The partner's convention is still in preparation."""

    code = "organisation.convention_not_signed"


class ConventionNotBegun(Refusal):
    """The partner's convention is signed and begins later."""

    code = "organisation.convention_not_begun"


class WorkIsOpen(Refusal):
    """Something of the organisation is still under way."""

    code = "organisation.work_is_open"


class MergedIntoItself(Refusal):
    """The two records are one."""

    code = "organisation.merged_into_itself"


class NotToBeMerged(Refusal):
    """One of the two is no record that can be merged: our own, a person's, or one that was merged already."""

    code = "organisation.not_to_be_merged"


class NoPerson(Refusal):
    """It has what only an organisation has."""

    code = "organisation.no_person"


class TwoLegalPersons(Refusal):
    """The two have different numbers of the INSEE or the RNA: they are two."""

    code = "organisation.two_legal_persons"


class NotMerged(Refusal):
    """The record stands for itself: there is nothing to part."""

    code = "organisation.not_merged"


class MergedUnkept(Refusal):
    """It was merged before what a merger moves was kept."""

    code = "organisation.merged_unkept"


class MergedFurther(Refusal):
    """The record that was kept was itself merged into another one since."""

    code = "organisation.merged_further"


class KeptIsArchived(Refusal):
    """The record that was kept is archived."""

    code = "organisation.kept_is_archived"


def may_refer(partner: Organisation, day: date | None = None) -> None:
    """A partner that we deal with, whose convention is in force, or with whom none was agreed; or ourselves, whose advisers refer."""
    if partner.is_home:
        return
    if partner.archived_at is not None:
        raise NoLongerDealtWith(name=partner.name)
    if not partner.is_partner:
        raise NotAPartner(name=partner.name)
    standing = standing_of(partner, day or today())
    if standing.leave is Leave.ENDED:
        raise ConventionEnded(name=partner.name, day=standing.until)
    if standing.leave is Leave.NOT_BEGUN:
        raise ConventionNotBegun(name=partner.name, day=standing.until)
    if standing.leave is Leave.PREPARING:
        raise ConventionNotSigned(name=partner.name)


def are_one(gone: Organisation, kept: Organisation) -> None:
    """Two records of one organisation, neither of them our own, a person's or merged already, without numbers that say otherwise."""
    if gone.id == kept.id:
        raise MergedIntoItself
    for each in (gone, kept):
        if each.is_home or each.is_person or each.merged_into_id is not None:
            raise NotToBeMerged(name=each.name)
    if kept.archived_at is not None:
        raise NoLongerDealtWith(name=kept.name)
    for number in ("siren", "rna"):
        numbers = getattr(gone, number), getattr(kept, number)
        if all(numbers) and numbers[0] != numbers[1]:
            raise TwoLegalPersons(one=numbers[0], other=numbers[1])
