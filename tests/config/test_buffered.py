"""The server alone: its threads wait for nobody, whatever strangers send and do not read."""

import errno
import http.client
import os
import resource
import selectors
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from gunicorn.config import Config

from config import receipt
from config.buffered import BufferedWorker, Connection
from config.settings import CHECKOUT
from tests.support.serving import free_port

CONF = """
wsgi_app = "tests.support.echo:app"
worker_class = "config.buffered.BufferedWorker"
threads = 2
worker_connections = 60
control_socket_disable = True
graceful_timeout = 5
"""


def start(folder, port, more="", files=None):
    conf = folder / "conf.py"
    conf.write_text(CONF + more, encoding="utf-8")
    command = [sys.executable, "-m", "gunicorn", "--config", str(conf), "--bind", f"127.0.0.1:{port}"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | {"PYTHONPATH": str(CHECKOUT)}, stderr=log)
    if files:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (files, files))
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if get(port).status == 200:
                return process
        except OSError:
            time.sleep(0.02)  # between two knocks on a door that nobody answers yet
    raise RuntimeError("the server did not start")


def get(port, path="/", **options):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, **options)
    answer = connection.getresponse()
    answer.body = answer.read()
    connection.close()
    return answer


def connected(port):
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def answers(sock, count):
    """What comes, until so many answers are there."""
    came = b""
    while came.count(b"HTTP/1.1 200") < count or not came.endswith((b"/a", b"/b", b"abc")):
        piece = sock.recv(65536)
        assert piece, came
        came += piece
    return came


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    port = free_port()
    process = start(tmp_path_factory.mktemp("server"), port)
    yield port
    process.terminate()
    begun = time.monotonic()
    process.wait(30)
    assert time.monotonic() - begun < 5, "who has nothing to do stops at once"


def worker_of(process):
    (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    return worker


def worked(worker):
    """Seconds of the processor that a process has had."""
    fields = Path(f"/proc/{worker}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_where_there_are_no_more_open_files_it_pauses_says_so_once_and_goes_on(tmp_path):
    port = free_port()
    process = start(tmp_path, port, "worker_connections = 1000", files=40)
    try:
        worker = worker_of(process)
        with ExitStack() as strangers:
            for _ in range(70):
                strangers.enter_context(connected(port)).sendall(b"GET / HTTP/1.1\r\nHost")
            begun, before = time.monotonic(), worked(worker)
            assert get(port).status == 200, "those who wait make room"
            assert worked(worker) - before < max(0.2, (time.monotonic() - begun) / 2), "it does not ask again and again"
        assert get(port).status == 200
        assert worker_of(process) == worker
        assert (tmp_path / "log").read_text(encoding="utf-8").count("No connection can be taken") == 1
    finally:
        process.terminate()
        process.wait(30)


def test_it_answers_one_after_the_other_on_one_connection(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for body in (b"one", b"two" * 300_000, b"three"):
            connection.request("POST", "/", body[:90_000])
            assert connection.getresponse().read() == body[:90_000]


def test_requests_that_never_end_hold_no_thread_and_the_oldest_make_room(port):
    with ExitStack() as strangers:
        for number in range(200):
            stranger = strangers.enter_context(connected(port))
            stranger.sendall((b"GET / HTTP/1.1\r\nHost", b"POST / HTTP/1.1\r\nContent-Length: 90000\r\n\r\nabc")[number % 2])
        assert [get(port).body for _ in range(5)] == [b"/"] * 5


def test_answers_that_are_never_read_hold_no_thread(port):
    with ExitStack() as strangers:
        for _ in range(8):
            strangers.enter_context(connected(port)).sendall(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
        assert [get(port).body for _ in range(5)] == [b"/"] * 5


def test_a_long_answer_arrives_whole(port):
    assert len(get(port, "/much").body) == 8_000_000
    assert len(get(port, "/much", headers={"Connection": "close"}).body) == 8_000_000


def test_clients_that_do_not_hang_up_do_not_stop_the_loop(port):
    with ExitStack() as strangers:
        for _ in range(8):
            strangers.enter_context(connected(port)).sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        begun = time.monotonic()
        assert get(port).status == 200
        assert time.monotonic() - begun < 1


def test_requests_sent_together_are_answered_in_their_order(port):
    with connected(port) as sock:
        sock.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /")
        assert answers(sock, 2).count(b"\r\n\r\n/") == 2
        sock.sendall(b"a HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answers(sock, 1).endswith(b"/a")


def test_a_body_in_chunks_and_one_that_waits_for_a_word(port):
    with connected(port) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\n")
        sock.sendall(b"c\r\n0\r\n\r\n")
        assert answers(sock, 1).endswith(b"abc")
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"abc")
        assert answers(sock, 1).endswith(b"abc")


def test_what_is_no_request_is_refused_and_a_body_that_is_left_unread_ends_the_connection(port):
    with connected(port) as sock:
        sock.sendall(b"what?\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 400")
    with connected(port) as sock:
        sock.sendall(b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n" + b"a" * 1000)
        came = b""
        while not came.endswith(b"left"):
            piece = sock.recv(1000)
            assert piece, came
            came += piece
        assert sock.recv(1000) == b""


@pytest.mark.parametrize("what_fails", ["to open", "to write"])
def test_a_full_disk_ends_the_connection_and_not_the_loop(monkeypatch, what_fails):
    class Full:
        def write(self, _data):
            raise OSError(errno.ENOSPC, "full")

        def close(self):
            raise OSError(errno.ENOSPC, "full")

    def spool():
        if what_fails == "to open":
            raise OSError(errno.EMFILE, "too many")
        return Full()

    monkeypatch.setattr(receipt.tempfile, "TemporaryFile", spool)
    here, there = socket.socketpair()
    with closing(there), selectors.DefaultSelector() as poller:
        worker = BufferedWorker.__new__(BufferedWorker)
        worker.open, worker.poller, worker.nr_conns = {}, poller, 1
        connection = Connection(Config(), here, ("127.0.0.1", 1), ("127.0.0.1", 2), 10**9)
        worker._watch(connection, selectors.EVENT_READ)
        there.sendall(b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n")
        worker._on_readable(connection)
        for _ in range(40):
            if connection in worker.open:
                there.sendall(b"x" * 30_000)
                worker._on_readable(connection)
        assert (worker.open, worker.nr_conns, connection.sock.closed) == ({}, 0, True)
        assert receipt._Spooled.count == 0
