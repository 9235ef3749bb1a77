"""Referrals, households, quotas, committees, allocations, appointments, hand-overs, trouble and nights of forgetting under invented use,
several deeds at the same moment.

What always holds is asked of the database after each step: no device for two, no promise gone over in silence, nothing of another
partner's, no figure that forgetting changes.
"""

import datetime as dt
import random
from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import select, text

from refurb.directory.agenda.queries import days_of
from refurb.directory.sites.models import FIRST
from refurb.documents.models import SignatureWay
from refurb.documents.signatures import read_drawing
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.counts import tally
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.retention import run_now, run_of
from refurb.kernel.deeds.terms import ERASED
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.aftersales.actions import report_trouble
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.states import ticket_machine
from refurb.referrals.aftersales.words import Cause, Symptom, TicketState
from refurb.referrals.bags.actions import fill_bag
from refurb.referrals.cases.actions import allocate, cancel_allocation, hand_over, sign_handover, write_referral
from refurb.referrals.cases.lines import add_machine, drop_machine, open_lines
from refurb.referrals.cases.queries.allocations import allocations_of
from refurb.referrals.cases.queries.referrals import referral_for, referrals_of
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.committees.actions.agenda import make_agenda
from refurb.referrals.committees.actions.decisions import note_decision
from refurb.referrals.committees.actions.plans import add_member, plan_committee
from refurb.referrals.committees.models import Committee
from refurb.referrals.committees.queries import agenda_of
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.words import SUITS, CommitteeState, LineVerdict, Seat
from refurb.referrals.handovers.actions import choose, decline, invite, let_invitations_expire, open_slots
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSlot
from refurb.referrals.handovers.rules import NothingOpened
from refurb.referrals.handovers.words import OPEN as OPEN_INVITATIONS
from refurb.referrals.handovers.words import DeclinedBecause, InvitedBy
from refurb.referrals.households.actions import merge_households, separate, settle
from refurb.referrals.households.queries import open_likenesses
from refurb.referrals.models import Allocation, Household, Referral
from refurb.referrals.retention import let_drafts_lapse
from refurb.referrals.words import Accessory, AllocationState, HouseholdVerdict, ReferralState
from refurb.wiring import COUNTS
from tests.referrals.quotas.test_quotas import promise
from tests.support.story import families, people
from tests.support.together import at_once

STANDING = "('active', 'fulfilled')"
TO_LEAVE = """
    SELECT handover_lines.device_id FROM handover_lines JOIN allocations ON allocations.id = allocation_id
    WHERE closed_at IS NULL AND handover_id IS NULL AND handover_lines.device_id IS NOT NULL AND allocations.state = 'active'"""
