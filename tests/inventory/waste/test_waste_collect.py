"""An operator takes a batch away: weight, date and slip are on record, and it is frozen from then on."""

import pytest
from sqlalchemy import delete, update

from refurb.inventory.waste.actions import add_loose, change_batch, scan_into, take_out_line
from refurb.inventory.waste.models import WasteBatch, WasteLine
from refurb.inventory.waste.words import WasteCode, WasteState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid, Refusal, WrongState
from tests.support.story import dock, people, workshop


def test_it_is_then_on_the_register(context):
    batch = dock.gone()

    assert (batch.state, batch.weight_g, batch.slip_number, batch.collected_on) == (
        WasteState.COLLECTED,
        182_500,
        "BSD-20260401-ABC",
        today(),
    )
    assert [each.move for each in events_of(batch)] == ["collect", "created"]


def test_an_empty_batch_is_not_taken_away(context):
    with pytest.raises(Refusal) as refused:
        dock.collect(dock.batch())
    assert refused.value.code == "waste.empty"


@pytest.mark.parametrize(
    "facts",
    [{"weight": ""}, {"weight": "lourd"}, {"weight": "0"}, {"slip_number": ""}, {"slip_type": "autre"}, {"collected_on": "2999-01-01"}],
)
def test_weight_date_and_slip_are_needed(context, facts):
    batch = dock.batch()
    dock.scan(batch, dock.discarded().code)
    with pytest.raises(Invalid):
        dock.collect(batch, **facts)


def test_a_desk_agent_may_not(context):
    batch = dock.batch()
    dock.scan(batch, dock.discarded().code)
    with pytest.raises(Forbidden):
        dock.collect(batch, who=people.actor(Role.DESK))


def test_not_twice(context):
    with pytest.raises(WrongState):
        dock.collect(dock.gone())


def test_what_left_does_not_change(context):
    batch, late = dock.gone(), dock.discarded()
    who = workshop.technician()
    for deed in (
        lambda: scan_into(who, batch, late.code),
        lambda: add_loose(who, batch, what="câbles", count=3),
        lambda: take_out_line(who, batch, batch.lines[0].id),
        lambda: change_batch(who, batch, operator="Autre"),
    ):
        with pytest.raises(Refusal) as refused, unit_of_work():
            deed()
        assert refused.value.code == "waste.frozen"


@pytest.mark.parametrize(
    "statement",
    [
        delete(WasteLine),
        update(WasteLine).values(batch_id=WasteLine.batch_id),
        update(WasteBatch).values(weight_g=1),
        update(WasteBatch).values(waste_code=WasteCode.PACKAGING),
    ],
)
def test_nor_by_the_back_door(context, statement):
    dock.gone()
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(statement)


def test_on_the_pages(app, signed_in):
    with app.app_context():
        code, reference = dock.discarded().code, None
    client = signed_in(Role.TECHNICIAN)
    answer = client.submit("/dechets/nouveau", {"waste_code": "16 02 13*", "operator": "Recyclage du Clain"})
    assert answer.status_code == 303
    reference = answer.location.rsplit("/", 1)[1]
    assert client.submit(f"/dechets/{reference}/noter-l-enlevement", {}).status_code in {409, 422}
    assert client.submit(f"/dechets/{reference}/scanner", {"scan": code}).status_code == 303
    assert client.submit(f"/dechets/{reference}/hors-inventaire", {"what": "câbles", "count": "40"}).status_code == 303
    facts = {"collected_on": "2026-04-01", "weight": "12,25", "slip_type": "eco", "slip_number": "E-7"}
    with app.app_context():
        facts["collected_on"] = today().isoformat()
    assert client.submit(f"/dechets/{reference}/noter-l-enlevement", facts).status_code == 303
    assert "12,25\u202fkg" in client.get(f"/dechets/{reference}").text.replace("\xa0", "\u202f").replace(" kg", "\u202fkg")
    assert reference in client.get("/dechets/registre").text
