"""Committees on the JSON door: the same actions and the same refusals as the pages."""

from typing import Any

from flask import url_for

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body, listed_rows
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number
from refurb.referrals.committees.actions.agenda import add_file, change_proposal, drop_file, make_agenda
from refurb.referrals.committees.actions.decisions import leave_room, note_decision
from refurb.referrals.committees.actions.plans import add_member, give_seat, member_of, note_presence, plan_committee, remove_member
from refurb.referrals.committees.queries import agenda_of, committee_for, committee_listing, line_among, room_of
from refurb.referrals.committees.schemas import (
    AgendaAsked,
    CommitteePlan,
    DecisionNoted,
    FileAdded,
    MemberAdded,
    MemberChanged,
    MemberLeaves,
    ProposalChanged,
)
from refurb.referrals.committees.shown import dump
from refurb.referrals.committees.views.agenda import file_of
from refurb.referrals.committees.views.plans import doors, dump_committee

P = Permission

api = api_blueprint("committees", "Sessions of the committee: agenda, members, decisions, minutes.")


@reads(api, "/committees", P.REFERRAL_DECIDE, P.COMMITTEE_SIT)
def list_committees(actor: Actor) -> Any:
    """The sessions that the caller may know of, the latest first."""
    return listed_rows(committee_listing(actor).page(page_number()))


@writes(api, "/committees", P.REFERRAL_DECIDE, takes=CommitteePlan, done=201, refused=(422,))
def create_committee(actor: Actor) -> Any:
    """Plan a session; `starts_at` is the time on a wall clock of the territory."""
    facts = load(CommitteePlan, json_body())
    with unit_of_work():
        made = plan_committee(actor, **facts)
        return answer(dump_committee(made, actor), 201, location=url_for(".show_committee", number=made.id))


@reads(api, "/committees/<int:number>", P.REFERRAL_DECIDE, P.COMMITTEE_SIT)
def show_committee(actor: Actor, number: int) -> Any:
    """One session with its members and its files; of those for which the caller leaves the room, nothing."""
    found = committee_for(actor, number)
    room = room_of(found)
    return dump(found, [each for each in agenda_of(found) if not room.is_out(actor, each)], actor)


@writes(api, "/committees/<int:number>/agenda", P.REFERRAL_DECIDE, takes=AgendaAsked)
def make_an_agenda(actor: Actor, number: int) -> Any:
    """Make the agenda from the waiting order, within stock and quotas."""
    found = committee_for(actor, number)
    facts = load(AgendaAsked, json_body())
    with unit_of_work():
        make_agenda(actor, found, **facts)
        return answer(dump_committee(found, actor))


@writes(api, "/committees/<int:number>/files", P.REFERRAL_DECIDE, takes=FileAdded)
def add_a_file(actor: Actor, number: int) -> Any:
    """Put a file on the agenda besides, with a reason."""
    found = committee_for(actor, number)
    facts = load(FileAdded, json_body())
    with unit_of_work():
        add_file(actor, found, file_of(actor, facts["reference"]), because=facts["because"])
        return answer(dump_committee(found, actor))


@writes(api, "/committees/<int:number>/files/<int:position>/proposal", P.REFERRAL_DECIDE, method="PUT", takes=ProposalChanged)
def change_a_proposal(actor: Actor, number: int, position: int) -> Any:
    """Propose otherwise than the rule does."""
    found = committee_for(actor, number)
    facts = load(ProposalChanged, json_body())
    with unit_of_work():
        change_proposal(actor, found, line_among(agenda_of(found), position), **facts)
        return answer(dump_committee(found, actor))


@writes(api, "/committees/<int:number>/files/<int:position>", P.REFERRAL_DECIDE, method="DELETE")
def drop_a_file(actor: Actor, number: int, position: int) -> Any:
    """Take a file off the agenda."""
    found = committee_for(actor, number)
    with unit_of_work():
        drop_file(actor, found, line_among(agenda_of(found), position))
        return answer(dump_committee(found, actor))


@writes(api, "/committees/<int:number>/files/<int:position>/decision", P.REFERRAL_DECIDE, method="PUT", takes=DecisionNoted)
def note_a_decision(actor: Actor, number: int, position: int) -> Any:
    """Note what the committee decides on a file, or decides otherwise."""
    found = committee_for(actor, number)
    facts = load(DecisionNoted, json_body())
    with unit_of_work():
        note_decision(actor, found, position, **facts)
        return answer(dump_committee(found, actor))


@writes(api, "/committees/<int:number>/files/<int:position>/recusals", P.REFERRAL_DECIDE, takes=MemberLeaves)
def note_a_recusal(actor: Actor, number: int, position: int) -> Any:
    """A member leaves the room for a file, in a word."""
    found = committee_for(actor, number)
    facts = load(MemberLeaves, json_body())
    with unit_of_work():
        line = line_among(agenda_of(found), position)
        leave_room(actor, found, line, member_of(found, facts["member_id"]), word=facts["word"])
        return answer(dump_committee(found, actor))


@writes(api, "/committees/<int:number>/members", P.REFERRAL_DECIDE, takes=MemberAdded)
def add_a_member(actor: Actor, number: int) -> Any:
    """Somebody sits: by an account, or by name."""
    found = committee_for(actor, number)
    facts = load(MemberAdded, json_body())
    with unit_of_work():
        add_member(actor, found, **facts)
        return answer(dump_committee(found, actor))


@writes(api, "/committees/<int:number>/members/<int:member>", P.REFERRAL_DECIDE, method="PUT", takes=MemberChanged)
def change_a_member(actor: Actor, number: int, member: int) -> Any:
    """Whether a member comes, or is there; and as what she sits, where that changes."""
    found = committee_for(actor, number)
    facts = load(MemberChanged, json_body())
    with unit_of_work():
        who = member_of(found, member)
        note_presence(actor, found, who, comes=facts["comes"])
        if facts.get("seat"):
            give_seat(actor, found, who, seat=facts["seat"])
        return answer(dump_committee(found, actor))


@writes(api, "/committees/<int:number>/members/<int:member>", P.REFERRAL_DECIDE, method="DELETE")
def remove_a_member(actor: Actor, number: int, member: int) -> Any:
    """A member does not sit after all."""
    found = committee_for(actor, number)
    with unit_of_work():
        remove_member(actor, found, member_of(found, member))
        return answer(dump_committee(found, actor))


add_api(api, doors, "/committees/<int:number>")
