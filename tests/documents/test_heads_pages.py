"""The heads of the history on their page, and in the mail of those who keep them."""

from datetime import timedelta

import pytest

from refurb.documents.heads import MAIL_HEAD, letter_to_keeper, mail_head, plan_mails
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, run_due
from refurb.kernel.deeds.heads import register_of_instance, sign_head
from refurb.kernel.deeds.letters import NobodyToWriteTo, Repeated
from refurb.kernel.deeds.signed_notes import notes_in
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now


@pytest.fixture
def keepers(app):
    app.config["HISTORY_KEEPERS"] = ("direction@relais.example", "notaire@etude.example")
    return app.config["HISTORY_KEEPERS"]


def test_an_administrator_takes_the_heads_home(signed_in, context):
    client = signed_in(Role.ADMIN)
    assert "Aucun sceau" in client.get("/historique").text
    assert client.get("/historique/sceaux").status_code == 404
    note = sign_head(register_of_instance())
    shown = client.get("/historique").text
    assert note.text.splitlines()[2] in shown
    with client.get("/historique/sceaux") as answer:
        assert list(notes_in(answer.text)) == [note]
    with client.get("/historique/registre") as answer:
        assert len(answer.text.splitlines()) == int(note.text.splitlines()[1])


def test_reading_makes_no_key(signed_in, context):
    register = register_of_instance()
    signed_in(Role.ADMIN).get("/historique")
    assert not (register.folder / "key").exists()
    sign_head(register)
    assert str(register.key()) in signed_in(Role.ADMIN).get("/historique").text
    (register.folder / "key").unlink()
    assert "La clé qui signe" not in signed_in(Role.ADMIN).get("/historique").text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OBSERVER, Role.TECHNICIAN])
def test_nobody_else_does(signed_in, role):
    assert signed_in(role).get("/historique/registre").status_code == 403


def test_each_keeper_gets_one_a_day(app, context, keepers):
    with unit_of_work():
        assert plan_mails() == 0
    sign_head(register_of_instance())
    with unit_of_work():
        assert plan_mails() == 2
    with unit_of_work():
        assert plan_mails() == 0
    planned = [each.facts for each in db.session.query(Effect).filter_by(kind=MAIL_HEAD)]
    assert [each["keeper"] for each in planned] == [0, 1]
    note = register_of_instance().last_note()
    letter = letter_to_keeper(1, note)
    assert letter.to == "notaire@etude.example"
    assert list(notes_in(letter.text)) == [note]
    assert letter.key != mail_head(**planned[0]).key
    with pytest.raises(NobodyToWriteTo):
        mail_head(keeper=2)
    with at(now() + timedelta(days=1)):
        with unit_of_work():
            assert plan_mails() == 2
        run_due()
    with pytest.raises(Repeated):  # As after an outage: the newest is sent once.
        mail_head(**planned[0])
    db.session.expire_all()
    faults = [each.fault for each in db.session.query(Effect).filter_by(kind=MAIL_HEAD).order_by(Effect.id)]
    assert faults == ["letter.repeated"] * 2 + ["mail.no_server"] * 2