OPEN_SESSIONS = (CommitteeState.PREPARED, CommitteeState.IN_SESSION)
NEVER = {
    "one device for two": "SELECT device_id FROM allocations WHERE state = 'active' GROUP BY device_id HAVING count(*) > 1",
    "two devices for one request, but for one that stands in for another": f"""
        SELECT referral_id FROM allocations WHERE state IN {STANDING} AND NOT EXISTS (SELECT 1 FROM allocations AS other
        WHERE other.replaces_id = allocations.id AND other.state IN {STANDING}) GROUP BY referral_id HAVING count(*) > 1""",
    "a request that is allocated without a device, or the other way round": f"""
        SELECT referrals.id FROM referrals LEFT JOIN allocations ON referral_id = referrals.id AND allocations.state IN {STANDING}
        WHERE (referrals.state IN ('allocated', 'served')) <> (allocations.id IS NOT NULL)""",
    "a device that is kept for nobody, or given and free": f"""
        SELECT devices.id FROM devices LEFT JOIN ({TO_LEAVE}) AS kept ON kept.device_id = devices.id
        WHERE (devices.state = 'reserved') <> (kept.device_id IS NOT NULL)""",
    "a device that is decided on and that no line holds": f"""
        SELECT device_id FROM allocations WHERE state = 'active' EXCEPT {TO_LEAVE}""",
    "one machine on two open lines": """
        SELECT device_id FROM handover_lines WHERE closed_at IS NULL AND device_id IS NOT NULL GROUP BY device_id HAVING count(*) > 1""",
    "an open line under a slip that is signed": """
        SELECT handover_lines.id FROM handover_lines JOIN handovers ON handovers.id = handover_id
        WHERE closed_at IS NULL AND paper_id IS NOT NULL""",
    "a machine that left with others and is here": """
        SELECT devices.id FROM devices JOIN handover_lines ON handover_lines.device_id = devices.id
        WHERE closed_at IS NULL AND handover_id IS NOT NULL AND devices.state <> 'handed_over'""",
    "one place of a quota for two": """
        SELECT quota, quota_place FROM allocations WHERE state <> 'cancelled' AND quota IS NOT NULL
        GROUP BY quota, quota_place HAVING count(*) > 1""",
    "more than was promised, in silence": """
        SELECT quota FROM allocations WHERE state <> 'cancelled' AND quota IS NOT NULL GROUP BY quota
        HAVING sum(CASE WHEN over_quota THEN 0 ELSE 1 END) > min(quota_most)""",
    "an exception without its word or its name": """
        SELECT id FROM allocations WHERE (over_quota OR out_of_order) AND (length(reason) = 0 OR decided_by IS NULL)""",
    "served, and no slip": """
        SELECT referrals.id FROM referrals JOIN allocations ON referral_id = referrals.id AND allocations.state = 'fulfilled'
        LEFT JOIN handovers ON allocation_id = allocations.id
        WHERE handovers.paper_id IS NULL AND referrals.state = 'served' AND replaces_id IS NULL""",
    "a device that two open agendas set aside, or a file on two": """
        SELECT device_id FROM committee_lines WHERE is_open GROUP BY device_id HAVING count(device_id) > 1 UNION
        SELECT referral_id FROM committee_lines WHERE is_open GROUP BY referral_id HAVING count(*) > 1""",
    "a committee that closed over something that was not done": """
        SELECT committee_lines.id FROM committee_lines JOIN committees ON committees.id = committee_id
        WHERE committees.state = 'closed' AND (is_open OR verdict IS NULL OR (verdict = 'allocate') <> (allocation_id IS NOT NULL))""",
    "an agenda that is open with a file that is over, before it sits": """
        SELECT committee_lines.id FROM committee_lines JOIN committees ON committees.id = committee_id
        JOIN referrals ON referrals.id = referral_id
        WHERE committees.state = 'prepared' AND opened_at IS NULL AND referrals.state IN ('served', 'refused', 'withdrawn')""",
    "somebody who is expected for nothing": """
        SELECT handover_invitations.id FROM handover_invitations JOIN allocations ON allocations.id = allocation_id
        WHERE handover_invitations.state IN ('invited', 'chosen', 'declined') AND allocations.state <> 'active'""",
    "more families than seats": """
        SELECT seat_id FROM handover_invitations WHERE seat_id IS NOT NULL GROUP BY seat_id HAVING count(*) > 1""",
    "a swap that its ticket does not know": """
        SELECT allocations.id FROM allocations LEFT JOIN tickets ON swap_id = allocations.id
        WHERE replaces_id IS NOT NULL AND allocations.state = 'active' AND (tickets.id IS NULL OR tickets.state <> 'swap')""",
    "a household that leads to one that leads elsewhere": """
        SELECT one.id FROM households AS one JOIN households AS other ON other.id = one.merged_into_id
        WHERE other.merged_into_id IS NOT NULL""",
}
FIGURES = (
    "SELECT state, partner_id, count(*) FROM referrals WHERE submitted_at IS NOT NULL GROUP BY state, partner_id ORDER BY 1, 2",
    "SELECT state, quota, public, over_quota, out_of_order, count(*) FROM allocations GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
    "SELECT count(*), count(paper_id) FROM handovers",
    "SELECT accessory, count(*), count(device_id), count(handover_id), count(closed_at) FROM handover_lines GROUP BY 1 ORDER BY 2, 1",
    "SELECT state, count(*) FROM devices GROUP BY state ORDER BY state",
    "SELECT kind, count(*) FROM papers GROUP BY kind ORDER BY kind",
)
PEOPLE = (("Aïcha", "Diallo", 1990), ("Aicha", "Dialo", 1990), ("Ludovic", "Martin", 1961), ("Martin", "Ludovic", 1961))


