"""The physical limit: a bare Flask application with one templated page and one JSON answer, on the same server."""

import statistics
import time
from typing import Any

from flask import Flask, jsonify, render_template

app = Flask(__name__)

ROWS = [{"code": f"R7K2-4MX{number}", "name": "HP EliteBook 840 G5", "state": "Prêt"} for number in range(10)]


@app.get("/page")
def page() -> str:
    """A small page: a heading and ten rows."""
    return render_template("bare.html", title="Appareils", rows=ROWS)


@app.get("/json")
def data() -> Any:
    """A small object."""
    return jsonify(code="R7K24MXQ", name="HP EliteBook 840 G5", state="ready", moves=["reserve", "strip"], flags=[])


def in_process_us(count: int = 300) -> int:
    """What the page costs this process's processor through a client without a server, in microseconds."""
    client, spent = app.test_client(), []
    for _ in range(count):
        before = time.process_time()
        client.get("/page")
        spent.append(time.process_time() - before)
    return round(1e6 * statistics.median(spent))
