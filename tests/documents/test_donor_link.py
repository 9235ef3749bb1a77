"""The donor's link: what it opens, what it never shows, and that it opens nothing else."""

import re
from datetime import timedelta

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from refurb.directory.actions import add_organisation
from refurb.directory.organisations.actions.contacts import end_contact, name_contact
from refurb.directory.words import Purpose
from refurb.documents.links import LASTS_DAYS, LinkExpired, make_link, open_link
from refurb.documents.models import PaperKind
from refurb.inventory.donations.donor import DONOR_LINK, donor_url
from refurb.inventory.donations.effects.news import tell_donor
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.donations.states import TELL_DONOR
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import MAIL_DONOR_PAPERS
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from tests.support.story import evidence, gifts, people
from tests.support.story.machines import devices_of

TOKEN = re.compile(r'name="(?:csrf_token|_key)" value="[^"]*"')


def given(app):
    """A donation with both papers: its link's path, its reference, its papers' numbers and the PDF of the first."""
    with app.app_context():
        donation = gifts.received(9, of=10)
        gifts.wiped(donation, "WD-0001", "WD-0002")
        gifts.read_drives(donation, "WD-0001", "WD-0002", "WD-0003")
        erasure, gift = gifts.issued(donation, PaperKind.ERASURE), gifts.issued(donation, PaperKind.DONATION)
        return (
            donor_url(donation).removeprefix("http://refurb.example"),
            donation.reference,
            gift.reference,
            erasure.reference,
            fetch(gift.file),
        )


def another_donor_s():
    with unit_of_work():
        add_organisation(SERVICE, name="Zoé d'Alès", is_donor=True, is_person=True, place="Ligugé", email="zoe@donateur.example")
    return gifts.received(1, donor="Zoé", origin=LegalOrigin.INDIVIDUAL)


def test_it_opens_the_donor_s_page_without_an_account(app, client):
    link, reference, gift, erasure, _pdf = given(app)
    page = client.get(link)
    assert page.status_code == 200
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    for told in (reference, gift, erasure, "Menuiseries", "reçues\u202f; annoncées\u00a0: 10", "1 machine annoncée n’est pas arrivée"):
        assert told in page.text, told
    assert re.findall(r'class="big-num">(\d+)<', page.text) == ["9", "2"]


def test_what_one_machine_becomes_changes_nothing_on_the_page(app, client):
    link, reference, *_ = given(app)
    before = TOKEN.sub("", client.get(link).text)
    with app.app_context():
        donation = donation_by_reference(people.actor(Role.COORDINATOR), reference)
        first, second = devices_of(donation)[0], devices_of(donation)[3]
        evidence.fire(first, "accept", "finish_erasure", "start_tests")
        evidence.pass_checks(first)
        evidence.label(first)
        evidence.fire(first, "pass_tests")
        evidence.fire(second, "strip", reason="carte mère")
    assert TOKEN.sub("", client.get(link).text) == before


@pytest.mark.both_databases
def test_it_opens_the_papers_and_their_pdf(app, client):
    link, _reference, gift, erasure, pdf = given(app)
    assert "ne constitue pas un reçu fiscal" in client.get(f"{link}/{gift}").text
    assert "WD-0001" in client.get(f"{link}/{erasure}").text
    stored = client.get(f"{link}/{gift}.pdf")
    assert stored.data == pdf
    assert stored.mimetype == "application/pdf"


def test_it_opens_no_paper_of_another_donation(app, client):
    link, *_ = given(app)
    with app.app_context():
        other = gifts.issued(another_donor_s(), PaperKind.DONATION).reference
    assert client.get(f"{link}/{other}").status_code == 404
    assert client.get(f"{link}/{other}.pdf").status_code == 404


def test_it_says_nothing_of_machines_or_people(app, client):
    link, *_ = given(app)
    page = client.get(link).text
    for secret in ("WD-0001", "SN-WD", "Marais", "ines@donateur.example", "Hélène"):
        assert secret not in page, secret


