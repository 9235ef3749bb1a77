"""A year as Poitiers lived it in 2022: machines given, made ready, decided on in three sittings and handed over, told by JSON alone.

The figures are those that the *Ordinateurs solidaires* of Poitiers told of 2022: 183 computers given, 163 reconditioned, 78 families
served by December, three sittings. Its machines, households and partners are invented.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from itertools import count, cycle, islice
from operator import itemgetter
from random import Random
from typing import Any

import pytest
from flask import Flask

from refurb.directory.actions import add_organisation
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from tests.referrals.households import invented
from tests.support.client import checking
from tests.support.story import evidence, families, people

PARTNERS = (
    "Maison de quartier des Couronneries",
    "Mission locale d'insertion",
    "CCAS de Buxerolles",
    "Maison de l'emploi",
    "Cité éducative",
)
SITTINGS = (date(2022, 3, 24), date(2022, 6, 23), date(2022, 11, 17))


@dataclass(frozen=True)
class Year:
    """How much happened: what was given at a time, how many machines were beyond repair, who asked, and how many each sitting served."""

    gifts: Sequence[int]
    wrecks: int
    asked: int
    served: Sequence[int]


POITIERS = Year(gifts=(25, 18, 31, 22, 40, 12, 35), wrecks=20, asked=96, served=(24, 26, 28))
A_PART = Year(gifts=(4, 5), wrecks=1, asked=6, served=(2, 1, 2))


class Caller:
    """Somebody with a role who speaks JSON to the service, each call being seen to succeed."""

    def __init__(self, app: Flask, email: str) -> None:
        self.client, self.email = checking(app), email

    def comes(self) -> None:
        """Open a session, at the hour that it is."""
        self.client.sign_in(self.email)
        self.token = {"X-CSRFToken": self.client.token()}

    def sends(self, path: str, method: str = "POST", **told: Any) -> Any:
        answer = self.client.open(f"/api/v1{path}", method=method, json=told, headers=self.token)
        assert answer.status_code in {200, 201}, (path, answer.status_code, answer.text[:2000])
        return answer.json

    def uploads(self, path: str, *files: bytes) -> Any:
        data = {"files": [(BytesIO(each), f"{number}.log") for number, each in enumerate(files)]}
        answer = self.client.post(f"/api/v1{path}", data=data, headers=self.token)
        assert answer.status_code in {200, 201}, (path, answer.text[:2000])
        return answer.json

    def reads(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, (path, answer.text[:2000])
        return answer.json


class Town:
    """The town that lives the year."""

    def __init__(self, app: Flask, year: Year) -> None:
        self.app, self.year = app, year
        self.office = Caller(app, people.EMAIL[Role.COORDINATOR])
        self.bench = Caller(app, people.EMAIL[Role.TECHNICIAN])
        self.serials = count(1)
        self.people = invented.people(Random(2022), year.asked)
        self.prescribers = [Caller(app, email) for email in self._partners_begin()]
        self.turns = cycle(self.prescribers)

    def _partners_begin(self) -> Iterator[str]:
        with self.app.app_context():
            for number, name in enumerate(PARTNERS, start=1):
                with unit_of_work():
                    partner = add_organisation(SERVICE, name=name, is_partner=True, place="Poitiers")
                email = f"referent{number}@partenaire.example"
                people.somebody(Grant(Role.PRESCRIBER, partner.id), email=email, name=f"Référente {number}")
                yield email

    @contextmanager
    def on(self, day: date, hour: int = 9) -> Iterator[None]:
        """It is that day, and everybody comes to work."""
        with at(datetime.combine(day, time(hour), UTC)):
            for each in (self.office, self.bench, *self.prescribers):
                each.comes()
            yield

    def is_given(self, machines: int) -> list[str]:
        """A company gives laptops, all of them come and each gets its label; their codes."""
        told = {"donor_name": f"Entreprise {next(self.serials)}", "donor_siren": "552100554", "legal_origin": "don_entreprise"}
        donation = self.office.sends("/donations", **told, announced_on=now().date().isoformat(), announced_laptop=machines)
        path = f"/donations/{donation['reference']}"
        labels = self.office.sends("/label-runs", count=machines)["codes"]
        self.office.sends(f"{path}/receive", received_on=now().date().isoformat(), counts={"laptop": machines}, detail_later=True)
        return [self.office.sends(f"{path}/labels", kind="laptop", code=each)["device"]["code"] for each in labels]

    def makes_ready(self, codes: list[str], wrecks: int) -> None:
        """The bench reads each machine, erases all that are worth it and tests them; the first ones are beyond repair."""
        disks = {code: f"PX{next(self.serials):05}" for code in codes}
        for code, disk in disks.items():
            self.bench.uploads(f"/devices/{code}/hardware-reports", evidence.lshw(evidence.Disk(disk), serial=f"PC-{disk}"))
        self._moves("accept", codes)
        self._moves("discard", codes[:wrecks], reason="Carte mère hors d'usage")
        good = codes[wrecks:]
        with self.app.app_context():
            logs = [evidence.nwipe(evidence.Wipe(disks[code])) for code in good]
        for log in logs:
            self.bench.uploads("/erasure-reports", log)
        self._moves("finish_erasure", good)
        self._moves("start_tests", good)
        for code in good:
            asked = self.bench.reads(f"/devices/{code}/checks")["questions"]
            self.bench.sends(f"/devices/{code}/checks", **{each["key"]: "yes" for each in asked if each["type"] == "yes_no"})
        self._moves("pass_tests", good)

    def _moves(self, move: str, codes: list[str], **facts: Any) -> None:
        if codes:
            told = self.bench.sends("/devices/moves", move=move, codes=codes, **({"facts": facts} if facts else {}))
            assert told["counts"] == {"done": len(codes)}, told

    def is_asked(self, requests: int) -> None:
        """The partners refer households, one after the other, and the coordination accepts them."""
        for caller in islice(self.turns, requests):
            person = next(self.people)
            named = {"first_name": person.first, "last_name": person.last, "birth_year": person.year, "commune": person.commune}
            reached = {"phone": person.phone, "channel": "phone" if person.phone else "prescriber"}
            reference = caller.sends("/referrals", **families.form_facts(device_kind="laptop", **named, **reached))["reference"]
            caller.sends(f"/referrals/{reference}/submit")
            self.office.sends(f"/referrals/{reference}/accept")

    def sits(self, served: int) -> list[int]:
        """A sitting gives a machine to each of its files; the numbers of what it allocated."""
        soon = (now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
        here = f"/committees/{self.office.sends('/committees', title='Commission', starts_at=soon, place='Mairie', least_present=1)['id']}"
        self.office.sends(f"{here}/members", name="Josiane Thibaudeau", seat="chair")
        assert len(self.office.sends(f"{here}/agenda", most=served)["files"]) == served
        self.office.sends(f"{here}/open")
        for position in range(1, served + 1):
            self.office.sends(f"{here}/files/{position}/decision", "PUT", verdict="allocate", reason="in_order")
        closed = self.office.sends(f"{here}/close", read_aloud=True)
        assert closed["minutes"].startswith("CR-2022-")
        return [each["allocation"] for each in self.office.reads(here)["files"]]

    def hands_over(self, allocations: list[int]) -> None:
        """Each family comes, and signs on the screen for what it was shown."""
        for number in allocations:
            path = f"/allocations/{number}"
            told = {"place": "Atelier", "signature_kind": "drawn", "signature": families.drawing(), "accessories": ["charger"]}
            done = self.office.sends(f"{path}/hand_over", **told, shown=self.office.reads(path)["shown"])
            assert done["handover"]["paper"].startswith("BR-2022-")


def live(town: Town) -> None:
    """The whole year, day after day."""
    year, codes, allocations = town.year, {}, {}
    diary: list[tuple[date, Callable[[], object]]] = []
    for number, (machines, wrecks) in enumerate(zip(year.gifts, shares(year.wrecks, len(year.gifts)), strict=True)):
        diary += [
            (date(2022, number + 2, 8), lambda n=number, of=machines: codes.update({n: town.is_given(of)})),
            (date(2022, number + 2, 15), lambda n=number, of=wrecks: town.makes_ready(codes[n], of)),
        ]
    for number, (day, served, asked) in enumerate(zip(SITTINGS, year.served, shares(year.asked, len(SITTINGS)), strict=True)):
        diary += [
            (day - timedelta(days=30), lambda of=asked: town.is_asked(of)),
            (day, lambda n=number, of=served: allocations.update({n: town.sits(of)})),
            (day + timedelta(days=14), lambda n=number: town.hands_over(allocations[n])),
        ]
    for day, deed in sorted(diary, key=itemgetter(0)):
        with town.on(day):
            deed()


def shares(whole: int, parts: int) -> list[int]:
    """A number in so many parts that are as alike as can be."""
    return [whole // parts + (number < whole % parts) for number in range(parts)]


@pytest.mark.parametrize("year", [pytest.param(A_PART, id="a-part"), pytest.param(POITIERS, id="whole", marks=pytest.mark.soak)])
def test_the_year_comes_out_to_the_unit(app, year):
    town, machines = Town(app, year), sum(year.gifts)
    live(town)
    ready, served = machines - year.wrecks, sum(year.served)
    with town.on(date(2022, 12, 30)):
        assert counters(app) == {"reçus": machines, "reconditionnés": ready, "remis": served, "familles": served}
        totals = {
            "/donations": len(year.gifts),
            "/devices": machines,
            "/devices?state=ready": ready - served,
            "/devices?state=waste": year.wrecks,
            "/devices?state=handed_over": served,
            "/referrals": year.asked,
            "/referrals?state=served": served,
            "/handovers": served,
            "/waiting-list": year.asked - served,
            "/committees": len(year.served),
            "/allocations?state=handed_over": served,
        }
        assert {path: town.office.reads(path)["total"] for path in totals} == totals
        for caller in town.prescribers:
            asked = caller.reads("/referrals")["total"]
            assert asked in {year.asked // len(PARTNERS), year.asked // len(PARTNERS) + 1}
    with town.on(date(2023, 1, 3)):
        # Months of fewer than five would be told by their sum.
        assert outside(app) == [str(machines), str(ready), str(served) if min(year.served) >= 5 else "non montré"]


def counters(app: Flask) -> dict[str, int]:
    """The three counters and the families, as the coordination's page and its file say them, which say the same."""
    office = checking(app)
    office.sign_in(people.EMAIL[Role.COORDINATOR])
    page = office.get("/chiffres?annee=2022").text
    shown = [int(number) for number in re.findall(r'<p class="figure-n">(\d+)</p>', page)]
    told = dict(re.findall(r"<dt>([^<]+)(?:<small>.*?</small>)?</dt><dd>(\d+)</dd>", page))
    rows = [line.split(";") for line in office.get("/chiffres.csv?annee=2022").text.splitlines()]
    totals = {row[0]: int(row[2]) for row in rows if row[1] == "Total" and row[2].isdecimal()}
    names = ("Ordinateurs reçus", "Ordinateurs reconditionnés", "Ordinateurs remis", "Familles équipées")
    found = [*shown, int(told["familles équipées"])]
    assert [totals[name] for name in names] == found
    return dict(zip(("reçus", "reconditionnés", "remis", "familles"), found, strict=True))


def outside(app: Flask) -> list[str]:
    """What the observer reads in the three counters, once the year is over."""
    observer = checking(app)
    observer.sign_in(people.EMAIL[Role.OBSERVER])
    return re.findall(r'<p class="figure-n[^"]*">([^<]+)</p>', observer.get("/chiffres?annee=2022").text)
