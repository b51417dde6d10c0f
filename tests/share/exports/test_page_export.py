"""The page that runs by itself is opened in a browser of this computer before it is handed over."""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from nocode_classifier.errors import Cancelled, NotProven
from nocode_classifier.share.asking_page import _Served, _serving, ask_page
from nocode_classifier.share.browser import BROWSER_VARIABLE, find_browser
from nocode_classifier.share.exporter import CantAsk, Subject
from nocode_classifier.share.exporters.page import StaticPageFolder
from nocode_classifier.share.exporting import export
from nocode_classifier.share.static.graph import Weights
from nocode_classifier.share.static.static_page import MODEL, write_static_page
from tests.patience import wait_until

pytestmark = [
    pytest.mark.usefixtures("web_runtime"),
    pytest.mark.browser,
    pytest.mark.skipif(os.name == "nt", reason="stands in for browsers with programs of Unix"),
]


# Two of these photos are so big that the app halves them while decoding, a browser afterwards.
@pytest.mark.parametrize(
    ("weights", "worst"),
    [("full", 0.002), pytest.param("light", 0.05, marks=pytest.mark.gate)],
)
def test_the_page_answers_in_a_browser_as_the_app_does(
    weights: Weights,
    worst: float,
    subject: Subject,
    shop: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(shop)
    made = export(StaticPageFolder(weights), subject, Path())
    assert capfd.readouterr().err == ""
    assert made.proof is not None
    assert (made.proof.same, made.proof.asked, made.note) == (20, 20, "")
    assert made.proof.worst <= worst
    assert "proof.js" not in (made.path / "index.html").read_text(encoding="utf-8")


def test_without_a_browser_the_page_says_that_it_is_not_proven(
    subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(shop))
    made = export(StaticPageFolder(), subject, shop)
    assert made.proof is None
    assert made.note.startswith("It could not be tried out here, because there is no Chrome")


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/browser"])
def test_a_browser_that_does_not_start_proves_nothing(
    program: str, subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BROWSER_VARIABLE, program)
    with pytest.raises(CantAsk, match="does not start"):
        ask_page(shop, subject.photos[:1])


def test_a_page_that_is_broken_is_not_handed_over(subject: Subject, shop: Path) -> None:
    page = write_static_page(subject.trained(), shop / "page", title="Broken").folder
    (page / MODEL).write_bytes(b"no model")
    with pytest.raises(NotProven, match="The page does not work in the browser: It could not"):
        ask_page(page, subject.photos[:1])


def test_a_browser_that_hangs_up_in_the_middle_is_no_trouble(
    shop: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (shop / "large").write_bytes(bytes(50_000_000))
    with _serving(_Served(shop, ())) as address:
        server = urlsplit(address)
        with socket.create_connection(("127.0.0.1", int(server.port or 0))) as browser:
            browser.sendall(f"GET {server.path}large HTTP/1.1\r\n\r\n".encode())
            browser.recv(1)
            # So that closing resets it, as a browser that is ended does.
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: not any("process_request" in each.name for each in threading.enumerate()))
    assert capfd.readouterr().err == ""


def test_stopping_closes_the_browser(subject: Subject, shop: Path) -> None:
    with pytest.raises(Cancelled):
        ask_page(shop, subject.photos[:1], should_stop=lambda: True)


def test_a_browser_is_found_by_its_name(tmp_path: Path) -> None:
    program = tmp_path / "microsoft-edge"
    program.touch(0o755)
    assert find_browser({"PATH": str(tmp_path)}) == program
    assert find_browser({"PATH": str(tmp_path), BROWSER_VARIABLE: "mine"}) == Path("mine")


def test_a_browser_is_found_where_windows_keeps_it(tmp_path: Path) -> None:
    program = tmp_path / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    program.parent.mkdir(parents=True)
    program.touch()
    empty = tmp_path / "empty"
    if sys.platform != "darwin":
        assert find_browser({"PATH": str(empty), "PROGRAMFILES": str(tmp_path)}) == program
        assert find_browser({"PATH": str(empty)}) is None