def test_a_forged_link_opens_nothing(app, client):
    link, *_ = given(app)
    token = link.rsplit("/", 1)[1]
    body, stamp, signature = token.split(".")
    other = ("A" if signature[0] != "A" else "B") + signature[1:]
    for forged in (f"{body}.{stamp}.{other}", f"Mg.{stamp}.{signature}", f"{body}.x.y", "n-importe-quoi", token.swapcase()):
        assert client.get(f"/dons/suivi/{forged}").status_code == 404


def test_a_link_for_another_purpose_opens_nothing(app, client):
    with app.app_context():
        token = make_link("another purpose", gifts.received(1).id)
        with pytest.raises(NotFound):
            open_link(DONOR_LINK, token)
    assert client.get(f"/dons/suivi/{token}").status_code == 404


def test_an_old_link_says_so_and_what_to_do(app, client, monkeypatch):
    with app.app_context():
        donation = gifts.received(1)
        reference = gifts.issued(donation, PaperKind.DONATION).reference
        signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt=f"refurb link {DONOR_LINK}").make_signer(b"refurb link donor papers")
        stamp = int(signer.get_timestamp() - timedelta(days=LASTS_DAYS, minutes=1).total_seconds())
        monkeypatch.setattr("itsdangerous.TimestampSigner.get_timestamp", lambda _self: stamp)
        token = make_link(DONOR_LINK, donation.id)
        monkeypatch.undo()
        with pytest.raises(LinkExpired):
            open_link(DONOR_LINK, token)
    for path in (f"/dons/suivi/{token}", f"/dons/suivi/{token}/{reference}", f"/dons/suivi/{token}/{reference}.pdf"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert f"plus de {LASTS_DAYS}" in answer.text
        assert "Écrivez-nous" in answer.text


@pytest.fixture
def aged(app, monkeypatch):
    """A donor's link of so many days ago, by its path; with a paper, or not."""

    def link(days, *, paper=True):
        with app.app_context():
            donation = gifts.received(1)
            if paper:
                gifts.issued(donation, PaperKind.DONATION)
            signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="any").make_signer(b"any")
            stamp = int(signer.get_timestamp() - timedelta(days=days, minutes=1).total_seconds())
            monkeypatch.setattr("itsdangerous.TimestampSigner.get_timestamp", lambda _self: stamp)
            token = make_link(DONOR_LINK, donation.id)
            monkeypatch.undo()
            return f"/dons/suivi/{token}"

    return link


def mails(app):
    with app.app_context():
        return list(db.session.scalars(select(Effect).where(Effect.kind == MAIL_DONOR_PAPERS)))


def press(client, link):
    return client.submit(f"{link}/nouveau-lien")


@pytest.mark.both_databases
def test_a_link_that_is_over_is_renewed_by_one_press_to_the_known_address(app, client, aged):
    link = aged(300)
    assert "Recevoir un nouveau lien" in client.get(link).text
    assert not mails(app), "a GET sends nothing"
    told = press(client, link)
    assert told.status_code == 303
    assert "Un nouveau lien part" in client.get(told.location).text
    assert len(mails(app)) == 1
    press(client, link)
    assert len(mails(app)) == 1, "once a day"


def test_a_second_press_within_a_day_says_that_nothing_leaves(app, client, aged):
    link = aged(300)
    client.get(press(client, link).location)
    told = client.get(press(client, link).location).text
    assert "moins d’un jour" in told
    assert "Un nouveau lien part" not in told


@pytest.mark.both_databases
def test_where_there_is_no_paper_yet_the_link_comes_with_where_the_donation_stands(app, client, aged):
    link = aged(100, paper=False)
    assert "Recevoir un nouveau lien" in client.get(link).text
    assert "Un nouveau lien part" in client.get(press(client, link).location).text
    assert "moins d’un jour" in client.get(press(client, link).location).text
    with app.app_context():
        planned = db.session.scalars(select(Effect).where(Effect.kind == TELL_DONOR).order_by(Effect.id.desc())).first()
        written = tell_donor(**planned.facts)
        assert written.to == "ines@donateur.example"
        fresh = re.search(r"/dons/suivi/\S+", written.text)[0]
    assert client.get(fresh).status_code == 200


