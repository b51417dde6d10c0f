"""A really fresh environment: made, filled from a `requirements.txt`, measured, thrown away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from nocode_classifier.share.asking_server import free_port

BOUNDARY = "photo-boundary"
SECONDS = 60.0


def fresh_environment(folder: Path, requirements: Path) -> Path:
    """Make an environment, install into it, compile it as a web host does; its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run(
        [str(python), "-m", "pip", "install", *quiet, "-r", str(requirements)], check=True
    )
    return python


def installed_megabytes(environment: Path) -> float:
    """What was installed, MB of 2^20 bytes: without pip itself, and before Python compiles it."""
    own = ("pip", "setuptools", "pkg_resources", "_distutils_hack")
    (packages,) = [*environment.glob("lib/python*/site-packages"), *environment.glob("Lib")]
    return sum(
        path.stat().st_size
        for path in packages.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not path.relative_to(packages).parts[0].startswith(own)
    ) / (1 << 20)


def first_answer(python: Path, folder: Path, photo: Path) -> tuple[float, dict[str, Any]]:
    """Start the folder's `app.py` and ask it at once: seconds to the first answer, the answer."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(python), "app.py"],
        cwd=folder,
        env={**kept, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - began < SECONDS and process.poll() is None:
            try:
                answer = _ask(f"http://127.0.0.1:{port}/image", photo.read_bytes())
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.02)
            else:
                return time.perf_counter() - began, answer
        raise RuntimeError("the folder did not answer")
    finally:
        process.terminate()
        process.wait(10)


def _ask(address: str, data: bytes) -> dict[str, Any]:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="p"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    request = urllib.request.Request(address, body, kind)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=SECONDS) as response:
        answer: dict[str, Any] = json.load(response)
    return answer
