"""`python -m tests.bench [DEVICES]`: measure, and print one JSON object.

Keys: `bare_page_rps`, `bare_json_rps`; under each number of devices `scan_page_rps`, `scan_json_rps`, `list_rps`, `search_rps`
(answers a second over 8 connections, with `_p50_ms` and `_p95_ms` at 1), `upload_per_s`; then `labels_per_s`,
`labels_plain_loop_per_s` (of 1,000), `attestation_s`, `hardware_reports_100_s` (a hundred mixed files), `erasure_attestation_100_s`,
`import_1000_s` (of one workbook), `rss_mib` (all processes), `start_s` (to the first answer).
Ratios within one run are what can be compared.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from config.settings import Settings
from refurb import create_app
from refurb.kernel.speech.codes import spell
from tests.bench import load, papers, reports, seed
from tests.bench.erasure_paper import erasure_attestation_100_s
from tests.bench.import_list import import_s
from tests.bench.service import CHECKOUT, Service, serving

SIZES = (10_000, 100_000)
CONNECTIONS = 8
SECONDS = 3.0
UPLOADS = 40


def say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def measure(into: dict[str, Any], name: str, port: int, requests: list[bytes]) -> None:
    """The figures of one kind of request: alone for its waits, then over eight connections for its throughput."""
    alone = load.run(port, requests, 1, SECONDS / 2)
    together = load.run(port, requests, CONNECTIONS, SECONDS)
    into[f"{name}_rps"] = together.rps
    into[f"{name}_p50_ms"] = alone.p50_ms
    into[f"{name}_p95_ms"] = alone.p95_ms
    say(f"{name}: {together.rps} a second, median {alone.p50_ms} ms")


def lshw(number: int) -> bytes:
    """What `lshw -json` says of an invented machine."""
    disk = {
        "id": "disk",
        "class": "disk",
        "description": "ATA Disk",
        "product": "SAMSUNG MZ7LN256",
        "vendor": "Samsung",
        "serial": f"UP{number:08d}",
        "size": 256060514304,
        "units": "bytes",
        "logicalname": "/dev/sda",
        "businfo": "scsi@0:0.0.0",
    }
    core = {
        "id": "core",
        "class": "bus",
        "children": [
            {"id": "memory", "class": "memory", "description": "System Memory", "size": 8589934592, "units": "bytes"},
            {"id": "cpu", "class": "processor", "product": "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", "vendor": "Intel Corp."},
            {"id": "sata", "class": "storage", "children": [disk]},
        ],
    }
    machine = {
        "id": "pc",
        "class": "system",
        "description": "Notebook",
        "product": "EliteBook 840 G5",
        "vendor": "HP",
        "serial": f"BE{number:08d}",
        "configuration": {"chassis": "notebook", "uuid": f"00000000-0000-4000-8000-{number:012d}"},
        "children": [core],
    }
    return json.dumps(machine).encode()


def uploads_per_s(service: Service, secret: str, codes: list[str]) -> float:
    """Hardware reports taken in a second, one after the other, each of another machine."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    begun = time.perf_counter()
    for number, code in enumerate(codes[:UPLOADS]):
        answer = service.get(f"/api/v1/devices/{code}/hardware-reports", headers, "POST", lshw(number).decode())
        text = answer.read()
        if answer.status not in {200, 201}:
            raise RuntimeError(f"upload answered {answer.status}: {text[:300]!r}")
    return round(UPLOADS / (time.perf_counter() - begun), 1)


def fresh_codes(app: Any) -> list[str]:
    """The codes of devices just taken in, to upload reports for."""
    with app.app_context():
        return seed.take_in(UPLOADS)


def one_size(count: int) -> tuple[dict[str, Any], float, float]:
    """All figures on so many devices, the service's memory and its start."""
    into: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="refurb-bench-") as folder:
        environ = {"REFURB_HOME": folder, "REFURB_SECRET_KEY": "only to measure with, and long enough"}
        os.environ.update(environ)
        app = create_app(Settings.read(environ))
        subprocess.run([Path(sys.executable).parent / "refurb", "db", "upgrade"], check=True, cwd=CHECKOUT, stdout=subprocess.DEVNULL)
        say(f"{count} devices: writing")
        with app.app_context():
            secret, codes = seed.fill(count)
        taken = fresh_codes(app)
        say(f"{count} devices: measuring")
        with serving("config.wsgi:app", environ, "/connexion") as service:
            page = {"Cookie": service.sign_in(), "Accept": "text/html"}
            door = {"Authorization": f"Bearer {secret}"}
            measure(into, "scan_page", service.port, [load.request(f"/S/{code}", page) for code in codes])
            measure(into, "scan_json", service.port, [load.request(f"/api/v1/scan/{code}", door) for code in codes])
            measure(into, "list", service.port, [load.request("/appareils", page)])
            words = ["latitude", "840+g5", "thinkpad+t480s", spell(codes[0])[:4].lower(), "sn0000012"]
            measure(into, "search", service.port, [load.request(f"/appareils?q={word}", page) for word in words])
            into["upload_per_s"] = uploads_per_s(service, secret, taken)
            say(f"upload: {into['upload_per_s']} a second")
            return into, service.rss_mib(), service.start_s


def main() -> None:
    """Measure what the command line asks for."""
    sizes = (int(sys.argv[1]),) if len(sys.argv) > 1 else SIZES
    figures: dict[str, Any] = {}
    with serving("tests.bench.bare:app", {}, "/page") as bare:
        for kind in ("page", "json"):
            figures[f"bare_{kind}_rps"] = load.run(bare.port, [load.request(f"/{kind}", {})], CONNECTIONS, SECONDS).rps
            say(f"bare {kind}: {figures[f'bare_{kind}_rps']} a second")
    for count in sizes:
        figures[str(count)], figures["rss_mib"], figures["start_s"] = one_size(count)
    say("papers")
    figures["labels_per_s"] = papers.labels_per_s(1000)
    figures["labels_per_s_24"], figures["labels_per_s_240"] = papers.labels_per_s(24), papers.labels_per_s(240)
    figures["labels_plain_loop_per_s"] = papers.plain_loop_per_s(1000)
    figures["attestation_s"] = papers.attestation_s()
    figures["hardware_reports_100_s"] = reports.hardware_reports_100_s()
    figures["erasure_attestation_100_s"] = erasure_attestation_100_s()
    figures["import_1000_s"] = import_s(1000)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
