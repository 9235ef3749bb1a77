"""Each kind of field: what it takes, and how it says no."""

from datetime import timedelta

import pytest
from marshmallow import Schema

from refurb.funding.schemas import Amount
from refurb.inventory.waste.schemas import Kilograms
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.facts import load
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Invalid
from refurb.kernel.web.fields import Date, Email, LongText, Many, Moment, Number, Phone, Pick, Siren, Siret, Text, Tick, Word, Year
from refurb.kernel.web.money import Euros
from refurb.lending.kits.schemas import Grams


class Everything(Schema):
    name = Text(max=20)
    need = Text(required=True)
    story = LongText(max=50)
    email = Email()
    phone = Phone()
    siren = Siren()
    siret = Siret()
    count = Number(max=50)
    on = Date()
    next = Date(future=True, past=False)
    at = Moment()
    born = Year()
    kind = Word(DeviceKind, labels=DEVICE_KINDS)
    pick = Pick(choices=lambda: [("3", "trois")])
    tick = Tick()
    agreed = Tick(must=True)
    several = Many(Text(max=5))


GOOD = {"need": "un portable", "agreed": "on"}


def codes(app, **told):
    with app.app_context(), pytest.raises(Invalid) as caught:
        load(Everything, GOOD | told)
    return {name: [fault.code for fault in faults] for name, faults in caught.value.fields.items()}


def test_good_input_is_typed(app):
    with app.app_context():
        found = load(
            Everything,
            GOOD
            | {
                "name": "  Zoë   O'Neil 🙂 ",
                "siren": "732 829 320",
                "phone": "06 12 34 56 78",
                "count": "7",
                "kind": "laptop",
                "pick": "3",
                "on": today().isoformat(),
                "born": "1984",
                "several": ["a", "b"],
                "story": "un\r\ndeux",
                "at": "",
                "unknown": "x",
            },
        )
    assert found["name"] == "Zoë O'Neil 🙂"
    assert found["siren"] == "732829320"
    assert found["phone"] == "+33612345678"
    assert found["count"] == 7
    assert found["kind"] is DeviceKind.LAPTOP
    assert found["several"] == ["a", "b"]
    assert found["story"] == "un\ndeux"
    assert found["email"] is None
    assert found["tick"] is False
    assert "unknown" not in found


@pytest.mark.parametrize(
    "told,expected",
    [
        ({"need": "   "}, {"need": ["field.required"]}),
        ({"need": ""}, {"need": ["field.required"]}),
        ({"name": "x" * 21}, {"name": ["field.too_long"]}),
        ({"email": "personne"}, {"email": ["field.email"]}),
        ({"email": "a b@c.fr"}, {"email": ["field.email"]}),
        ({"email": "élodie@exemple.fr"}, {"email": ["field.email_accents"]}),
        ({"email": "a@b.example,c@d.example"}, {"email": ["field.email_several"]}),
        ({"phone": "06 12 34 56 7"}, {"phone": ["field.phone"]}),
        ({"phone": "zéro six"}, {"phone": ["field.phone"]}),
        ({"siren": "732829321"}, {"siren": ["field.siren_key"]}),
        ({"siren": "7328"}, {"siren": ["field.siren_length"]}),
        ({"siret": "73282932000075"}, {"siret": ["field.siret"]}),
        ({"count": "51"}, {"count": ["field.out_of_range"]}),
        ({"count": "-1"}, {"count": ["field.out_of_range"]}),
        ({"count": "sept"}, {"count": ["field.number"]}),
        ({"count": "9" * 400}, {"count": ["field.number"]}),
        ({"on": "1900-01-01"}, {"on": ["field.date_too_old"]}),
        ({"on": "31/02/2020"}, {"on": ["field.date"]}),
        ({"on": "12/31/2020"}, {"on": ["field.date"]}),
        ({"on": 20201231}, {"on": ["field.date"]}),
        ({"at": "31/12/9999 14:00"}, {"at": ["field.date_too_far"]}),
        ({"pick": str(2**31)}, {"pick": ["field.choice"]}),
        ({"pick": True}, {"pick": ["field.choice"]}),
        ({"count": 2**70}, {"count": ["field.out_of_range"]}),
        ({"at": "1900-01-01T10:00"}, {"at": ["field.date_too_old"]}),
        ({"born": "2091"}, {"born": ["field.year_in_future"]}),
        ({"kind": "sous-marin"}, {"kind": ["field.choice"]}),
        ({"pick": "4"}, {"pick": ["field.choice"]}),
        ({"agreed": ""}, {"agreed": ["field.must_tick"]}),
        ({"several": ["a", "trop long"]}, {"several": ["field.too_long"]}),
    ],
)
def test_bad_input_is_told_by_code(app, told, expected):
    assert codes(app, **told) == expected


def test_tomorrow_is_the_future(app):
    with app.app_context():
        tomorrow = (today() + timedelta(days=1)).isoformat()
        yesterday = (today() - timedelta(days=1)).isoformat()
    assert codes(app, on=tomorrow) == {"on": ["field.date_in_future"]}
    assert codes(app, next=yesterday) == {"next": ["field.date_past"]}


def test_a_date_is_taken_as_people_write_it(app):
    with app.app_context():
        assert load(Everything, GOOD | {"on": "31/12/2020"})["on"].isoformat() == "2020-12-31"


def test_a_line_feed_in_one_line_is_a_blank(app):
    with app.app_context():
        found = load(Everything, GOOD | {"name": "Jean\nPaul\u00ad\u200b", "email": "a@b.example\u200b", "story": "un\u2028deux"})
    assert (found["name"], found["email"], found["story"]) == ("Jean Paul", "a@b.example", "un\ndeux")


def test_control_characters_do_not_come_in(app):
    with app.app_context():
        assert load(Everything, GOOD | {"name": "a\x00b\x1bc\ud800"})["name"] == "abc"


@pytest.mark.parametrize("kind", [Amount, Euros, Grams, Kilograms])
@pytest.mark.parametrize("typed", ["1e999999", "1e999990", "-1e999999", "NaN", "Infinity", "douze"])
def test_an_amount_beyond_any_is_refused_beside_its_field(app, kind, typed):
    with app.app_context(), pytest.raises(Invalid) as caught:
        load(Schema.from_dict({"amount": kind()}), {"amount": typed})
    assert list(caught.value.fields) == ["amount"]