class Town:
    """Two partners with a promise to one of them, five machines, and families whose requests go on; `draw` is the chance of everything."""

    def __init__(self, app, seed):
        self.app, self.draw, self.done = app, random.Random(seed), Counter()
        people.other_prescriber()
        promise(3)
        for _each in range(5):
            families.ready()
        self.now = now()

    # --- what somebody might do: each is drawn here, and done in a thread and a unit of its own ------------------------------------

    def prescriber(self):
        return self.draw.choice((people.actor(Role.PRESCRIBER), people.other_prescriber()))

    def some(self, model, *conditions):
        """One of the rows of which this holds, or none."""
        numbers = db.session.scalars(select(model.id).where(*conditions).order_by(model.id)).all()
        return self.draw.choice(numbers) if numbers else None

    def write(self):
        first, last, born = self.draw.choice(PEOPLE)
        facts = {**families.FACTS, "first_name": first, "last_name": last, "birth_year": born, "device_kind": DeviceKind.MONITOR}
        facts["phone"] = f"06123456{self.draw.randrange(10):02}"
        actor, sends = self.prescriber(), self.draw.random() < 0.9

        def deed():
            referral = write_referral(actor, **facts, eligibility_checked_on=today(), notice_given_on=today())
            if sends:
                referral_machine.fire(referral, "submit", actor)

        return deed

    def referral(self, *states):
        return self.some(Referral, Referral.state.in_(states))

    def _fire(self, number, move, actor=None, **facts):
        who = actor or people.actor(Role.COORDINATOR)
        return number and (lambda: referral_machine.fire(db.session.get_one(Referral, number), move, who, **facts))

    def accept(self):
        return self._fire(self.referral(ReferralState.SUBMITTED), "accept")

    def ask(self):
        return self._fire(self.referral(ReferralState.SUBMITTED, ReferralState.WAITING), "ask", question="Depuis quand ?")

    def answer(self):
        number = self.referral(ReferralState.NEEDS_INFORMATION)
        return number and self._fire(number, "answer", self._of(number), answer="Depuis mars.")

    def withdraw(self):
        number = self.referral(ReferralState.SUBMITTED, ReferralState.WAITING)
        return number and self._fire(number, "withdraw", self._of(number))

    def refuse(self):
        return self._fire(self.referral(ReferralState.SUBMITTED), "refuse", reason="no_answer")

    def _of(self, number):
        partner = db.session.get_one(Referral, number).partner_id
        mine = people.actor(Role.PRESCRIBER)
        return mine if partner == people.organisation("CCAS").id else people.other_prescriber()

    def give(self):
        referral, device = self.referral(ReferralState.WAITING), self.some(Device, Device.state == DeviceState.READY)
        options = {"override": self.draw.random() < 0.8, "over_quota": self.draw.random() < 0.3}
        options["reason"] = self.draw.choice(("Urgence.", "Urgence.", None))
        actor = people.actor(Role.COORDINATOR)

        def deed():
            allocate(actor, db.session.get_one(Referral, referral), db.session.get_one(Device, device), **options)

        return deed if referral and device else None

    def active(self):
        return self.some(Allocation, Allocation.state == AllocationState.ACTIVE)

    def cancel(self):
        number, actor = self.active(), people.actor(Role.COORDINATOR)
        return number and (lambda: cancel_allocation(actor, db.session.get_one(Allocation, number), reason="Ne répond plus."))

    def hand(self):
        number, actor = self.active(), people.actor(Role.COORDINATOR)
        drawn = self.draw.random() < 0.5
        facts = {"signature_kind": "drawn", "signature": families.drawing()} if drawn else {"signature_kind": "paper"}
        return number and (lambda: hand_over(actor, db.session.get_one(Allocation, number), place="Atelier", **facts))

    def sign(self):
        number = self.some(Allocation, Allocation.state == AllocationState.FULFILLED, Allocation.handover.has(paper_id=None))
        actor, drawing = people.actor(Role.COORDINATOR), read_drawing(families.drawing())
        way = SignatureWay.DRAWN
        return number and (lambda: sign_handover(actor, db.session.get_one(Allocation, number), way=way, signature=drawing))

    def more(self):
        """One more machine is put to a hand-over, taken off again, or its bag is filled."""
        number, device = self.active(), self.some(Device, Device.state == DeviceState.READY)
        code = db.session.get_one(Device, device).code if device else None
        actor, drawn = people.actor(Role.COORDINATOR), self.draw.random()
        if number is None:
            return None
        if drawn < 0.3:
            things = self.draw.sample(list(Accessory), 2)
            return lambda: fill_bag(actor, number, things)
        if drawn < 0.5:
            added = [each.id for each in open_lines(db.session.get_one(Allocation, number)) if each.device and not each.is_first]
            return added and (lambda: drop_machine(actor, db.session.get_one(Allocation, number), self.draw.choice(added)))
        return code and (lambda: add_machine(actor, db.session.get_one(Allocation, number), device=code, reason="Un écran avec."))

    def come_back(self):
        number, actor = self.some(Device, Device.state == DeviceState.HANDED_OVER), people.actor(Role.TECHNICIAN)
        return number and (lambda: device_machine.fire(db.session.get_one(Device, number), "come_back", actor))

    # --- committees, appointments, trouble ----------------------------------------------------------------------------------------

    def _session(self, *states):
        return self.some(Committee, Committee.state.in_(states))

    def prepare(self):
        if db.session.query(Committee).filter(Committee.state.in_(OPEN_SESSIONS)).count() > 1:
            number, actor = self._session(CommitteeState.PREPARED), people.actor(Role.COORDINATOR)
            return number and (lambda: make_agenda(actor, db.session.get_one(Committee, number), most=6))
        actor, at = people.actor(Role.COORDINATOR), dt.datetime.combine(today() + dt.timedelta(days=3), dt.time(14))

        def deed():
            made = plan_committee(actor, title="Commission", starts_at=at, place="Mairie", least_present=1)
            add_member(actor, made, seat=Seat.CHAIR, name="Josiane Thibaudeau")
            make_agenda(actor, made, most=6)

        return deed

    def _of_session(self, move, *states, **facts):
        number, actor = self._session(*states), people.actor(Role.COORDINATOR)
        return number and (lambda: committee_machine.fire(db.session.get_one(Committee, number), move, actor, **facts))

    def sit(self):
        return self._of_session("open", CommitteeState.PREPARED)

    def note(self):
        number, actor, verdict = (
            self._session(CommitteeState.IN_SESSION),
            people.actor(Role.COORDINATOR),
            self.draw.choice(list(LineVerdict)),
        )
        lines = agenda_of(db.session.get_one(Committee, number)) if number else ()
        open_ones = [each.position for each in lines if each.verdict is None or self.draw.random() < 0.1]
        position, over = (self.draw.choice(open_ones) if open_ones else None), self.draw.random() < 0.3
        told = {"verdict": verdict, "reason": SUITS[verdict][0], "note": "Vu ensemble", "over_quota": over}
        return position and (lambda: note_decision(actor, db.session.get_one(Committee, number), position, **told))

    def close(self):
        return self._of_session("close", CommitteeState.IN_SESSION, read_aloud=True)

    def put_off(self):
        move, state = self.draw.choice((("adjourn", CommitteeState.IN_SESSION), ("cancel", CommitteeState.PREPARED)))
        return self._of_session(move, state)

    def invite(self):
        number, actor, until = self.active(), people.actor(Role.COORDINATOR), today() + dt.timedelta(days=14)
        return number and (
            lambda: invite(actor, db.session.get_one(Allocation, number), invited_by=InvitedBy.PARTNER, answer_by=until)
        )  # fmt: skip

    def choose(self):
        number = self.some(HandoverInvitation, HandoverInvitation.state.in_(OPEN_INVITATIONS))
        slot, actor = self.some(HandoverSlot, HandoverSlot.day > today()), people.actor(Role.COORDINATOR)
        if number and slot and self.draw.random() < 0.2:
            return lambda: decline(actor, db.session.get_one(HandoverInvitation, number), DeclinedBecause.CALL)
        return number and slot and (lambda: choose(actor, db.session.get_one(HandoverInvitation, number), slot=slot))

    def tell(self):
        number = self.some(Device, Device.state == DeviceState.HANDED_OVER)
        return number and (lambda: report_trouble(db.session.get_one(Device, number), trouble=Symptom.SLOW))

    def swap(self):
        number, device = self.some(Ticket, Ticket.state == TicketState.OPEN), self.some(Device, Device.state == DeviceState.READY)
        code, actor = (db.session.get_one(Device, device).code if device else None), people.actor(Role.COORDINATOR)
        told = {"cause": Cause.SCREEN.value, "copied": True}
        if self.draw.random() < 0.3:
            return number and (lambda: ticket_machine.fire(db.session.get_one(Ticket, number), "take_back", actor, **told))
        return number and code and (lambda: ticket_machine.fire(db.session.get_one(Ticket, number), "swap", actor, device=code, **told))

    def settle(self):
        found = db.session.scalars(open_likenesses()).unique().all()
        number, actor = (self.draw.choice(found).id if found else None), people.actor(Role.COORDINATOR)
        verdict = self.draw.choice(list(HouseholdVerdict))
        model = type(found[0]) if found else None
        return number and (lambda: settle(actor, db.session.get_one(model, number), verdict=verdict, reason="Vu ensemble."))

    def unite(self):
        one, other, actor = self.some(Household), self.some(Household), people.actor(Role.COORDINATOR)

        def deed():
            merge_households(actor, *(db.session.get_one(Household, each) for each in (one, other)), reason="Même famille.")

        return deed if one else None

    def part(self):
        number, actor = self.some(Household), people.actor(Role.COORDINATOR)
        return number and (lambda: separate(actor, db.session.get_one(Household, number), reason="Deux familles."))

    KINDS = (
        ("write", 6), ("accept", 5), ("ask", 2), ("answer", 2), ("withdraw", 1), ("refuse", 1), ("give", 9), ("cancel", 1), ("hand", 3),
        ("sign", 2), ("come_back", 1), ("settle", 2), ("unite", 1), ("part", 1), ("prepare", 3), ("sit", 2), ("note", 6), ("close", 2),
        ("put_off", 1), ("invite", 2), ("choose", 2), ("tell", 1), ("swap", 1), ("more", 3),
    )  # fmt: skip

    # --- what happens ---------------------------------------------------------------------------------------------------------------

    def step(self):
        """One deed, or several at the same moment; sometimes days pass and the night forgets."""
        if self.draw.random() < 0.1:
            return self.night(self.draw.choice((1, 9, 40, 75)))
        kinds, weights = zip(*self.KINDS, strict=True)
        wanted, drawn = self.draw.choice((1, 1, 2, 3)), []
        with clock.at(self.now):
            while len(drawn) < wanted:
                (kind,) = self.draw.choices(kinds, weights)
                deed = getattr(self, kind)()
                drawn += [(kind, deed)] if deed else []
            db.session.remove()
        return self.together(drawn)

    def together(self, deeds):
        """Do some deeds at the same moment; a refusal is an answer."""
        for kind, refused in at_once(self.app, self.now, deeds):
            self.done[refused.code if refused else kind] += 1
        self.done["together"] += len(deeds) > 1
        self.look()

    def night(self, days):
        """Days pass, and at night all is forgotten whose term is past: no figure moves."""
        self.now += dt.timedelta(days=days)
        with clock.at(self.now):
            with unit_of_work():
                let_drafts_lapse()
                let_invitations_expire()
            day = next(each for each in map(self._later, range(2, 30)) if days_of(FIRST).is_open(each))
            with suppress(NothingOpened), unit_of_work():
                open_slots(SERVICE, day=day, hours=((840, 900),), minutes=30, places=1, site_id=FIRST)
            before = self.figures()
            if run_of(today()) is None:
                run_now(SERVICE)
                self.done["forgotten"] += run_of(today()).erased
            assert not run_of(today()).has_failed
            assert self.figures() == before, "a figure that forgetting changed"
            db.session.remove()
        self.done["night"] += 1
        self.look()

    def _later(self, days):
        return today() + dt.timedelta(days=days)

    def figures(self):
        told = [tuple(map(tuple, db.session.execute(text(each)))) for each in FIGURES]
        return told, [tally(each) for each in COUNTS]

    def look(self):
        """What always holds."""
        with clock.at(self.now):
            for what, query in NEVER.items():
                assert db.session.execute(text(query)).all() == [], what
            mine, other = people.actor(Role.PRESCRIBER), people.other_prescriber()
            own = people.organisation("CCAS").id
            of = dict(map(tuple, db.session.execute(select(Referral.reference, Referral.partner_id))))
            for actor, is_mine in ((mine, True), (other, False)):
                listed = [row.reference for query in (referrals_of(actor), allocations_of(actor)) for row in db.session.execute(query)]
                assert all((of[each] == own) is is_mine for each in listed), "another organisation's file on a list"
            for reference, partner in db.session.execute(select(Referral.reference, Referral.partner_id)).all():
                reads, does_not = (mine, other) if partner == own else (other, mine)
                assert referral_for(reads, reference).reference == reference
                with pytest.raises(NotFound):
                    referral_for(does_not, reference)
            db.session.remove()


def lived(app, seed, steps):
    """What was done in a town after so many steps, and when two years had passed."""
    town = Town(app, seed)
    for _each in range(steps):
        town.step()
    town.night(400)
    town.night(800)
    with clock.at(town.now):
        kept = "SELECT referrals.reference FROM referrals JOIN beneficiaries ON beneficiaries.id = beneficiary_id"
        over = "last_name <> :erased AND referrals.state NOT IN ('submitted', 'needs_information', 'waiting', 'allocated')"
        unsigned = "EXISTS (SELECT 1 FROM allocations WHERE referral_id = referrals.id AND state = 'fulfilled')"
        assert db.session.execute(text(f"{kept} WHERE {over} AND NOT {unsigned}"), {"erased": ERASED}).all() == []
    return town.done


def test_nothing_is_given_twice_and_nothing_overruns(context):
    done = lived(context, 7, 24)
    for kind in ("write", "accept", "give", "together", "night"):
        assert done[kind] > 1, (kind, done)
    assert done["forgotten"] > 0, done


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_given_twice_and_nothing_overruns_for_long(context, seed):
    done = lived(context, seed, 120)
    for kind in ("write", "accept", "give", "hand", "together", "night", "forgotten"):
        assert done[kind] > 1, (kind, done)
