"""How long those like it waited: told as a span that is honest, or not at all; and each file in words on the social worker's list."""

import datetime as dt

from sqlalchemy import insert, select

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.referrals.cases.queries.waits import usual_waits
from refurb.referrals.cases.views.following import like_of, span_said, usual_said
from refurb.referrals.models import Allocation, Referral
from tests.support.story import families, people


def decided(days, like, device, **facts):
    """Decisions of the past months for people like one, each after so many days of waiting."""
    row = db.session.execute(select(Referral.__table__).where(Referral.id == like.id)).mappings().one()
    with unit_of_work():
        for number, waited in enumerate(days):
            reference = f"OR-2020-{number:02d}{waited:03d}"
            told = {"reference": reference, "state": "served", "submitted_at": now() - dt.timedelta(days=waited + 30), **facts}
            db.session.execute(insert(Referral.__table__).values({**{name: row[name] for name in row if name != "id"}, **told}))
            made = db.session.scalars(select(Referral).where(Referral.reference == reference)).one()
            db.session.add(
                Allocation(
                    device_id=device.id, referral_id=made.id, state="fulfilled", rank=1, policy_version="0" * 12,
                    decided_at=now() - dt.timedelta(days=30),
                )
            )  # fmt: skip


def test_a_span_is_told_of_enough_waits_that_are_alike_and_not_of_those_that_are_stuck(context):
    device, waits = families.ready(), families.waiting()
    kind, like = DeviceKind.MONITOR, like_of(waits)
    both = {like, (kind, 1)}
    decided([29, 30, 33, 36, 40, 44, 47], waits, device)
    assert usual_waits({like}) == {}, "of seven nothing is told"
    decided([48, 200], waits, device)
    span = usual_waits({like})[like]
    assert (span.least, span.most, span.of) == (4, 29, 9)
    decided([35] * 3, waits, device, school_children=2)
    assert set(usual_waits(both)) == {like}, "nor of three of another priority"
    decided([45, 46], waits, device)
    span = usual_waits({like})[like]
    assert (span.least, span.most, span.of) == (4, 7, 11), "eight in ten: one that waited for half a year does not stretch it"
    assert span_said(span).replace("\u202f", " ").startswith("4 à 7 semaines d’attente pour 8 demandes semblables sur 10")
    assert "ce n’est pas une promesse" in usual_said(waits, usual_waits({like})[like])
    assert usual_waits({(DeviceKind.LAPTOP, like[1])}) == {}
    assert like == (kind, 4)

    stuck = [families.waiting() for _ in range(4)]
    with unit_of_work():
        for each in stuck:
            each.submitted_at = now() - dt.timedelta(days=80)
    assert usual_waits({like}) == {}, "those who still wait beyond it would make it a promise that is not kept"
    with unit_of_work():
        stuck[0].submitted_at = stuck[1].submitted_at = now()
    assert usual_said(stuck[2], usual_waits({like})[like]) == "", "it is over for her: nothing is told"


def test_each_file_says_where_it_stands_and_what_is_expected(app, signed_in):
    with app.app_context():
        people.settle()
        families.allocated()
        families.waiting(school_children=1)
        families.waiting()
        families.draft()
        families.fire(families.submitted(), "ask", question="Peut-elle venir le samedi ?")
    client = signed_in(Role.PRESCRIBER)
    page = client.get("/orientations").text.replace("\u202f", " ").replace("\u00a0", " ")
    for said in (
        "Rang 2 sur 2. 1 passe avant. Autre situation (priorité 4).", "Rang 1 sur 2. Personne ne passe avant.", "Un appareil est réservé :",
        "« Peut-elle venir le samedi ? »", "Répondre à la question", "Finir et transmettre", "Ce qu’on attend de vous",
    ):  # fmt: skip
        assert said in page, said
    home = client.get("/").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert home.index("Répondre à la question") < home.index("Finir et transmettre")
