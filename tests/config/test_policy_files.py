"""The files of config/policy: each is checked at the start and by `refurb policy check`, and what is wrong is named with its reason."""

import copy
import datetime as dt
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import reduce

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import insert

from config.settings import CHECKOUT
from refurb import commands
from refurb.kernel.deeds import policy
from refurb.kernel.deeds.policy import FOLDER, PolicyError
from refurb.kernel.deeds.policy_versions import PolicyVersion
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.policies import POLICIES
from tests.directory.policies.trying import adopted
from tests.support.story import people

FILES = {file.name: file for file in POLICIES}
GONE = object()

# A file, the path of a value in it, what is written there instead, and what is then said.
WRONG = [
    ("accounts", ("second_factor", "roles", 0), "desk", "second_factor.roles: must name every role that sees people who are helped"),
    ("accounts", ("second_factor", "kinds"), [], "second_factor.kinds: must hold 1 entries at least"),
    ("after", ("answer_days",), 0, "answer_days: must be a whole number from 1"),
    ("agenda", ("holidays", "dates", 0), "1er janvier", "holidays.dates[1]: must be a month and a day"),
    ("agenda", ("closures",), [{"from": dt.date(2026, 1, 2), "until": dt.date(2026, 1, 1)}], "closures[1].until: must be after from"),
    ("bags", ("contents", "laptop", 0), "boat", "contents.laptop[1]: must be one of"),
    ("bags", ("contents", "boat"), ["guide"], "contents.boat: there is no such kind of device"),
    ("bench", ("ageing", "ready", "watch"), 61, "ageing.ready.watch: must not be more than late, 60"),
    ("bench", ("ageing", "asleep"), {"watch": 1, "late": 2}, "ageing.asleep: there is no such state of a device"),
    ("bench", ("notes", "correctable_hours"), "48", "notes.correctable_hours: must be a whole number"),
    ("bench", ("batch", "most"), 0, "batch.most: must be a whole number from 1"),
    ("checklists", ("other", "works", "fr"), 12, "other.works.fr: must be a text"),
    ("checklists", ("laptop", "look", "type"), ["choice"], "laptop.look.type: must be one of"),
    ("checklists", ("other",), GONE, "other: is missing"),
    ("checklists", ("laptop", "look_photo", "ask_if", "is", 0), "lost", "laptop.look_photo.ask_if: look is never answered lost"),
    ("eligibility", ("priority", 1, "situations", 0), "pressed", "priority[2].situations[1]: must be one of"),
    ("eligibility", ("priority", 3), GONE, "priority: the last one, and only the last, has no condition"),
    ("eligibility", ("priority", 0, "fr"), "Enfants : %(kids)s", "priority[1].fr: may name %(children)s alone"),
    ("eligibility", ("in_force_since",), "2026-03-03", "in_force_since: must be a date without quotes"),
    ("households", ("helped_months",), 48, "helped_months: must not be more than hashes_months, 36"),
    ("households", ("told_a_day",), 0, "told_a_day: must be a whole number from 1"),
    ("quotas", ("public", 1, "key"), "young", "public: two have the same key"),
    ("quotas", ("public", 1, "youngest"), 60, "public: the last one, and only the last, has no condition"),
    ("quotas", ("public", 0, "oldest"), -1, "public[1].oldest: must be a whole number from 0 to 130"),
    ("family_page", ("fr", "answer_by"), "Bientôt", "fr.answer_by: must hold {date}"),
    ("family_page", ("ar", "read_over"), "oui", "ar.read_over: must be true or false"),
    ("carbon", ("years",), 0, "years: must be a whole number from 1"),
    ("data_impact", ("reading", "all_from"), "4", "reading.all_from: must be one of: 1, 2, 3"),
    ("paper_bilan", ("replaces",), "Ce bilan annule le bilan {numero}.", "replaces: knows no field {numero}, only: {reference}, {date}"),
    ("paper_reuse", ("lead", "one"), "Attesté.", "lead.one: must hold {organisation}"),
    ("paper_reen", ("title",), "Rapport\nREEN", "title: must be one line"),
    ("paper_tax_receipt", ("title",), "Reçu\nfiscal", "title: must be one line"),
    ("letter_donor_contact", ("asked", "body"), "Bonjour", "asked.body: must hold {lien}"),
    ("letter_donor_releases", ("reminded", "body"), "Bonjour {lien}", "reminded.body: must hold {machines}"),
    ("family_page", ("uk", "try", "slow"), "{lien}", "uk.try.slow: knows no field {lien}"),
    ("paper_handover_languages", ("ar", "sign"), "Signer\n{nom}", "ar.sign: must be one line"),
    ("notice", ("uk", "kept"), "Як довго", "uk.kept: must hold {mois_servi}"),
    ("notice", ("fr",), GONE, "fr: is missing"),
    ("labels", ("a4-3x8", "rows"), 9, "a4-3x8.cell: cells reach 333.5 mm on a page of 297 mm"),
    ("labels", ("ruban-62", "qr"), GONE, "ruban-62.qr: is missing"),
    ("labels", ("a4-3x8", "page"), GONE, "a4-3x8.page: is missing"),
    ("letter_backup_failed", ("body", "fr"), "Rien", "body.fr: must hold {lien}"),
    ("letter_connection", ("body", "fr"), "{date} {telephone} {signature}", "body.fr: must hold {connexion}"),
    ("letter_committee", ("subject",), "Commission", "subject: must be a table"),
    ("letter_convention", ("subject",), "Convention", "subject: must be a table"),
    ("letter_endowment", ("end", "fr"), "{date} {signature}", "end.fr: must hold {lien}"),
    ("letter_holding", ("body", "fr"), "{date} {signature}", "body.fr: must hold {lien}"),
    ("holding", ("told_days",), 30, "told_days: must be less than days, 30"),
    ("letter_donation_news", ("question", "body"), "{question}", "question.body: must hold {suite}"),
    ("letter_donor_papers", ("subject", "one"), "{dom}", "subject.one: knows no field {dom}: {don}?"),
    ("letter_account_changed", ("roles", "fr"), "Bonjour", "roles.fr: must hold {changements}"),
    ("letter_factor_reminder", ("body", "fr"), "Bonjour", "body.fr: must hold {lien}"),
    ("letter_former_address", ("done", "en"), "{lien}", "done.en: knows no field {lien}, only: {nom}, {maison}, {signature}"),
    ("letter_ceremony_guest", ("eve", "subject"), "Demain {jour}", "eve.subject: knows no field {jour}, only: {maison}, {quand}"),
    ("letter_consent", ("words", "body"), "{lien}", "words.body: must hold {mots}"),
    ("paper_ceremony", ("nobody",), "Certifié.\nVrai.", "nobody: must be one line"),
    ("paper_consent", ("adult",), "J'accepte que {organisation} montre tout.", "adult: must hold {choses}"),
    ("letter_ceremony_family", ("sms",), "Bonjour", "sms: must hold {lien}"),
    ("letter_handover_invitation", ("sms", "fr"), "Bonjour", "sms.fr: must hold {lien}"),
    ("letter_handover_appointment", ("body", "fr"), "{lien}", "body.fr: must hold {quand}"),
    ("letter_history_head", ("body", "fr"), "Bonjour", "body.fr: must hold {sceau}"),
    ("letter_invitation", ("subject", "fr"), "Ouvrez\nvite", "subject.fr: must be one line"),
    ("letter_new_address", ("body", "fr"), GONE, "body.fr: is missing"),
    ("letter_password", ("body", "de"), "{lien}", "body.de: there is no such key"),
    ("after", ("news_remind_days",), 14, "news_remind_days: must be less than news_link_days, 14"),
    ("letter_news", ("body", "fr"), "Bonjour", "body.fr: must hold {lien}"),
    ("letter_news_partner", ("subject", "fr"), "{ref}", "subject.fr: knows no field {ref}: {reference}?"),
    ("letter_loan", ("body", "fr"), "Bonjour", "body.fr: must hold {lien}"),
    ("letter_loan_recalled", ("body", "fr"), "Bonjour", "body.fr: must hold {lien}"),
    ("letter_loan_to_sign", ("body", "fr"), "Bonjour", "body.fr: must hold {lien}"),
    ("letter_loans_due", ("body", "en"), "{retard}", "body.en: knows no field {retard}: {retards}?"),
    ("letter_machine", ("out", "fr"), "{machine}", "out.fr: must hold {jour}"),
    ("letter_online_news", ("said", "held", "fr"), "{lien}", "said.held.fr: must hold {avant}"),
    ("letter_online_request", ("to_decide", "fr"), "{avant}", "to_decide.fr: must hold {lien}"),
    ("letter_passage_off", ("body", "fr"), "{lien}", "body.fr: must hold {jour}"),
    ("letter_wait", ("body", "fr"), "{lien}", "body.fr: must hold {materiel}"),
    ("letter_workshop", ("body", "en"), "{raisons} {lien}", "body.en: knows no field {raisons}: {raison}?"),
    ("sms", ("not_after",), dt.time(7, 0), "not_after: must be after not_before"),
    ("text_messages", ("loans", "fr"), "é" * 400 + " {lien}", "loans.fr: would be sent as 4 messages, 3 at most"),
    ("letter_proposal", ("subject",), "{", "subject: may hold braces around the name of a field alone"),
    ("letter_referral_news", ("body", "en"), 12, "body.en: must be a text between quotes"),
    ("loans", ("categories", "kit", "days"), 91, "categories.kit.days: must not be more than longest, 90"),
    ("retention", ("families", "served"), 25, "families.served: must be a whole number from 1 to 24"),
    ("loans", ("closed_weekdays",), [1, 2, 3, 4, 5, 6, 7], "closed_weekdays: must leave a day of the week"),
    ("loans", ("suspend_after",), 21, "suspend_after: must be a whole number from 0 to 20"),
    ("loans", ("reminders", 0), -90, "reminders[1]: must be a whole number from -30 to 366"),
    ("loans", ("closed_dates",), ["12-25"], "closed_dates: is said in agenda.toml, as holidays.dates, now"),
    ("paper_donation", ("lead",), "{organisation} atteste.", "lead: must hold {date}"),
    ("paper_erasure", ("stated", "one"), "{nombre} effacement certifié ANSSI", "stated.one: may not speak of a certification"),
    ("paper_handover", ("device", "used"), "Cet appareil est reconditionné.", "device.used: may not say that a device is reconditioned"),
    ("paper_intake", ("unsigned",), "Don déductible.", "unsigned: may not promise a tax cut"),
    ("participation", ("basis",), "card", "basis: must be one of"),
    ("paper_participation", ("lead",), "Le {date}.", "lead: must hold {organisation}"),
    ("paper_endowment", ("lead",), "Le {date}, {organisation} remet ceci.", "lead: must hold {structure}"),
    ("paper_minutes", ("lead",), "{organisation} a décidé.", "lead: must hold {date}"),
    ("paper_loan", ("conditions", "care"), "Rendu à l'état neuf.", "conditions.care: may not say that anything is as new"),
    ("letter_mail_trial", ("subject", "en"), "{lien}", "subject.en: knows no field {lien}, only: {maison}"),
    ("page_accessibility", ("answers", "fr"), "Un.\nDeux.", "answers.fr: must be one line"),
    ("page_contact", ("give", "fr"), "Donnez à {maison}.", "give.fr: knows no field {maison}, only: –"),
    ("page_help", ("admin", "fr"), "Regardez « Envois ».", "admin.fr: must hold {essais}"),
    ("page_legal", ("host", "fr"), "Chez nous.", "host.fr: must hold {maison}"),
    ("page_privacy", ("cookies", "fr"), "Deux.", "cookies.fr: must hold {jours}"),
    ("paper_loan", ("title",), "Prêt certifié", "title: may not speak of a certification"),
    ("parts", ("low_stock", "wheel"), 2, "low_stock.wheel: there is no such kind of part"),
    ("parts", ("low_stock", "ram"), True, "low_stock.ram: must be a whole number"),
    ("slots", ("half_days", "morning", "until"), dt.time(9), "half_days.morning.until: must be after from"),
    ("slots", ("half_days", "night"), {}, "half_days.night: there is no such half-day"),
    ("slots", ("half_days", "morning", "weekdays", 0), 0, "half_days.morning.weekdays[1]: must be a whole number from 1 to 7"),
    ("slots", ("closed",), {"dates": []}, "closed: is said in agenda.toml, as holidays, now"),
    ("solidarity_prices", ("caps", "laptop"), -1, "caps.laptop: must be a whole number from 1"),
    ("solidarity_prices", ("source",), "", "source: must be a text"),
    ("targets", ("grade", "categories", 0, 1), 12, "grade.categories: the figures must rise"),
    ("targets", ("processors", "families", 1, "pattern"), "core (ultra", "processors.families[2].pattern: is not a pattern"),
    ("targets", ("minimum", "laptop", "wings"), 2, "minimum.laptop.wings: there is no such key"),
    ("visits", ("heard", 0), "Un mot beaucoup trop long pour une tuile", "heard[1]: must be a text of at most 30 letters"),
]


