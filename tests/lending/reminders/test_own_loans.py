"""One's own loans by the link of a letter: a look changes nothing, a press keeps a thing for longer, a foreign link opens nothing."""

import pytest

from refurb.documents.links import LinkBroken, make_addressed_link, make_link
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.lending.models import Loan
from refurb.lending.reminders.own import OWN_LOANS, opened, own_address, own_link
from refurb.lending.reminders.queries import line_with, lines_with
from refurb.lending.renewals.queries import renewal_of
from tests.support.story import desk


def test_the_link_opens_what_its_borrower_has_and_nothing_else(context):
    loan, other = desk.lent(desk.kit(), desk.borrower("Aïcha")), desk.lent(desk.tablet(), desk.borrower("Berthe"))
    assert own_address(loan.borrower).endswith(f"/mes-prets/{own_link(loan.borrower)}")
    assert opened(own_link(loan.borrower)) is loan.borrower
    assert list(lines_with(loan.borrower)) == list(loan.lines)
    assert line_with(loan.borrower, loan.lines[0].id) is loan.lines[0]
    with pytest.raises(NotFound):
        line_with(loan.borrower, other.lines[0].id)
    with pytest.raises(LinkBroken):
        opened("x" + own_link(loan.borrower))


def test_a_correction_of_the_address_breaks_what_was_sent_to_the_one_before(context):
    who = desk.lent(desk.kit()).borrower
    with unit_of_work():
        who.email = "berthe@exemple.org"
    sent = own_link(who)
    with unit_of_work():
        who.email = "Berthe@Exemple.org"
    assert opened(sent) is who, "the same address"
    with unit_of_work():
        who.email = "berthe.martin@exemple.org"
    with pytest.raises(LinkBroken):
        opened(sent)
    assert opened(own_link(who)) is who
    for token in (make_link(OWN_LOANS, who.id), make_addressed_link(OWN_LOANS, who.id + 1, "")):
        with pytest.raises(LinkBroken):
            opened(token)


def test_a_press_keeps_it_for_longer_and_a_second_is_told_no(client, app):
    with app.app_context():
        loan = desk.lent(desk.kit())
        path = f"/mes-prets/{own_link(loan.borrower)}"
        press = f"{path}/{loan.lines[0].id}/prolonger"
        until = renewal_of(loan.lines[0]).until.isoformat()
    page = client.get(path)
    assert "Prolonger jusqu" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get(press).status_code == 405, "programs open links, too"
    assert client.submit(press, {"until": until}).status_code == 303
    with app.app_context():
        loan = db.session.query(Loan).one()
        assert loan.lines[0].due_on.isoformat() == until
        assert last_event(loan).facts["by_borrower"] is True
    assert client.submit(press, {"until": until}).status_code == 409
    assert "Prolonger jusqu" not in client.get(path).text


def test_somebody_says_that_it_was_brought_back_and_the_desk_looks_for_it(client, signed_in, app):
    with app.app_context():
        loan = desk.lent(desk.kit())
        reference, line = loan.reference, loan.lines[0].id
        path = f"/mes-prets/{own_link(loan.borrower)}"
    assert client.submit(f"{path}/{line}/rapporte").status_code == 303
    assert "nous le cherchons" in client.get(path).text
    agent = signed_in(Role.DESK)
    assert reference in agent.get("/prets?quoi=dit-rapporte").text
    assert "pas trouvé" in agent.get(f"/prets/{reference}").text
    assert agent.submit(f"/prets/{reference}/lignes/{line}/pas-trouve").status_code == 303
    assert agent.submit(f"/prets/{reference}/lignes/{line}/dit-rapporte").status_code == 303
    headers = {"X-CSRFToken": agent.token()}
    door = f"/api/v1/loans/{reference}/lines/{line}"
    found = agent.post(f"{door}/not_found", json={}, headers=headers)
    assert found.status_code == 200, found.json
    assert found.json["said_back_at"] is None
    assert agent.post(f"{door}/said_back", json={}, headers=headers).json["said_back_at"]
