"""Begin a run in a process of its own; what it does there (`runs`) loads what only it needs."""

import os
import subprocess
import sys
import threading

from config.settings import CHECKOUT, PREFIX, key_of, read_settings_text, settings_text
from refurb.keeping.backups import settings_of_instance


def start_process(run_id: int) -> None:
    """Begin to carry out a run in a process of its own: who answers requests and sends letters has nothing to do with it."""
    settings = settings_of_instance()
    around = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
    around |= read_settings_text(settings_text(settings)) | {key_of("home"): str(settings.home)}
    command = [sys.executable, "-c", "from refurb.cli import main; main()", "keep", str(run_id)]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=around, start_new_session=True)  # noqa: S603 - a number of ours
    threading.Thread(target=process.wait, name="keeping", daemon=True).start()  # So that it leaves no trace among the processes.