def changed(name, path, value):
    """The content of a file with one value changed, or gone."""
    content = copy.deepcopy(policy.read(name).content)
    inner = reduce(lambda table, key: table[key], path[:-1], content)
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return content


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "policy")


def check(folder):
    result = CliRunner().invoke(commands.check_policies, [str(folder)])
    return result.exit_code, result.output.splitlines()


def test_every_file_in_force_can_be_used_and_has_a_reader():
    assert sorted(FILES) == sorted(path.stem for path in FOLDER.iterdir())
    assert check(FOLDER) == (0, ["every policy file can be used"])


def test_without_a_folder_the_adopted_versions_are_checked_too(app):
    def run():
        return CliRunner().invoke(commands.check_policies, [], obj=ScriptInfo(create_app=lambda: app))

    assert run().output == "every policy file and every adopted version can be used\n"
    with app.app_context():
        people.settle()
        version = adopted("loans", ("most_items = 10", "most_items = 8"))
        wrong = insert(PolicyVersion).values(
            name="loans", number=version.number + 1, text=version.text.replace("most_items = 8", "most_items = 0"), digest="0" * 12,
            in_force_from=version.in_force_from, decided_by="Le bureau", reason="Un essai.", created_at=version.created_at,
        )  # fmt: skip
        with unit_of_work() as session:
            session.execute(wrong)
    result = run()
    assert (result.exit_code, result.output) == (1, "version 3 of loans: most_items: must be a whole number from 1 to 50\n")


