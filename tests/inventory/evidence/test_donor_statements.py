"""What a donor says was erased is kept with the donation, by the name of its tool, and proves nothing."""

import io

import pytest

from refurb.inventory.evidence.actions.donor_statements import keep_donor_statements, sent_statements
from refurb.inventory.evidence.actions.reports import Upload
from refurb.inventory.evidence.queries.donor_statements import donor_statements
from refurb.inventory.evidence.queries.evidence import drives_shown
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import Unreadable
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.inventory.readers.certificates import certificate
from tests.support.story import evidence, people, workshop
from tests.support.story.evidence import Disk, lshw


def paper(*lines):
    return certificate(lines=(*lines, "Serial: CHV0001", "Status: Successful", "Method: NIST 800-88 Purge"))


TOOLS = {
    "Blancco Drive Eraser 7.1": "Blancco",
    "WipeDrive Enterprise, WhiteCanyon Software": "WipeDrive",
    "Active@ KillDisk Certificate of Disk Erasing": "KillDisk",
    "Certus Erasure 3.6": "Certus",
    "BitRaser Drive Eraser": "BitRaser",
    "YouWipe Eraser": "YouWipe",
}


@pytest.mark.parametrize("line,tool", TOOLS.items())
def test_the_refusal_names_the_tool(line, tool):
    with pytest.raises(Unreadable) as refused:
        read_erasure(paper(line))
    assert (refused.value.code, refused.value.facts) == ("report.eraser_pdf", {"tool": tool})


def test_nwipes_own_is_still_read():
    assert read_erasure(certificate()).tool == "nwipe"


def keep(donation, *contents, role=Role.TECHNICIAN):
    sent = sent_statements([Upload(f"{number}.pdf", content) for number, content in enumerate(contents)])
    with unit_of_work():
        return keep_donor_statements(people.actor(role), donation, sent)


@pytest.fixture
def donation(context):
    return workshop.received()


def test_it_is_kept_once_with_its_donation_and_proves_nothing(donation):
    device = workshop.devices_of(donation)[0]
    evidence.read(device, lshw(Disk()))
    kept = keep(donation, paper("Blancco Drive Eraser 7.1"), paper("Facture"))

    assert [(each.tool, each.filename) for each in kept] == [("Blancco", "0.pdf"), (None, "1.pdf")]
    assert keep(donation, paper("Blancco Drive Eraser 7.1")) == []
    assert len(donor_statements(donation)) == 2
    assert [shown.standing.value for shown in drives_shown(device)] == ["to_erase"]
    assert events_of(donation)[0].facts["count"] == 2


@pytest.mark.parametrize("content", [b"", b"Bonjour", io.BytesIO(b"PK\x03\x04").read()])
def test_what_is_no_pdf_is_refused(donation, content):
    with pytest.raises(Invalid):
        keep(donation, content)


def test_the_desk_may_not(donation):
    with pytest.raises(Forbidden):
        keep(donation, paper("Blancco"), role=Role.DESK)


@pytest.mark.both_databases
def test_a_technician_attaches_it_on_a_page_and_gets_it_back(app, signed_in):
    with app.app_context():
        people.settle()
        reference = workshop.received().reference
    client = signed_in(Role.TECHNICIAN)
    sent = paper("Blancco Drive Eraser 7.1")
    refused = client.submit("/effacements/deposer", {"file": (io.BytesIO(sent), "blancco.pdf")})
    assert refused.status_code == 422
    assert "certificat de Blancco" in refused.text
    assert client.submit(f"/dons/{reference}/declarations", {}).status_code == 422
    assert client.submit(f"/dons/{reference}/declarations", {"file": (io.BytesIO(sent), "blancco.pdf")}).status_code == 303
    text = client.get(f"/dons/{reference}").text
    assert "blancco.pdf" in text
    assert "Ne prouve rien ici" in text
    address = f"/dons/{reference}/declarations/1"
    assert client.get(address).data == sent
    assert client.get(f"/dons/{reference}/declarations/99").status_code == 404
    answer = client.post(
        f"/api/v1/donations/{reference}/donor-statements?filename=certus.pdf", data=paper("Certus"), headers={"X-CSRFToken": client.token()}
    )
    assert [each["tool"] for each in answer.json["statements"]] == ["Blancco", "Certus"]
