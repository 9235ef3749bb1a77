"""The texts of letters and papers as policies: tried on a real record, adopted, said from then on, rolled back."""

import re

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from refurb.directory.policies.actions import fixed_by_law, refuse_unusable
from refurb.directory.policies.queries import complaints_of, draft_of, policy_named, standing_of, versions_of
from refurb.documents.content import Heading
from refurb.documents.models import PaperKind, Signing
from refurb.inventory.donations.effects.news import news_letter
from refurb.inventory.papers.actions import draft_of as draft_of_paper
from refurb.inventory.words.slots import Way
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import digest_of, text_in_file
from refurb.kernel.deeds.policy_versions import PolicyVersion
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Invalid
from refurb.policies import TEXT_SAMPLES
from refurb.reporting.texts import CONTACT_PAGE
from tests.directory.policies.test_policy_pages import mark_on, plain
from tests.directory.policies.trying import adopted, text_with, tried
from tests.support.story import desk, families, gifts, intake, people, workshop

NEWS = "letter_donation_news"
TRIAL = f"/regles/{NEWS}/essai"
THANKS = ("Bonne nouvelle : votre don {don} est accepté.", "Bonne nouvelle, et merci : nous prenons votre don {don}.")


def test_a_letter_says_what_was_adopted_and_again_what_was_before(context):
    donation = workshop.move(workshop.announced(), "accept")
    assert "Bonne nouvelle\xa0: votre don" in news_letter(donation).text
    adopted(NEWS, THANKS)
    assert f"nous prenons votre don {donation.reference}." in news_letter(donation).text
    adopted(NEWS, THANKS[::-1])
    assert "Bonne nouvelle\xa0: votre don" in news_letter(donation).text
    assert [each.restored_from for each in versions_of(NEWS)] == [1, None, None]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ((THANKS[0], "Le {dom} est accepté."), "accepted.body", "policy.field_unknown_near"),
        (("Suivez votre don ici :\n{suite}", "Au revoir."), "announced.body", "policy.field_missing"),
        (("Votre don {don} est accepté", "Votre {} est accepté"), "accepted.subject", "policy.brace"),
    ],
)
def test_what_a_letter_cannot_say_is_refused_beside_its_passage(context, change, path, code):
    with pytest.raises(Invalid) as refused:
        refuse_unusable(policy_named(NEWS), text_with(NEWS, change))
    ((found, (fault, *_)),) = refused.value.fields.items()
    assert (found, fault.code) == (path, code)


def test_what_the_law_fixes_is_refused_otherwise_in_the_whole_text_too(context):
    file = policy_named("solidarity_prices")
    assert fixed_by_law(file)[("caps", "laptop")] == 180
    with pytest.raises(Invalid) as refused:
        refuse_unusable(file, text_in_file(file.name).replace("laptop = 180", "laptop = 999"))
    assert [(path, each.code) for path, (each,) in refused.value.fields.items()] == [("caps.laptop", "policy.law")]


def test_a_paper_says_what_was_adopted_and_which_version_of_its_text_it_follows(context):
    donation = gifts.received()
    before = gifts.issued(donation, PaperKind.DONATION)
    assert before.wording == standing_of(policy_named("paper_donation")).digest
    version = adopted("paper_donation", ("à titre gratuit et sans contrepartie", "à titre gratuit"))
    draft = draft_of_paper(people.actor(Role.COORDINATOR), PaperKind.DONATION, donation, [], None)
    assert "à titre gratuit, en vue" in draft.lead
    assert draft.wording == version.digest
    assert "sans contrepartie" in before.content["lead"], "what was issued keeps its words"


def test_what_the_law_fixes_in_a_paper_stays(context):
    file = policy_named("paper_donation")
    with pytest.raises(Invalid) as refused:
        refuse_unusable(file, text_with(file.name, ("ne constitue pas un reçu fiscal", "est un reçu")))
    ((path, (fault,)),) = refused.value.fields.items()
    assert (path, fault.code) == ("no_tax_receipt", "policy.law")
    assert "1740 A" in fault.facts["why"]


def test_a_text_prepared_for_a_signature_keeps_its_version(context):
    desk.lent(desk.tablet())
    prepared = db.session.scalars(select(Signing).where(Signing.paper_kind == PaperKind.LOAN))
    assert [each.wording for each in prepared] == [standing_of(policy_named("paper_loan")).digest]


