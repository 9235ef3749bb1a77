"""The samples for the proxies in front, each tried with the program itself, over TLS: what reaches the service, and what does not."""

import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.settings import CHECKOUT
from refurb.kernel.deeds.access import Role
from tests.support.nginx import nginx_path
from tests.support.serving import free_port, serving
from tests.support.story import people

DEPLOY = CHECKOUT / "config" / "deploy"
CADDY = Path(sys.executable).parent / "caddy"
PATIENCE = 20


class Mirror(BaseHTTPRequestHandler):
    """A node that says which headers reached it."""

    def do_GET(self):
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing."""


@contextmanager
def mirror():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder):
    """A key and a certificate for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(private)


def caddy(folder, port, nodes):
    """How Caddy is started on our sample, with a certificate of its own authority; only the ports are the test's."""
    (folder / "Caddyfile").write_text(
        f"{{\n admin off\n skip_install_trust\n auto_https disable_redirects\n}}\nimport {DEPLOY / 'Caddyfile'}\n", encoding="utf-8"
    )
    environ = {"REFURB_HOST": f"https://localhost:{port}", "REFURB_NODES": " ".join(f"127.0.0.1:{each}" for each in nodes)}
    environ |= {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    return [CADDY, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"], environ


def nginx(folder, port, nodes):
    """How nginx is started on our sample; the ports, the name and the certificate's place are the test's."""
    program = nginx_path()
    if program is None:
        pytest.skip("no nginx: neither the system has one, nor could apt fetch Debian's package")
    certificate(folder)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        "    server 127.0.0.1:8000 max_fails=2 fail_timeout=10s;\n": "".join(f"    server 127.0.0.1:{each};\n" for each in nodes),
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "/etc/letsencrypt/live/refurb.example.org": str(folder),
        "server_name refurb.example.org": "server_name localhost",
    }
    for sample, ours in changes.items():
        assert sample in text
        text = text.replace(sample, ours)
    (folder / "refurb.conf").write_text(text, encoding="utf-8")
    temporary = "".join(f"{each}_temp_path {folder}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    account = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{account}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\n{temporary}include {folder}/refurb.conf;\n}}\n",
        encoding="utf-8",
    )
    return [program, "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"], {}


@contextmanager
def in_front(proxy, folder, port, nodes):
    """A proxy that runs until the end; its log is shown where it does not answer."""
    folder.mkdir(exist_ok=True)
    command, environ = proxy(folder, port, nodes)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=os.environ | environ, stdout=log, stderr=log)
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError):
                Visit(port).get("/")
                break
            time.sleep(0.05)  # between two knocks on a door that nobody answers yet
        else:
            pytest.fail((folder / "log").read_text())
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


class Visit:
    """A browser's part: TLS, the cookies it was given, and no more."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def ask(self, method, path, *, body=None, headers=None):
        trusting = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=trusting)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body=body, headers={"Cookie": cookies, **(headers or {})})
        answer = connection.getresponse()
        answer.text = answer.read().decode(errors="replace")
        for each in answer.headers.get_all("Set-Cookie", []):
            name, value = each.split(";")[0].split("=", 1)
            assert "; Secure" in each
            self.cookies[name] = value
        connection.close()
        return answer

    def send(self, path, **fields):
        return self.ask("POST", path, body=urlencode(fields), headers={"Content-Type": "application/x-www-form-urlencoded"})


def notified(folder, monkeypatch):
    """What systemd listens on when it starts a service that says itself when it serves."""
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(str(folder / "notify"))
    told.settimeout(PATIENCE)
    monkeypatch.setenv("NOTIFY_SOCKET", str(folder / "notify"))
    return told


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_people_sign_in_through_either(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    told = notified(tmp_path, monkeypatch)
    ports = {caddy: free_port(), nginx: free_port()}
    with serving(database_url, tmp_path / "home", people.settle, base_url="https://localhost") as service:
        assert b"READY=1" in told.recv(4096)  # systemd's Type=notify
        for proxy in [caddy, *([nginx] if nginx_path() else [])]:
            with in_front(proxy, tmp_path / proxy.__name__, ports[proxy], [service.port]):
                visit = Visit(ports[proxy])
                page = visit.get("/connexion")
                assert page.status == 200
                assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
                token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
                entered = visit.send("/connexion", csrf_token=token, email=people.EMAIL[Role.TECHNICIAN], password=people.PASSWORD)
                assert (entered.status, list(visit.cookies)) == (303, ["__Host-refurb", "__Host-refurb_known"])
                assert visit.get("/").status == 200
                assert visit.get("/sante/pret").status == 200
                # The service bounds what it takes, in words; far above its bound the proxy takes nothing.
                assert visit.ask("POST", "/connexion", body=b"x" * (26 * 2**20)).status == 413
        assert service.faults() == []
    told.close()


@pytest.mark.parametrize("proxy", [caddy, nginx])
def test_a_node_is_told_who_asks_and_a_dead_one_is_passed_over(proxy, tmp_path):
    with mirror() as node:
        port = free_port()
        with in_front(proxy, tmp_path / "proxy", port, [free_port(), node]):
            for _ in range(4):
                answer = Visit(port).get("/x", **{"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http"})
                assert answer.status == 200
                reached = json.loads(answer.text)
                assert reached["X-Forwarded-For"] == "127.0.0.1"
                assert reached["X-Forwarded-Proto"] == "https"
                assert reached["Host"].split(":")[0] == "localhost"
