"""The files with which people deploy: the units are sound and closed, the image and the composition name what is there, pinned."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from flask import Flask

from config.settings import CHECKOUT, Settings
from refurb.monitoring.views import blueprint

DEPLOY = CHECKOUT / "config" / "deploy"
UNITS = ("refurb.service", "refurb-worker.service")
MOST_EXPOSED = 15
"""Tenths; of 100, where 0 is a service that can do nothing at all."""
PINNED = re.compile(r"[\w./-]+:\d+\.\d+[\w.-]*(?:@sha256:[0-9a-f]{64})?")


@pytest.fixture(scope="module")
def analyze():
    """systemd's own judge of units; it needs no systemd that runs."""
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("no systemd-analyze on this machine (Debian: systemd)")

    def run(*arguments):
        return subprocess.run([found, *arguments], capture_output=True, text=True, check=False)

    return run


def test_systemd_takes_the_units(analyze, tmp_path):
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            text.replace("/opt/refurb/.venv/bin", str(Path(sys.executable).parent)).replace("/opt/refurb", str(CHECKOUT))
        )
    judged = analyze("verify", "--man=no", *(str(tmp_path / each) for each in UNITS))
    assert (judged.returncode, judged.stderr) == (0, "")


@pytest.mark.parametrize("name", UNITS)
def test_the_units_open_little_to_the_service(analyze, name):
    judged = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", str(DEPLOY / name))
    assert judged.returncode == 0, judged.stdout


def test_both_units_are_closed_alike():
    def closed(name):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        return text[text.index("NoNewPrivileges") :]

    assert closed(UNITS[0]) == closed(UNITS[1])


def test_the_folder_of_the_data_is_there_before_it_is_filled():
    told = (DEPLOY / UNITS[0]).read_text(encoding="utf-8")
    made = "install -d -m 700 -o refurb -g refurb /var/lib/refurb"
    assert told.index("useradd") < told.index(made) < told.index("refurb init")
    assert made in (CHECKOUT / "docs" / "operate.md").read_text(encoding="utf-8")


def test_a_container_is_given_as_long_for_its_upgrade_as_the_unit():
    unit = (DEPLOY / UNITS[0]).read_text(encoding="utf-8")
    given = re.search(r"--start-period=(\w+)", dict(instructions())["HEALTHCHECK"])[1]
    assert f"TimeoutStartSec={given}\n" in unit


def instructions():
    """The Dockerfile's instructions: each word and what it says."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line for line in re.sub(r"\\\n", " ", text).splitlines() if line.strip()]
    return [tuple(line.split(maxsplit=1)) for line in lines]


def test_the_image_is_made_of_what_is_here_and_what_is_pinned():
    said = instructions()
    images = [what.split()[0] for word, what in said if word == "FROM"]
    base = dict(what.split("=", 1) for word, what in said if word == "ARG")
    assert images == ["${PYTHON}", "${PYTHON}"]
    assert PINNED.fullmatch(base["PYTHON"])
    for what in (what for word, what in said if word == "COPY" and not what.startswith("--from=build")):
        *sources, target = what.split()
        for each in sources:
            assert (CHECKOUT / each).exists(), each
            ours = each.split("/")[0]
            assert f"!{ours}" in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines(), f"{ours} stays out of the build"
        assert target
    runs = " && ".join(what for word, what in said if word == "RUN")
    installs = re.findall(r"pip (?:install|sync) [^&]*", runs.replace("RUN", "&"))
    assert len(installs) == 3
    assert all("--require-hashes" in each or "--offline" in each for each in installs)
    assert not [word for word, _ in said if word == "ADD"]


def test_the_image_runs_as_nobody_of_importance_and_tells_how_it_is():
    app = Flask(__name__)
    app.register_blueprint(blueprint)
    said = instructions()
    last = len(said) - 1 - [word for word, _ in reversed(said)].index("FROM")
    own = dict(said[last:])
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", own["USER"])
    assert (
        {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(blueprint.name)}
        >= set(re.findall(r"/sante[\w/]*", own["HEALTHCHECK"]))
        != set()
    )
    told = dict(re.findall(r"(REFURB_\w+)=(\S+)", own["ENV"]))
    assert set(told) <= Settings.keys()
    assert told["REFURB_LISTEN"] == "0.0.0.0"
    assert own["VOLUME"] == told["REFURB_HOME"]


def test_no_secret_of_the_composition_gets_into_the_image_or_the_repository():
    kept_out = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {"**/.env", "**/settings.env"} <= set(kept_out[kept_out.index("!config") :])
    assert "/config/deploy/.env" in (CHECKOUT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def composed():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_the_composition_is_of_parts_that_are_there(composed):
    services = composed["services"]
    assert set(services) == {"service", "worker", "database", "proxy"}
    for name, each in services.items():
        assert set(each.get("depends_on", ())) <= set(services)
        assert set(each["networks"]) <= set(composed["networks"])
        for volume in each["volumes"]:
            source = volume.split(":")[0]
            assert (DEPLOY / source).exists() if source.startswith(".") else source in composed["volumes"], volume
        if "build" in each:
            context = (DEPLOY / each["build"]["context"]).resolve()
            assert context == CHECKOUT
            assert (context / each["build"]["dockerfile"]).exists()
        else:
            assert PINNED.fullmatch(each["image"]), each["image"]
        settings = {key for key in each.get("environment", {}) if key.startswith("REFURB_") and name != "proxy"}
        assert settings <= Settings.keys()


def test_only_the_proxy_is_reached_from_outside_and_only_the_worker_works(composed):
    services = composed["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    assert composed["networks"]["inside"] == {"internal": True}
    assert services["database"]["networks"] == ["inside"]
    assert services["service"]["environment"]["REFURB_WORKER"] == "false"
    assert services["worker"]["command"] == ["refurb", "worker"]
    for name in ("service", "worker"):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["volumes"] == ["home:/data"]


def test_the_settings_of_the_composition_can_be_read(composed, tmp_path):
    environ = {name: value for name, value in composed["services"]["service"]["environment"].items() if name.startswith("REFURB_")}
    filled = {name: re.sub(r"\$\{(\w+):\?[^}]*\}", "value", each) for name, each in environ.items()}
    settings = Settings.read({"REFURB_HOME": str(tmp_path), "REFURB_SECRET_KEY": "k" * 32, **filled})
    assert settings.database_url == "postgresql+psycopg://refurb:value@database/refurb"
    assert settings.secure_cookies
    assert not settings.worker
