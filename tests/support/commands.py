"""The command line in this process: the same answer as in a process of its own, without the second in which that loads the product."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from config.settings import Settings
from refurb import commands, create_app, founding
from refurb.kernel.deeds.database import db


def run(home: Path, *arguments: str, typed: str | None = None, **settings: str) -> Result:
    """What `refurb ARGUMENTS` answers in an installation with these settings; a fault that the command does not tell is raised."""
    made: list[Flask] = []

    def noted(settings: Settings) -> Flask:
        made.append(create_app(settings))
        return made[-1]

    # Those of this process are no settings of the installation; and what Flask's commands leave behind is taken back.
    unset: dict[str, str | None] = {name: None for name in os.environ if name.startswith("REFURB_")}
    environ = unset | {"FLASK_RUN_FROM_CLI": "true", "REFURB_HOME": str(home)} | settings
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "create_app", noted)
        patch.setattr(founding, "create_app", noted)
        try:
            return CliRunner().invoke(commands.commands, arguments, input=typed, env=environ, prog_name="refurb", catch_exceptions=False)
        finally:
            for app in made:
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
