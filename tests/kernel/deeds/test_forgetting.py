"""What is past its use is forgotten by the worker, every hour, and by `refurb tidy`."""

from refurb import commands
from refurb.kernel.deeds.worker import forget_all
from refurb.wiring import FORGETTING


def test_everything_that_can_be_forgotten_is(app):
    with app.app_context():
        assert forget_all(app) == {"answered keys": 0, **dict.fromkeys(FORGETTING, 0)}


def test_the_command_says_how_many(app):
    told = app.test_cli_runner().invoke(commands.tidy)

    assert told.exit_code == 0
    assert told.output.splitlines()[0] == "0 answered keys forgotten"
    assert len(told.output.splitlines()) == 1 + len(FORGETTING)
