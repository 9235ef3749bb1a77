"""The agenda of a session by post: to whom it goes, what it says, and that it names no family."""

import io

from pypdf import PdfReader

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.committees.actions.decisions import leave_room
from refurb.referrals.committees.letters import agenda_letter, agenda_pdf
from refurb.referrals.committees.models import CommitteeMember
from refurb.referrals.committees.queries import agenda_of
from tests.support.story import people, sittings


def said(letter):
    return " ".join("".join(each.extract_text() for each in PdfReader(io.BytesIO(letter)).pages).split())


def member(committee, name):
    return next(each for each in committee.members if each.name == name)


def test_it_goes_to_the_organisation_and_names_files_alone(context):
    committee = sittings.prepared(files=2, devices=1)
    theirs = said(agenda_pdf(member(committee, "M. Ferrand")))
    assert "M. Ferrand" in theirs
    assert "CCAS de Poitiers" in theirs

    text = said(agenda_pdf(member(committee, sittings.CHAIR)))

    for line in agenda_of(committee):
        assert line.referral.reference in text
        assert line.referral.beneficiary.last_name not in text


def test_whoever_leaves_the_room_is_told_for_which_files(context):
    committee = sittings.prepared(files=1)
    assert "Vous sortirez" in agenda_letter(member(committee, "M. Ferrand")).text, "the file is of her organisation"
    assert "Vous sortirez" not in agenda_letter(member(committee, sittings.CHAIR)).text


def test_of_a_file_for_which_she_leaves_it_tells_the_number_alone(context):
    committee = sittings.prepared(files=2, devices=1)
    lines = agenda_of(committee)
    other, wanted = lines
    with unit_of_work():
        leave_room(people.actor(Role.COORDINATOR), committee, wanted, member(committee, sittings.CHAIR), word="Une voisine.")

    text = said(agenda_pdf(member(committee, sittings.CHAIR)))

    assert "Vous sortez de la salle" in text
    assert other.referral.reference in text
    assert wanted.referral.reference not in text
    theirs = said(agenda_pdf(member(committee, "M. Ferrand")))
    assert not [each for each in lines if each.referral.reference in theirs], "both are of her organisation"
    assert theirs.count("Vous sortez de la salle") == 2


def test_the_office_prints_it(app, signed_in):
    with app.app_context():
        committee = sittings.prepared(files=1)
        path = f"/commissions/{committee.id}/membres"
        number = db.session.query(CommitteeMember.id).filter_by(name=sittings.CHAIR).scalar()
    client = signed_in(Role.COORDINATOR)
    assert f"{path}/{number}/convocation.pdf" in client.get(path).text
    assert client.get(f"{path}/{number}/convocation.pdf").data.startswith(b"%PDF")
    assert client.get(f"{path}/99999/convocation.pdf").status_code == 404
    assert signed_in(Role.TECHNICIAN).get(f"{path}/{number}/convocation.pdf").status_code == 403
