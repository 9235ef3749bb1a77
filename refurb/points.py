"""What has to be there before a territory works, in the order of its first day; each point is computed by the room that knows it."""

from refurb.accounts.people.first_day import people_point
from refurb.directory.letterhead.first_day import letterhead_point
from refurb.directory.mailing.first_day import mailing_point
from refurb.directory.organisations.first_day import organisations_point
from refurb.directory.policies.first_day import policies_point
from refurb.directory.sites.first_day import sites_point
from refurb.documents.first_day import certificate_point
from refurb.inventory.labels.first_day import labels_point
from refurb.keeping.first_day import keeping_point
from refurb.kernel.deeds.points import PointOf

POINTS: tuple[PointOf, ...] = (
    letterhead_point,
    sites_point,
    people_point,
    organisations_point,
    policies_point,
    mailing_point,
    labels_point,
    certificate_point,
    keeping_point,
)