def test_each_file_is_here_with_something_wrong():
    assert {name for name, *_ in WRONG} == set(FILES)


@pytest.mark.parametrize(("name", "path", "value", "told"), WRONG)
def test_a_wrong_value_is_named_with_its_file_its_key_and_the_reason(name, path, value, told):
    with pytest.raises(PolicyError) as caught:
        FILES[name].read(changed(name, path, value))
    assert str(caught.value).startswith(f"config/policy/{name}.toml: {told}")


def test_everything_that_is_wrong_is_said_at_once(folder):
    (folder / "loans.toml").write_text((folder / "loans.toml").read_text().replace("most_items = 10", "most_items = 0\nleast = 1"))
    (folder / "bench.toml").write_text("[ageing\n")
    (folder / "labels.toml").write_bytes(b"name = '\xff'")
    (folder / "parts.toml").unlink()
    shutil.copy(folder / "slots.toml", folder / "slot.toml")
    code, lines = check(folder)
    assert code == 1
    assert [line.partition(" (at")[0] for line in lines] == [
        "config/policy/bench.toml: is not TOML: Expected ']' at the end of a table declaration",
        "config/policy/labels.toml: is not written in UTF-8",
        "config/policy/loans.toml: most_items: must be a whole number from 1 to 50",
        "config/policy/loans.toml: least: there is no such key",
        "config/policy/parts.toml: cannot be read: No such file or directory",
        "config/policy/slot.toml: nobody reads a file of this name",
    ]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_used_stops_the_start(name, folder, make_app, monkeypatch):
    (folder / f"{name}.toml").write_text("colour = 'red'\n")
    monkeypatch.setattr(policy, "FOLDER", folder)
    policy.forget()
    try:
        with pytest.raises(PolicyError, match=rf"config/policy/{name}\.toml: "):
            make_app()
    finally:
        policy.forget()


