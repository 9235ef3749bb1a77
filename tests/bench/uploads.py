"""Hardware reports sent to the JSON door, one after the other and eight at a time: what a writer waits for."""

import json
from dataclasses import replace
from typing import Any

from tests.bench.load import Ask, Visitor, run_once
from tests.bench.measure import CONNECTIONS, say
from tests.bench.service import Service

ALONE = 40
TOGETHER = 320


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


def measure_writes(into: dict[str, Any], service: Service, secret: str, codes: list[str]) -> None:
    """Reports a second, each of another machine: one writer, then eight."""
    door = Visitor({"Authorization": f"Bearer {secret}", "Content-Type": "application/json"})
    asks = [
        Ask(door, f"/api/v1/devices/{code}/hardware-reports", "BE", "POST", lshw(number), (200, 201)) for number, code in enumerate(codes)
    ]
    asks = [replace(ask, word=ask.path.split("/")[4]) for ask in asks]
    before = service.cpu_s()
    alone = run_once(service.port, asks[:ALONE], 1)
    into["upload_cpu_us"] = round(1e6 * (service.cpu_s() - before) / alone.count)
    into["upload_per_s"] = alone.rps
    together = run_once(service.port, asks[ALONE:], CONNECTIONS)
    into["write_p50_ms"], into["write_p95_ms"], into["write_max_ms"] = together.p50_ms, together.p95_ms, together.max_ms
    into["writes_per_s"] = together.rps
    say(f"upload: {alone.rps} a second; eight at once: {together.rps} a second, 95 of 100 within {together.p95_ms} ms")
