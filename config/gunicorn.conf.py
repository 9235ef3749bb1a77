"""How the service is served: a few processes with the same code in shared memory, a few threads in each."""

import ctypes
import gc
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.workers.base import Worker

from config.buffered import most_connections
from config.logs import QuietLogger
from config.settings import SettingError, Settings

try:
    settings = Settings.read(os.environ)
except SettingError as error:
    sys.stderr.write(f"refurb: {error}\n")
    sys.exit(2)

wsgi_app = "config.wsgi:app"
bind = f"{f'[{settings.listen}]' if ':' in settings.listen else settings.listen}:{os.environ.get('PORT') or 8000}"

# A process runs on one core at a time: eight threads in one process answer less than four do in each of two. On SQLite, whose
# writers queue for one file, more than four processes gain nothing. WEB_CONCURRENCY is gunicorn's own word for how many there are.
cores = os.cpu_count() or 1
worker_class = "config.buffered.BufferedWorker"
workers = int(os.environ.get("WEB_CONCURRENCY") or (min(max(cores, 2), 4) if settings.on_sqlite else min(2 * cores, 8)))
# Four may be stuck behind a writer, five behind files that are read apart: one is left for whoever only looks. On SQLite few of them
# work at once (`refurb.kernel.deeds.hands`).
threads = 10
worker_connections = most_connections()
# What cannot be sent at once waits in the loop, which only knows bytes.
sendfile = False

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

# Each thread would be given a heap of its own by glibc, and what one of them leaves free serves no other; Python's own lock lets
# only one of them allocate at a time anyway. Other C libraries have one heap.
ONE_ARENA = -8, 1
allocator = ctypes.CDLL(None)
if hasattr(allocator, "gnu_get_libc_version"):
    allocator.mallopt(*ONE_ARENA)

# The processes count requests in files that they share, as prometheus_client has them; the folder is there before the application is.
shared_counts: str | None = None
if settings.metrics_token:
    shared_counts = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(
        prefix="refurb-metrics-",
        dir="/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 - on memory, as the heartbeat is
    )

# No header of a request says where the service is mounted: it is served at the root of its host.
forwarder_headers = ""

# Requests are not logged here: their paths hold codes and signed links.
accesslog = None
logger_class = QuietLogger
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        "alembic": {"level": "WARNING"},
        "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
    },
}


def pre_fork(server: Any, _worker: Worker) -> None:
    """Set aside what the processes are about to share: a collection in one of them would write to every page of it."""
    if preload_app:
        importlib.import_module("refurb.application").make_ready(server.app.wsgi())
        gc.collect()
        gc.freeze()


def on_exit(_server: Any) -> None:
    """Take away the files of the counts."""
    if shared_counts:
        shutil.rmtree(shared_counts, ignore_errors=True)


endings: list[Callable[[], None]] = []
"""What a process does last."""


def worker_exit(_server: Any, _worker: Worker) -> None:
    """Write what the process noted just before it ends."""
    for end in endings:
        end()


def post_worker_init(worker: Worker) -> None:
    """Start the thread that keeps what was promised (mails, papers) and writes what the process noted, after the fork that would lose it.

    The module is looked up here, where the application has been loaded: at the top of this file it would load all of it
    into the parent, which only watches.
    """
    application = worker.app.wsgi()
    endings.append(importlib.import_module("refurb.kernel.deeds.worker").start(application, keeps_promises=settings.worker))
    # What is here now stays until the end: to walk through it again and again would hold up whoever asks just then.
    gc.collect()
    gc.freeze()
