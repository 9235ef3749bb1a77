"""What was promised to partners is never gone over in silence: counted, given back, walled, gone over by name."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.directory.organisations.actions.conventions import add_convention
from refurb.directory.organisations.actions.merging import merge_organisations
from refurb.directory.organisations.words import ConventionKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import text_in_file
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Invalid
from refurb.kernel.speech.sentences import sentence
from refurb.referrals.cases.actions import allocate, cancel_allocation
from refurb.referrals.cases.preview import order_effect
from refurb.referrals.cases.priority import UNCHANGED, Rise, Waited, order
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.quotas.policy import QUOTAS, quotas
from refurb.referrals.quotas.queries import left_today, quotas_of, taken_in
from refurb.referrals.quotas.rules import QuotaFull
from refurb.referrals.quotas.shown import left_said
from refurb.referrals.retention import erase_beneficiaries
from refurb.referrals.words import Situation
from tests.directory.policies.trying import adopted
from tests.referrals.cases.test_race import at_once
from tests.support.story import families, people

LAST = 'en = "Everybody else"\n'


def promise(others, partner="CCAS", *, on=None, first=None, last=None):
    """Adopt a period with one number for a partner."""
    people.settle()
    first, last = first or today() - dt.timedelta(days=60), last or today() + dt.timedelta(days=60)
    reference = people.organisation(partner).reference
    period = f'\n[[period]]\nstarts_on = {first}\nends_on = {last}\n[period.numbers."{reference}"]\nothers = {others}\n'
    adopted("quotas", (LAST, LAST + period), on=on)


def give(referral, device, **options):
    with unit_of_work():
        return allocate(people.actor(Role.COORDINATOR), referral, device, override=True, **{"reason": "Essai.", **options})


def hidden(page):
    """What a page of a trial sends along with its adoption."""
    form = page[page.index('id="adoption"') :]
    return {name: re.search(rf'name="{name}" value="([^"]*)"', form)[1] for name in ("seen", "shown")}


def left():
    return next(each for each in quotas_of(people.organisation("CCAS")) if each.public.key == "others")


def test_a_number_is_counted_gone_over_by_name_and_given_back(context):
    devices = [families.ready() for _ in range(4)]
    before, *waiting = [families.waiting() for _ in range(4)]
    early = give(before, devices.pop())  # Decided before there was a number, within its days: it counts.
    promise(2)
    assert (early.public, early.quota, left().taken, left().left) == ("others", None, 1, 1)

    first = give(waiting[0], devices.pop())
    assert (first.public, first.quota_place, first.quota_most, first.over_quota) == ("others", 2, 2, False)
    for options in ({}, {"over_quota": True, "reason": ""}):
        with pytest.raises(QuotaFull) as told:
            give(waiting[1], devices[-1], **options)
        assert "CCAS" in sentence(told.value)
    over = give(waiting[1], devices.pop(), over_quota=True, reason="Rentrée lundi.")
    assert (over.over_quota, over.quota_place, over.reason) == (True, 3, "Rentrée lundi.")
    assert (left().taken, left().most, left().left) == (3, 2, 0)

    with unit_of_work():
        cancel_allocation(people.actor(Role.COORDINATOR), first, reason="Erreur.")
    assert left().taken == 2, "a cancelled one gives its place back"
    with unit_of_work():
        cancel_allocation(people.actor(Role.COORDINATOR), over, reason="Erreur.")
    again = give(waiting[2], devices.pop())
    assert (again.quota_place, again.over_quota) == (2, False)


def test_nothing_said_limits_nothing_and_nought_gives_nothing(context):
    devices = [families.ready(), families.ready()]
    mine, theirs = families.waiting(), families.waiting(people.other_prescriber())
    promise(0)
    with pytest.raises(QuotaFull):
        give(mine, devices[0])
    assert give(theirs, devices[0]).quota is None


def test_the_databases_hold_what_was_promised(context):
    devices = [families.ready(), families.ready()]
    waiting = [families.waiting(), families.waiting()]
    promise(5)
    first, second = (give(*pair) for pair in zip(waiting, devices, strict=True))
    assert (first.quota_place, second.quota_place) == (1, 2)
    for wrong in (
        "quota_place = 1",
        "quota_place = 6",
        "quota_place = 0",
        "quota_place = NULL",
        "quota_most = 1",
        "over_quota = :yes, reason = ''",
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(text(f"UPDATE allocations SET {wrong} WHERE id = :id"), {"id": second.id, "yes": True})
        db.session.rollback()


def test_the_last_place_for_two_at_the_same_moment(app):
    with app.app_context():
        pairs = [(families.waiting().id, families.ready().code) for _ in range(2)]
        promise(1)

    def one(referral_id, code):
        def prepare(actor):
            referral = db.session.get_one(Referral, referral_id)
            device = db.session.scalars(db.select(families.Device).where(families.Device.code == code)).one()
            return lambda: allocate(actor, referral, device, override=True, reason="Deux à la fois.")

        return prepare

    answers = at_once(app, *(one(*each) for each in pairs))
    (refused,) = [refusal for refusal, _told in answers if refusal is not None]
    assert isinstance(refused, QuotaFull), refused
    with app.app_context():
        assert len(db.session.scalars(db.select(Allocation)).all()) == 1


def test_of_which_public_python_and_the_database_agree(context):
    year = today().year
    born = (None, year - 15, year - 16, year - 25, year - 26, 1940)
    referrals = [families.waiting(birth_year=each) for each in born]
    assert [quotas().public_of(each, year).key for each in referrals] == ["others", "others", "young", "young", "others", "others"]
    made = QUOTAS.read_text(text_in_file("quotas").replace("oldest = 25", 'oldest = 25\nsituations = ["scolarise"]\nkinds = ["monitor"]'))
    referrals.append(families.waiting(birth_year=year - 20, situation=Situation.STUDYING))
    for each in (quotas(), made):
        asked = db.select(Referral.id, each.public_key(year)).join(families.Referral.beneficiary)
        assert dict(db.session.execute(asked).all()) == {one.id: each.public_of(one, year).key for one in referrals}


def test_who_would_be_served_now_is_within_stock_and_quotas(context):
    """The oldest of a partner whose number is used up would be first, and would be given nothing."""
    for _ in range(2):
        families.ready()
    old = [families.waiting(), families.waiting()]
    with unit_of_work():
        for days, each in enumerate(old, start=200):
            each.submitted_at = now() - dt.timedelta(days=days)
    family = families.waiting(people.other_prescriber(), school_children=2)
    promise(1)
    before, after = replace(order(), waited=UNCHANGED), replace(order(), waited=Waited(60, Rise.FIRST))
    effect = order_effect(before, after)
    assert (effect.waiting, effect.ready) == (3, 2)
    assert {each.reference: each.gains for each in effect.changes} == {
        family.reference: None,
        old[0].reference: None,
        old[1].reference: None,
    }
    assert effect.partners == (), "one of each partner is served either way: the quota says so"


def test_a_number_for_nobody_or_outside_what_was_agreed_is_refused(context):
    people.settle()
    partner, ended = people.organisation("CCAS"), today() - dt.timedelta(days=30)
    with unit_of_work():
        began = ended - dt.timedelta(days=90)
        add_convention(
            people.actor(Role.COORDINATOR), partner, kind=ConventionKind.PARTNER, starts_on=began, ends_on=ended, signed_on=began
        )
    for reference, code in (("ST-0099", "policy.no_partner"), (partner.reference, "policy.outside_convention")):
        period = f'\n[[period]]\nstarts_on = {today()}\nends_on = {today()}\n[period.numbers."{reference}"]\nothers = 1\n'
        with pytest.raises(Invalid) as told:
            adopted("quotas", (LAST, LAST + period))
        assert [fault.code for faults in told.value.fields.values() for fault in faults] == [code]


def test_a_partner_who_left_keeps_nobody_from_adopting_others(context):
    promise(3, first=today() - dt.timedelta(days=90), last=today() - dt.timedelta(days=1))
    partner, other = people.organisation("CCAS"), people.organisation("Mission locale")
    with unit_of_work():
        partner.is_partner = False

    def period(reference, most):
        return f'\n[[period]]\nstarts_on = {today()}\nends_on = {today()}\n[period.numbers."{reference}"]\nothers = {most}\n'

    adopted("quotas", (LAST, LAST + period(other.reference, 1)))
    with unit_of_work():
        other.is_partner = False
    adopted("quotas", (f"ends_on = {today()}", f"ends_on = {today()}\n# The same."))
    with pytest.raises(Invalid):
        adopted("quotas", ("others = 1", "others = 2"))


def test_a_number_follows_the_partner_that_is_merged(context):
    devices = [families.ready() for _ in range(3)]
    before, mine, third = families.waiting(people.other_prescriber()), families.waiting(), families.waiting()
    promise(2, "Mission locale")
    give(before, devices.pop())
    kept = people.organisation("CCAS")
    assert quotas_of(kept) == []
    with unit_of_work():
        merge_organisations(people.actor(Role.ADMIN), people.organisation("Mission locale"), kept)
    assert (left().taken, left().most) == (1, 2)
    assert left_today() == {(kept.id, "others"): 1}
    assert give(mine, devices.pop()).quota_place == 2
    with pytest.raises(QuotaFull):
        give(third, devices.pop())


def test_who_is_forgotten_still_counts_for_the_same_public(context):
    """Of a device that was given before its public was kept."""
    device, young = families.ready(), families.waiting(birth_year=today().year - 20)
    promise(5)
    given = give(young, device)
    with unit_of_work():
        given.public = given.quota = given.quota_place = given.quota_most = None
    period = quotas().periods[0]
    before = taken_in(period, quotas())
    assert before == {(young.partner_id, "young"): 1}
    with unit_of_work():
        erase_beneficiaries([young.beneficiary_id])
    assert young.beneficiary.birth_year is None
    assert taken_in(period, quotas()) == before


def test_nought_is_not_told_as_a_place_that_is_taken(context):
    promise(0)
    said = left_said(left()).replace("\u202f", " ").replace("\u00a0", " ")
    assert said.startswith("Autres publics : aucun appareil promis jusqu")


@pytest.mark.both_databases
def test_the_grid_is_typed_tried_adopted_and_told(app, signed_in):
    with app.app_context():
        people.settle()
        reference = people.organisation("CCAS").reference
        families.waiting()
        here = today()
    admin = signed_in(Role.ADMIN)
    first, last = here.replace(day=1), here + dt.timedelta(days=40)
    days = {"starts_on": str(first), "ends_on": str(last)}
    wrong = admin.submit("/regles/quotas/essai", {**days, f"n-{reference}-others": "-3"})
    assert wrong.status_code == 422
    assert "un nombre entier de 0" in wrong.text
    assert 'value="-3"' in wrong.text
    admin.submit("/regles/quotas/essai", {**days, f"n-{reference}-others": "2", f"n-{reference}-young": ""})
    page = admin.get("/regles/quotas/essai").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "2 promis, 0 appareil attendu." in page
    twice = {**days, "base": "1", "seen": "0", f"n-{reference}-others": "7"}
    for _press in range(2):
        refused = admin.submit("/regles/quotas/essai", twice)
        assert refused.status_code == 409, "a second press does not pass either: the trial of a colleague stays"
        assert "→ 2" in refused.text
        assert 'value="7"' in refused.text
        grid = refused.text[refused.text.index('id="grille"') :]
        twice |= {name: re.search(rf'name="{name}" value="([^"]*)"', grid)[1] for name in ("base", "seen")}
    adoption = {"in_force_from": str(here), "decided_by": "Le bureau", "reason": "Six mois d’essai."}
    admin.submit("/regles/quotas/essai/adopter", adoption | hidden(page))
    with app.app_context():
        assert left().most == 2
    coordinator = signed_in(Role.COORDINATOR)
    panel = coordinator.get(f"/structures/{reference}").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "0 sur 2" in panel
    assert "Reste 2. 1 orientation attend." in panel
    home = signed_in(Role.PRESCRIBER).get("/").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Autres publics : il vous reste 2 places" in home
