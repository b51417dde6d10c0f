"""The machine: what it is, how busy it is with other things, and processes measured on it."""

from __future__ import annotations

import os
import platform
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context, set_start_method
from pathlib import Path
from typing import ParamSpec, TypeVar

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    *("fastai", "gradio", "numpy", "onnx", "onnxruntime"),
    *("pillow", "scikit-learn", "timm", "torch", "torchvision"),
)
MEGABYTE = 1e6
LONGEST, PAUSE = 60.0, 0.02
"""Seconds for an app to open or to end, and between two looks whether it is there."""

P = ParamSpec("P")
T = TypeVar("T")


def description() -> list[str]:
    """Cores, memory and versions; nothing that tells whose machine it is."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return [
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB memory; GPU: see rows",
        f"{platform.system()}, Python {platform.python_version()}; {packages}",
    ]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


@dataclass(frozen=True)
class ProcessorTime:
    """Seconds of all cores since the machine started.

    Attributes:
        used: by anyone.
        own: by this process and those it started that have ended.
        all: used or not.
    """

    used: float
    own: float
    all: float

    @classmethod
    def now(cls) -> ProcessorTime | None:
        """As it stands; None where the system does not say."""
        if not Path("/proc/stat").is_file():
            return None
        line = Path("/proc/stat").read_text().split("\n", 1)[0]
        seconds = [int(word) / os.sysconf("SC_CLK_TCK") for word in line.split()[1:9]]
        return cls(sum(seconds) - seconds[3] - seconds[4], sum(os.times()[:4]), sum(seconds))

    def others_since(self, before: ProcessorTime) -> float:
        """Share of the processor that others used since then, 0 to 1."""
        others = (self.used - before.used) - (self.own - before.own)
        return max(0.0, others / max(self.all - before.all, 0.01))


def wait_for_quiet(minutes: float, limit: float) -> None:
    """Wait until others use less than this share of the processor, but not for ever."""
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        before = ProcessorTime.now()
        time.sleep(10)
        after = ProcessorTime.now()
        if before is None or after is None or after.others_since(before) < limit:
            return


def alone(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a fresh process, so that nothing is warm and nothing is left behind."""
    fresh = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh, initializer=_start_as_usual) as pool:
        return pool.submit(work, *args, **kwargs).result()


def _start_as_usual() -> None:
    """A spawned process spawns its own, too; fastai's loaders would start slower than usual."""
    set_start_method(None, force=True)


def peak_memory() -> float:
    """The most memory this process ever held, MB."""
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _megabytes(maxrss: int) -> float:
    return maxrss * (1 if sys.platform == "darwin" else 1024) / MEGABYTE


@dataclass(frozen=True)
class Finished:
    """A command that ran: its wall time in seconds, its peak memory in MB, what it printed."""

    seconds: float
    memory: float
    output: str


def run_app(arguments: Sequence[str], environment: Mapping[str, str]) -> Finished:
    """Run `nocode-classifier` with arguments and wait for it.

    Raises:
        RuntimeError: it did not end well.
    """
    began = time.perf_counter()
    process = start_app(arguments, environment)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode != 0:
        raise RuntimeError(f"nocode-classifier {arguments[0]} ended with {process.returncode}")
    return Finished(seconds, _megabytes(usage.ru_maxrss), output)


def start_app(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start `nocode-classifier` as the installed command does."""
    entry = "import sys; from nocode_classifier.cli import main; sys.exit(main())"
    return subprocess.Popen(
        [sys.executable, "-c", entry, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


@dataclass(frozen=True)
class OpenedApp:
    """An app that something may ask, and the number of its process."""

    address: str
    number: int


@contextmanager
def opened_app(environment: Mapping[str, str]) -> Iterator[OpenedApp]:
    """Start the app, wait until it listens, as a person sees the address printed, and end it.

    Raises:
        RuntimeError: it did not open.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    app = start_app(["--no-browser", "--port", str(port)], environment)
    try:
        _wait_for(port, app)
        yield OpenedApp(f"http://127.0.0.1:{port}", app.pid)
    finally:
        app.terminate()
        app.wait(LONGEST)


def _wait_for(port: int, app: subprocess.Popen[str]) -> None:
    until = time.perf_counter() + LONGEST
    while time.perf_counter() < until:
        if app.poll() is not None:
            raise RuntimeError(f"the app ended with {app.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(PAUSE)
    raise RuntimeError("the app did not open")
