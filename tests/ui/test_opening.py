"""Opening the app, in a process of its own: quick, quiet, and without a console too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WATCHED = """
import json, socket, sys, threading, urllib.request
{before}
asked = []
real_connect, real_find = socket.socket.connect, socket.getaddrinfo

def connect(self, address):
    if address[0] not in ("127.0.0.1", "::1", "localhost"):
        asked.append(str(address))
        raise OSError("refused by the test")
    return real_connect(self, address)

def find(host, *rest, **more):
    if host not in ("127.0.0.1", "::1", "localhost", None):
        asked.append(str(host))
        raise OSError("refused by the test")
    return real_find(host, *rest, **more)

socket.socket.connect, socket.getaddrinfo = connect, find

from nocode_classifier import main, paths
from nocode_classifier.listening import listen
main.keep_to_itself()
listener = listen("127.0.0.1", 0)
address = main.address_of(listener)
services = main.build_services(paths.home())
threading.Thread(target=main.serve, args=(services, listener), daemon=True).start()
page = urllib.request.urlopen(address, timeout=60).read().decode()
config = urllib.request.urlopen(address + "/config", timeout=60).read().decode()
threading.Event().wait(1)
print(json.dumps({"page": len(page), "asked": asked, "modules": sorted(sys.modules),
    "links": "api.gradio.app" in config}), file=sys.__stdout__, flush=True)
"""
HEAVY = {"torch", "fastai", "timm", "sklearn", "onnxruntime", "onnx", "scipy", "imagehash"}


def opened(tmp_path: Path, before: str = "") -> dict[str, Any]:
    environment = {
        **os.environ,
        "NOCODE_CLASSIFIER_HOME": str(tmp_path / "home"),
        "NOCODE_CLASSIFIER_CACHE": str(tmp_path / "cache"),
    }
    environment.pop("GRADIO_ANALYTICS_ENABLED", None)
    done = subprocess.run(
        [sys.executable, "-c", WATCHED.replace("{before}", before)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_the_page_answers_before_anything_heavy_is_imported_and_asks_nobody(
    tmp_path: Path,
) -> None:
    answer = opened(tmp_path)
    assert answer["page"] > 1000
    assert not HEAVY & set(answer["modules"])
    assert answer["asked"] == []
    assert (tmp_path / "cache" / "gradio").parent.is_dir()


def test_it_opens_without_a_console(tmp_path: Path) -> None:
    answer = opened(tmp_path, "sys.stdout = sys.stderr = None")
    assert answer["page"] > 1000


@pytest.mark.parametrize("stdout", [None, sys.stdout])
def test_saying_something_needs_no_console(stdout: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from nocode_classifier.main import say

    monkeypatch.setattr(sys, "stdout", stdout)
    say("Hello.")