# Each way to start in a process of its own, which is born with the product's modules already read.
STARTS = """
import os, sys
import refurb.commands
for start in (lambda: __import__("config.wsgi"), refurb.commands.main):
    child = os.fork()
    if not child:
        sys.argv[1:] = ["tidy"]
        start()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_start_that_is_stopped_says_why_in_lines_and_ends_with_2(tmp_path):
    for part in ("config", "refurb"):
        shutil.copytree(CHECKOUT / part, tmp_path / part, ignore=shutil.ignore_patterns("static", "translations"))
    loans = tmp_path / "config" / "policy" / "loans.toml"
    loans.write_text(loans.read_text().replace("most_items = 10", "most_items = 0"))
    ours = {"REFURB_HOME": str(tmp_path / "home"), "REFURB_SECRET_KEY": "k" * 32, "PYTHONPATH": str(tmp_path)}
    told = "refurb: config/policy/loans.toml: most_items: must be a whole number from 1 to 50\n"
    done = subprocess.run(
        [sys.executable, "-u", "-c", STARTS], cwd=tmp_path, env={**os.environ, **ours}, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n2\n", told * 2)


def paths(value, path=()):
    """The path of everything in a file."""
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(inner, (*path, key))


EVERYWHERE = {name: list(paths(policy.read(name).content)) for name in FILES}
NUMBERS = [-1, 0, 3, 10**9, 1.5, float("nan")]
ODD = some.sampled_from([GONE, None, True, *NUMBERS, "", "x", "%s", [], [[]], ["x"], {}, {"x": 1}, dt.date(2026, 1, 1)])


@given(some.data())
def test_whatever_stands_in_a_file_it_can_be_used_or_is_refused(data):
    name = data.draw(some.sampled_from(sorted(FILES)))
    content = changed(name, data.draw(some.sampled_from(EVERYWHERE[name])), data.draw(ODD))
    with suppress(PolicyError):
        FILES[name].read(content)
