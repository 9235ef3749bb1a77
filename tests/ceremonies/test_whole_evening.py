"""A whole evening: invitations by a mail server, answers by their links, two telephones at the door, hand-overs, the thanks."""

import datetime as dt
import re

from refurb.ceremonies.guests.queries import guests_of, invited_families
from refurb.ceremonies.models import Ceremony
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import run_due
from refurb.kernel.speech.clock import at, now
from tests.support.client import checking
from tests.support.mailbox import calendar_in, open_mailbox
from tests.support.story import families, gala, people

ADDRESSES = ("zoe@chez.example", "ferrand@mairie.example", "roy@mairie.example")


def link_in(letter):
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"/invitation/\S+", text)[0]


def answer(app, path, **told):
    assert checking(app).submit(path, {"companions": "0", **told}).status_code == 303


def test_from_the_first_letter_to_the_thanks(make_app):
    with open_mailbox() as box:
        app = make_app(smtp_url=f"smtp://127.0.0.1:{box.port}")
        with app.app_context():
            people.settle()
            ceremony = gala.planned(families.allocated(email=ADDRESSES[0]), capacity=3)
            number, begins = ceremony.id, ceremony.starts_at
            for name in ("Mme Odile Ferrand", "M. Paul Roy"):
                gala.guest(ceremony, name)
        office = checking(app)
        office.sign_in(people.EMAIL[Role.COORDINATOR])
        path = f"/ceremonies/{number}"

        assert office.submit(f"{path}/invites/envoyer").status_code == 303
        with app.app_context(), at(now() + dt.timedelta(minutes=11)):
            run_due()
        links = {address: link_in(box.next_for(address)) for address in ADDRESSES}
        answer(app, links[ADDRESSES[1]], answer="yes", companions="1")
        answer(app, links[ADDRESSES[2]], answer="yes")
        answer(app, links[ADDRESSES[0]], answer="yes")
        with app.app_context():
            run_due()
        assert "BEGIN:VEVENT" in calendar_in(box.next_for(ADDRESSES[1]))
        assert "liste d" in box.next_for(ADDRESSES[2])["subject"].lower()
        answer(app, links[ADDRESSES[1]], answer="yes")
        with app.app_context():
            run_due()
        box.next_for(ADDRESSES[1])
        assert "noté" in box.next_for(ADDRESSES[2])["subject"]

        with at(begins):
            office.sign_in(people.EMAIL[Role.COORDINATOR])  # A week later the session is over.
            assert office.submit(f"{path}/commencer-la-ceremonie").status_code == 303
            evening(app, office, number)
            assert office.submit(f"{path}/clore-la-ceremonie").status_code == 303
            assert office.submit(f"{path}/remercier").status_code == 303
        with app.app_context(), at(begins + dt.timedelta(minutes=1)):
            while run_due():
                pass
        assert "Merci" in last_for(box, ADDRESSES[0])["subject"]


def last_for(box, address):
    letter = box.next_for(address)
    while box.has_more_for(address):
        letter = box.next_for(address)
    return letter


def evening(app, office, number):
    """Both doors scan the same code; then the family is let in by name, and handed its computer."""
    other = checking(app)
    other.sign_in(people.EMAIL[Role.ADMIN])
    with app.app_context():
        ceremony = db.session.get(Ceremony, number)
        code = guests_of(ceremony)[0].code
        family = invited_families(ceremony)[0].id
    door = f"/ceremonies/{number}/porte"
    assert office.submit(door, {"code": code}).status_code == 303
    assert other.submit(door, {"code": code}).status_code == 409
    with app.app_context():
        assert guests_of(db.session.get(Ceremony, number))[0].arrived == 1
    assert office.submit(f"{door}/{family}/entrer").status_code == 303
    assert office.submit(f"/ceremonies/{number}/tours/1", {"signature_kind": "paper"}).status_code == 303
