"""How the service is served: one process on SQLite, several on PostgreSQL, threads in each."""

import importlib
import os
import sys
from pathlib import Path

import structlog
from gunicorn.workers.base import Worker

from config.settings import SettingError, Settings

try:
    settings = Settings.read(os.environ)
except SettingError as error:
    sys.stderr.write(f"refurb: {error}\n")
    sys.exit(2)

wsgi_app = "config.wsgi:app"
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# SQLite lets one connection write at a time, so a second process would only wait; PostgreSQL has no such limit.
worker_class = "gthread"
workers = 1 if settings.on_sqlite else 2 * (os.cpu_count() or 1)
threads = 8 if settings.on_sqlite else 4

# Loading before the fork lets several processes share the memory of the code. With one process there is nobody to share
# with, and the parent stays small when it loads nothing.
preload_app = workers > 1

# Seconds. A hardware report or a sheet of a thousand labels takes less than ten.
timeout = 60
graceful_timeout = 20
keepalive = 5
if Path("/dev/shm").is_dir():  # noqa: S108 - the heartbeat file, on memory so that a slow disk does not look like a hang
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# Its command socket would stand in the home folder of whoever runs the service; systemd and signals do the same.
control_socket_disable = True

# Lines of JSON on stderr. Requests are not logged here: their paths hold codes and signed links.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        "alembic": {"level": "WARNING"},
        "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
    },
}


def post_worker_init(worker: Worker) -> None:
    """Start the thread that keeps what was promised (mails, papers), after the fork that would have lost it.

    The module is looked up here, where the application has been loaded: at the top of this file it would load all of it
    into the parent, which only watches.
    """
    importlib.import_module("refurb.kernel.deeds.worker").start(worker.app.wsgi())