def test_without_an_address_no_link_is_offered(app, client, aged):
    link = aged(100)
    with app.app_context(), unit_of_work():
        donation = db.session.scalar(select(Donation))
        donation.contact_id, donation.donor.email = None, None
    assert "Recevoir un nouveau lien" not in client.get(link).text
    assert press(client, link).status_code == 409
    assert not mails(app)


def test_a_link_of_too_long_ago_is_not_renewed(app, client, aged):
    old = client.get(aged(731))
    assert old.status_code == 410
    assert "Recevoir un nouveau lien" not in old.text
    assert not mails(app)


@pytest.fixture
def successor(app):
    """A contact left with her link; another gift of the same donor came to whoever follows her. Both links and the new gift's papers."""
    with app.app_context():
        first, second = gifts.received(2), gifts.received(3, of=5)
        hers = donor_url(first).removeprefix("http://refurb.example")
        before = f"/dons/suivi/{make_link(DONOR_LINK, first.id)}"
        paper = gifts.issued(second, PaperKind.DONATION).reference
        coordinator = people.actor(Role.COORDINATOR)
        with unit_of_work():
            end_contact(coordinator, first.contact)
            name_contact(coordinator, first.donor, name="Paul Suivant", email="paul@donateur.example", purpose=Purpose.DONATIONS)
        return hers, before, donor_url(first).removeprefix("http://refurb.example"), second.reference, paper


@pytest.mark.both_databases
def test_who_left_reads_nothing_of_her_successor_s_donations(app, client, successor):
    hers, _before, _his, _second, paper = successor
    for path in (hers, f"{hers}/{paper}", f"{hers}/{paper}.pdf", f"{hers}/rendez-vous.ics"):
        assert client.get(path).status_code == 404, path
    assert press(client, hers).status_code == 404


def test_her_successor_reads_them_all(app, client, successor):
    _hers, _before, his, second, paper = successor
    assert second in client.get(his).text
    assert client.get(f"{his}/{paper}").status_code == 200


def test_a_link_of_before_opens_its_own_donation_alone(app, client, successor):
    _hers, before, _his, second, paper = successor
    assert second not in client.get(before).text
    assert client.get(f"{before}/{paper}").status_code == 404


def test_a_forged_link_is_not_renewed(app, client, aged):
    link = aged(100)
    client.get(link)
    assert client.submit(f"{link[:-4]}AAAA/nouveau-lien").status_code == 404
    assert not mails(app)


def test_a_get_changes_nothing(app, client):
    link, *_ = given(app)
    for method in (client.post, client.put, client.delete):
        assert method(link).status_code in {400, 405}
    told = [TOKEN.sub("", client.get(link).text) for _ in range(2)]  # The token of its forms holds the second it was made in.
    assert told[0] == told[1]


def test_a_link_that_was_signed_before_opens_until_it_ends(context):
    old = URLSafeTimedSerializer(context.config["SECRET_KEY"], salt=f"refurb link {DONOR_LINK}").dumps(7)
    assert open_link(DONOR_LINK, old) == 7
    assert make_link(DONOR_LINK, 7).rpartition(".")[2] != old.rpartition(".")[2]
    assert len(make_link(DONOR_LINK, 7).rpartition(".")[2]) == 43, "HMAC-SHA-256 in base64"


@pytest.mark.parametrize("address", ["/proposer-un-don/confirmer/{}", "/dons/suivi/{}"])
def test_a_link_cut_short_speaks_to_the_donor(app, client, address):
    with app.app_context():
        token = make_link(DONOR_LINK, 1)
    answer = client.get(address.format(token[:-5]))
    assert answer.status_code == 404
    assert "<h1>Ce lien ne s’ouvre pas</h1>" in answer.text
    assert "étiquette" not in answer.text
