"""Thirty-two clients of the running service press at once, and each presses twice: one wins, all are answered, and alike both times."""

import http.client
import json
import os
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from refurb.accounts.actions import make_token, secret_of
from refurb.accounts.models import Door
from refurb.accounts.queries import account_by_email
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.lending.models import Borrower, Loan, LoanLine
from refurb.lending.reservations.models import Reservation
from refurb.referrals.models import Allocation
from refurb.referrals.words import AllocationState
from tests.lending import fablab
from tests.support.serving import serving
from tests.support.story import desk, families, people

pytestmark = [pytest.mark.soak, pytest.mark.both_databases]

CLIENTS = 32
ROUNDS = int(os.environ.get("ROUNDS") or 20)


def pressed(service, secret, key, path, body):
    """What the service answers; asked again where it says that it is too busy, or hangs up."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Idempotency-Key": key}
    for _try in range(200):
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        try:
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            told = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            continue
        finally:
            connection.close()
        if told[0] != 503:
            return told
    raise RuntimeError("no answer")


def at_once(service, secret, deeds):
    """Press them at one moment, each twice with its own key; what was answered first, where both answers were the same."""
    gate, answers = threading.Barrier(len(deeds)), [None] * len(deeds)

    def press(place, key, path, body):
        gate.wait()
        first = pressed(service, secret, key, path, body)
        again = pressed(service, secret, key, path, body)
        # What was refused left its key free: the second try may be refused for a reason that came in between.
        answers[place] = first if first == again or (first[0] >= 400 and again[0] >= 400) else (first, again)

    threads = [threading.Thread(target=press, args=(place, *deed)) for place, deed in enumerate(deeds)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each for each in answers if not isinstance(each[0], int)] == []
    return answers


def won(answers, refused=frozenset({409})):
    """The answers of those who won; the others were refused in one of these ways."""
    assert {status for status, _body in answers} <= {200, 201} | refused, {each for each in answers if each[0] not in {200, 201, *refused}}
    return [body for status, body in answers if status < 400]


def counted(table, *conditions):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions))


def test_one_wins_all_are_answered_and_alike_both_times(app, home, database_url):
    told = {}

    def prepare():
        account = account_by_email(people.EMAIL[Role.COORDINATOR])
        with unit_of_work():
            told["secret"] = secret_of(make_token(SERVICE, account, "clients", Role.COORDINATOR, Door.API, proved=True))
        kits = [desk.kit(f"Malle n° {number}") for number in range(ROUNDS + CLIENTS)]
        told["kits"] = [(each.code, [{"component": part.id, "state": "complete"} for part in each.components]) for each in kits]
        told["product"] = kits[0].product_id
        told["who"] = [desk.borrower(f"Personne {number}").code for number in range(CLIENTS)]
        told["waiting"] = [families.waiting(first_name=f"Prénom{number}").reference for number in range(CLIENTS)]
        told["devices"] = [families.ready(DeviceKind.MONITOR).code for _round in range(ROUNDS)]
        machine = fablab.printer()
        for who in db.session.scalars(select(Borrower)):
            fablab.qualified(machine, who)
        told["machine"], told["day"] = machine.id, fablab.a_day(machine, after=5)

    with app.app_context(), serving(database_url, home, prepare) as service:
        secret = told["secret"]

        def press(name, deeds):
            return at_once(service, secret, [(f"{name}-{number}", path, body) for number, (path, body) in enumerate(deeds)])

        with service.app.app_context():
            for number in range(ROUNDS):
                code, counts = told["kits"][number]
                loan = {"lines": [{"item": code, "counts": counts}], "on_paper": True}
                lent = won(press(f"loan-{number}", [("/api/v1/loans", loan | {"borrower": who}) for who in told["who"]]))
                assert len(lent) == 1, lent
                left = told["waiting"]
                given = won(
                    press(f"give-{number}", [(f"/api/v1/referrals/{each}/allocate", {"device": told["devices"][number]}) for each in left]),
                )
                assert len(given) == 1, given
                slots = {"day": told["day"].isoformat(), "hour": 600}
                booked = won(
                    press(
                        f"slot-{number}", [(f"/api/v1/machines/{told['machine']}/slots", slots | {"borrower": who}) for who in told["who"]]
                    )
                )
                assert len(booked) == (number == 0)
                key = [
                    (f"one-{number}", "/api/v1/borrowers", {"name": f"Une seule fois {number}", "phone": "0549000000", "is_adult": True})
                ]
                same = at_once(service, secret, key * CLIENTS)
                assert {status for status, _body in same} == {201}
                assert len(set(same)) == 1
                assert counted(Borrower, Borrower.name == f"Une seule fois {number}") == 1

            # Everything that is left of a product at once: each takes one, and not one more than there are.
            days = {"from_on": (today() + timedelta(days=40)).isoformat(), "to_on": (today() + timedelta(days=44)).isoformat()}
            asked = days | {"lines": [{"product_id": told["product"], "quantity": 2}]}
            reserved = won(
                press("reserve", [("/api/v1/reservations", asked | {"borrower": who}) for who in told["who"]]), frozenset({409, 422})
            )
            assert 0 < len(reserved) <= len(told["kits"]) // 2
            assert counted(Reservation) == len(reserved)

            # And every thing that is left leaves at one moment: as many loans, numbered without a gap.
            rest = told["kits"][ROUNDS:]
            deeds = [
                ("/api/v1/loans", {"borrower": who, "on_paper": True, "lines": [{"item": code, "counts": counts}]})
                for who, (code, counts) in zip(told["who"], rest, strict=True)
            ]
            won(press("all", deeds))
            numbers = sorted(int(each.rpartition("-")[2]) for each in db.session.scalars(select(Loan.reference)))
            assert numbers == list(range(1, len(numbers) + 1))
            assert counted(LoanLine, LoanLine.back_at.is_(None)) == counted(Loan)
            assert counted(Allocation, Allocation.state == AllocationState.ACTIVE) == ROUNDS
            assert list(broken_links(db.session())) == []
        # Whoever waited for too long for a turn was told so and asked again, the worker too: no fault on a machine that has much to do.
        assert [each for each in service.faults() if "database_busy" not in each and "NotMyTurn" not in each] == []
