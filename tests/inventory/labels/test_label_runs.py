"""Labels printed in advance: made as a run, printed and printed again, counted until each is on a machine."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from refurb.inventory.dock.actions.reception import claim_label
from refurb.inventory.labels.actions.label_runs import AllUsed, codes_of_run, make_run, print_run, unused_labels
from refurb.inventory.labels.formats import label_formats
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import people, workshop


def made(count=3):
    with unit_of_work():
        return make_run(people.actor(Role.TECHNICIAN), count)


def printed(run, **options):
    with unit_of_work():
        pdf = print_run(people.actor(Role.TECHNICIAN), run, label_formats()["a4-3x8"], **options)
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def used(code):
    donation = workshop.received({DeviceKind.LAPTOP: 1})
    with unit_of_work():
        claim_label(people.actor(Role.TECHNICIAN), donation, DeviceKind.LAPTOP, code)


def test_a_run_is_printed_and_what_is_left_of_it_printed_again(context):
    run = made()
    codes = codes_of_run(run, unused=True)
    assert all(spell(code) in printed(run) for code in codes)
    used(codes[1])
    assert unused_labels() == 2
    again = printed(run)
    assert [spell(code) in again for code in codes] == [True, False, True]
    assert spell(codes[1]) in printed(run, unused=False)
    assert [event.move for event in events_of(run)].count("printed") >= 3


def test_nothing_is_left_to_print_of_a_run_that_is_used_up(context):
    run = made(1)
    used(codes_of_run(run, unused=True)[0])
    with pytest.raises(AllUsed):
        printed(run)


def test_whoever_prints_no_labels_makes_none(context):
    with pytest.raises(Forbidden), unit_of_work():
        make_run(people.actor(Role.OBSERVER), 3)


def test_from_the_page_to_the_pdf(app, signed_in):
    client = signed_in(Role.TECHNICIAN)
    assert client.submit("/etiquettes/avance", {"count": "9999"}).status_code == 422
    answer = client.submit("/etiquettes/avance", {"count": "5"})
    assert answer.status_code == 303
    assert "À coller" in client.get(answer.location).text
    pdf = client.submit(answer.location, {"format": "a4-3x8", "cell": "1", "which": "unused"})
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert "5 à coller" in client.get("/etiquettes/avance").text
    assert client.get("/etiquettes/avance/999").status_code == 404