def typed(page):
    """What the form of a trial holds."""
    areas = re.findall(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)
    return {name: text.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&") for name, text in areas}


def test_from_a_wrong_field_to_a_letter_looked_at_and_adopted(app, signed_in):
    with app.app_context():
        people.settle()
        workshop.move(workshop.announced(), "accept")
        intake.scheduled(way=Way.DROP_OFF)
    admin = signed_in(Role.ADMIN)
    part = f"{TRIAL}?partie=accepted"
    page = admin.get(part)
    assert "Bonne nouvelle : votre don" in plain(page).replace("\xa0", " ")
    form = {"seen": "0", "base": "1", **typed(page)}
    assert set(form) == {"seen", "base", "accepted.subject", "accepted.body"}
    refused = admin.submit(part, form | {"accepted.body": "Merci, {contacts} !\r\n{suite}"})
    assert refused.status_code == 422
    assert "Merci, {contacts} !" in refused.text
    assert "Le champ {contacts} n'existe pas ici" in plain(refused)
    assert admin.submit(part, form | {"accepted.body": 'Merci !\r\n\r\nÀ "bientôt" :\r\n{suite}'}).status_code == 303
    with app.app_context():
        # Somebody who opens the file reads lines.
        assert 'body = """\nMerci !\n\nÀ "bientôt" :\n{suite}"""' in draft_of(NEWS).text
    shown = plain(admin.get(part))
    assert "DN-" in shown
    accepted = re.search(r'<option value="(\d+)"[^>]*>[^<]*Accepté', admin.get(part).text)[1]
    looked_at = plain(admin.get(f"{TRIAL}?partie=accepted&sur={accepted}"))
    assert 'À "bientôt"' in looked_at.replace("&#34;", '"')
    assert "/exemple" in looked_at
    assert "/dons/suivi/" not in looked_at
    page = admin.get(f"{TRIAL}/adopter")
    facts = {"seen": "1", "shown": mark_on(page), "in_force_from": re.search(r'value="(\d{4}-\d\d-\d\d)"', page.text)[1]}
    assert admin.submit(f"{TRIAL}/adopter", facts | {"decided_by": "Le bureau", "reason": "Plus court"}).status_code == 303
    assert "Plus court" in plain(admin.get(f"/regles/{NEWS}"))


def test_every_text_is_looked_at_on_a_record_and_no_link_that_opens_anything_is_shown(app, signed_in):
    with app.app_context():
        people.settle()
        families.handed_over()
        desk.lent(desk.tablet())
        workshop.received()
    admin = signed_in(Role.ADMIN)
    with app.app_context():
        names = {name: len(sample.records()) for name, sample in TEXT_SAMPLES.items()}
    assert {name for name, count in names.items() if count} >= {NEWS, "letter_password", "letter_new_address", "letter_referral_news"} | {
        "paper_donation", "paper_erasure", "paper_intake", "paper_handover", "paper_loan",
    }  # fmt: skip
    for name, count in names.items():
        page = plain(admin.get(f"/regles/{name}/essai"))
        assert ("Rien de ce que vous voyez" in page) is not bool(count)
        assert "/mot-de-passe/" not in page
        assert "Aïcha" not in page
    assert "Prénom Nom" in plain(admin.get("/regles/paper_loan/essai"))
    assert "You asked for nothing?" in plain(admin.get("/regles/letter_password/essai"))


def test_a_text_that_this_release_cannot_use_is_opened_to_be_mended(app, signed_in):
    """It was adopted, or tried, under a release that took it."""
    with app.app_context():
        people.settle()
        workshop.move(workshop.announced(), "accept")
        tried(NEWS, THANKS)
        broken = text_with(NEWS, (THANKS[0], "Le {dom} est accepté."))
        with unit_of_work() as writing:
            writing.add(
                PolicyVersion(
                    name=NEWS, number=2, text=broken, digest=digest_of(broken), in_force_from=today(), decided_by="x", reason="x",
                    created_at=now(),
                )
            )  # fmt: skip
            draft_of(NEWS).text, draft_of(NEWS).base = broken, 2
        assert {each.path for each in complaints_of(policy_named(NEWS), broken)} == {"accepted.body"}
    admin = signed_in(Role.ADMIN)
    adopting = admin.get(f"{TRIAL}/adopter")
    assert "ne peut pas être appliqué tel quel" in plain(adopting)
    assert 'name="decided_by"' not in adopting.text
    admin.submit(f"{TRIAL}/abandonner", {"seen": "1"})
    part = f"{TRIAL}?partie=accepted"
    page = admin.get(part)
    assert "Le champ {dom} n'existe pas ici" in plain(page)
    mended = {"seen": "0", "base": "2", **typed(page), "accepted.body": "Merci !\r\n{suite}"}
    assert admin.submit(part, mended).status_code == 303
    assert "Merci !" in plain(admin.get(f"{TRIAL}/adopter"))


def test_what_was_typed_stays_when_another_record_is_looked_at(app, signed_in):
    with app.app_context():
        people.settle()
        workshop.move(workshop.announced(), "accept")
        intake.scheduled(way=Way.DROP_OFF)
    admin = signed_in(Role.ADMIN)
    part = f"{TRIAL}?partie=accepted"
    page = admin.get(part)
    numbers = re.findall(r'<option value="(\d+)"', page.text)
    assert len(numbers) > 1
    assert len(re.findall(r'(?:name="sur"|name="look" value="1") form="trial"', page.text)) == 2
    form = {"seen": "0", "base": "1", **typed(page), "look": "1", "sur": numbers[-1]}
    looked = admin.submit(part, form)
    assert looked.headers["Location"] == f"{TRIAL}?partie=accepted&sur={numbers[-1]}#apercu"
    with app.app_context():
        assert draft_of(NEWS) is None, "who only looks tries nothing"
    looked = admin.submit(part, form | {"accepted.body": "Merci !\r\n{suite}"})
    assert looked.headers["Location"].endswith("#apercu")
    shown = admin.get(looked.headers["Location"])
    assert typed(shown)["accepted.body"] == "Merci !\n{suite}"
    assert f'<option value="{numbers[-1]}" selected' in shown.text
    again = admin.submit(f"{TRIAL}/adopter", {"seen": "1", "reason": "Plus court", "look": "1", "sur": numbers[0]})
    assert again.status_code == 200
    assert "Plus court" in again.text
    assert f'<option value="{numbers[0]}" selected' in again.text


def test_a_passage_in_english_is_emptied_and_put_back_on_the_form(app, signed_in):
    with app.app_context():
        people.settle()
    admin = signed_in(Role.ADMIN)
    trial = "/regles/letter_account_changed/essai"
    page = admin.get(trial)
    name = "closed.en"
    if name not in page.text:
        trial += "?partie=closed"
        page = admin.get(trial)
    form = {"seen": "0", "base": "1", **typed(page)}
    english = form[name]
    assert admin.submit(trial, form | {name: ""}).status_code == 303
    with app.app_context():
        assert "Your account is closed" not in draft_of("letter_account_changed").text
    page = admin.get(trial)
    assert typed(page)[name] == ""
    assert admin.submit(trial, form | {"seen": "1"}).status_code == 303
    with app.app_context():
        assert "Your account is closed" in draft_of("letter_account_changed").text
    assert typed(admin.get(trial))[name] == english


def test_a_paper_bears_the_title_and_the_headings_that_were_adopted_and_those_of_the_product_where_a_version_of_before_has_none(context):
    donation = gifts.received()

    def draft():
        made = draft_of_paper(people.actor(Role.COORDINATOR), PaperKind.DONATION, donation, [], None)
        return made.title, [each.text for each in made.blocks if isinstance(each, Heading)]

    shipped = draft()
    assert shipped == ("Attestation de don", ["Quantités annoncées, reçues et refusées", "Matériels reçus", "Données"])
    adopted(
        "paper_donation",
        ('title = "Attestation de don"', 'title = "Attestation de remise"'),
        ('data = "Données"', 'data = "Ce que les disques contenaient"'),
    )
    assert draft() == ("Attestation de remise", [*shipped[1][:2], "Ce que les disques contenaient"])
    text = text_in_file("paper_donation")
    adopted(
        "paper_donation",
        ('title = "Attestation de remise"\n', ""),
        (text[text.index("[headings]") :].replace("Données", "Ce que les disques contenaient"), ""),
    )
    assert draft() == shipped


def test_a_public_page_says_what_was_adopted_and_never_otherwise_what_people_are_owed(app, client):
    with app.app_context():
        people.settle()
        adopted(
            "page_privacy",
            ("Prêter du matériel, et savoir où il est.", "Prêter du matériel.\nTenir un atelier."),
            ("[responsible]", '[more]\nfr = """\nUn premier.\n\nUn second."""\n\n[responsible]'),
        )
        with pytest.raises(Invalid) as refused:
            refuse_unusable(policy_named("page_privacy"), text_with("page_privacy", ("article 6-1-f", "article 6-1-a")))
        ((path, (fault,)),) = refused.value.fields.items()
    assert (path, fault.code) == ("basis_private.fr", "policy.law")
    page = client.get("/donnees-personnelles").text
    assert "<li>Prêter du matériel.</li><li>Tenir un atelier.</li>" in page
    assert "<p>Un premier.</p><p>Un second.</p>" in page
    legal = client.get("/mentions-legales").text
    assert "n’est pas un reçu fiscal" in legal


def test_paragraphs_of_ones_own_are_added_to_a_public_page_on_the_form(app, signed_in, client):
    admin, address = signed_in(Role.ADMIN), "/regles/page_contact/essai"
    page = admin.get(address)
    form = {"seen": "0", "base": "1", **typed(page)}
    assert form["more.fr"].strip() == "", "what may be said and is not has its place"
    added = "Nous sommes fermés en août.\r\n\r\nEcrivez-nous quand même."
    assert admin.submit(address, form | {"more.fr": added}).status_code == 303
    page = admin.get(f"{address}/adopter")
    facts = {"seen": "1", "shown": mark_on(page), "in_force_from": re.search(r'value="(\d{4}-\d\d-\d\d)"', page.text)[1]}
    assert admin.submit(f"{address}/adopter", facts | {"decided_by": "Le bureau", "reason": "Août"}).status_code == 303
    assert "<p>Nous sommes fermés en août.</p><p>Ecrivez-nous quand même.</p>" in client.get("/contact").text
    assert "Aucun compte n’est nécessaire." in client.get("/contact").text
    form = {"seen": "0", "base": "2", **typed(admin.get(address))}
    assert admin.submit(address, form | {"more.fr": ""}).status_code == 303, "they are taken away again"
    with app.app_context():
        assert not complaints_of(policy_named("page_contact"), draft_of("page_contact").text)


def test_a_paragraph_in_english_alone_is_said_in_english_alone(context):
    alone = Wording("1", {"more.en": "Closed in August."}, CONTACT_PAGE.in_force().entries)
    assert alone.paragraphs("more") == []
    with force_locale("en"):
        assert alone.paragraphs("more") == ["Closed in August."]


def test_help_and_the_declaration_are_worded_by_the_territory(app, client):
    with app.app_context():
        people.settle()
        adopted("page_help", ("gardez le chargeur", "apportez le chargeur"))
        adopted("page_accessibility", ("répondons en une semaine", "répondons en trois jours"))
    assert "apportez le chargeur" in client.get("/aide").text
    declared = client.get("/accessibilite").text
    assert "répondons en trois jours" in declared
    assert "Défenseur des droits" in declared, "what the model fixes is no text of the territory's"


def test_how_long_a_text_message_would_be_is_told_while_it_is_written(signed_in):
    admin = signed_in(Role.ADMIN)
    where = "/regles/text_messages/longueur"
    page = admin.get("/regles/text_messages/essai").text
    assert f'data-lengths="{where}"' in page
    (name, *_more) = re.findall(r'name="([^"]+)"[^>]* data-length', page)
    texts = ("a" * 160, "a" * 161, "a" * 459 + "{lien}")
    said = [admin.get(where, query_string={"champ": name, "texte": text}).json["said"] for text in texts]
    assert "160 signes" in said[0]
    assert [re.search(r"(\d+) SMS", each)[1] for each in said] == ["1", "2", "4"], "fields count as long as they usually are"
    assert admin.get(where, query_string={"champ": "moon", "texte": ""}).status_code == 404
    assert admin.get("/regles/sms/longueur", query_string={"champ": name, "texte": ""}).status_code == 404
    assert signed_in(Role.DESK).get(where, query_string={"champ": name, "texte": ""}).status_code == 403
