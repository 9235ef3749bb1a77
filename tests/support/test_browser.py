"""The browser that tests stand on: it shows text, has a camera, and axe-core finds a fault under a strict policy."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.browser import (
    CHOICE_VARIABLE,
    FETCHED,
    axe_violations,
    launch_chromium,
    running_playwright,
)

PAGE = """<!doctype html><html lang="fr"><head><title>Essai</title></head>
<body><main><h1>Écran prêt</h1><img src="missing.png"></main></body></html>"""
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'"


class OnePage(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def address():
    with ThreadingHTTPServer(("127.0.0.1", 0), OnePage) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(params=["", "npm"] if FETCHED.exists() else [""])
def page(request, monkeypatch):
    monkeypatch.setenv(CHOICE_VARIABLE, request.param)
    with running_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser.new_page(viewport={"width": 390, "height": 844})
        browser.close()


def test_a_page_shows_its_text(page, address):
    page.goto(address)

    assert page.inner_text("h1") == "Écran prêt"
    heading = page.locator("h1").bounding_box()
    assert heading["height"] > 20
    assert page.screenshot().startswith(b"\x89PNG")


def test_the_camera_is_a_pretended_one(page, address):
    page.goto(address)
    tracks = "async () => (await navigator.mediaDevices.getUserMedia({video: true})).getVideoTracks().length"

    assert page.evaluate(tracks) == 1


def test_axe_names_what_is_wrong_under_a_strict_policy(page, address):
    page.goto(address)

    assert [each.split()[0] for each in axe_violations(page)] == ["image-alt"]
