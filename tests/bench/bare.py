"""The physical limit: a bare Flask application with one templated page and one JSON answer, on the same server."""

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
