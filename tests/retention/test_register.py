"""The register and the draft of the assessment are in step; the commands of the night."""

from datetime import timedelta

from refurb.kernel.speech.clock import at, now
from refurb.retention import cli
from refurb.retention.register import DOCS, drawn
from refurb.terms import TERMS
from tests.support.story import desk


def test_the_documents_are_in_step_and_tell_every_term(context):
    for name, text in drawn().items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, f"{name} is stale: run `refurb retention draw`"
    register = drawn()["registre-des-traitements.md"]
    assert all(str(each.what) in register for each in TERMS)


def test_the_commands_try_and_do_the_night_once(app):
    with app.app_context():
        desk.borrower()
    run = app.test_cli_runner().invoke
    with at(now() + timedelta(days=800)):
        tried = run(cli.show_tonight)
        assert tried.output == "lending.borrowers: 1 before, 1 to forget, 0 frozen, 0 after\nnothing was changed\n"
        done = run(cli.forget_now)
        told = ["lending.borrowers: 1 before, 1 forgotten, 0 frozen, 0 after", "1 forgotten"]
        assert (done.exit_code, done.output.splitlines()[-2:]) == (0, told)
        assert run(cli.forget_now).exit_code == 1
    assert run(cli.draw_register, ["--check"]).exit_code == 0
