"""Lets others use a model for a while: over the internet, or in one's own network.

The app that builds classifiers is never shared. A process of its own serves the one model folder,
on a port of its own, and only that port gets an address. The process ends when it is stopped, and
when the one that started it ends, however that happens: its standard input closes then.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nocode_classifier.errors import Cancelled, NotReady, Unavailable
from nocode_classifier.listening import EVERYWHERE
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never

LIFE = timedelta(hours=72)
"""How long Gradio keeps a public link, by its guide; its message says up to a week."""

SECONDS_TO_SERVE = 60.0
SECONDS_TO_SHARE = 100.0
SECONDS_TO_END = 8.0
"""Answers under way are finished first (`web_server.FINISH_SECONDS`)."""

OWN_VARIABLES = ("NOCODE_CLASSIFIER_HOME", "NOCODE_CLASSIFIER_CACHE", "NOCODE_CLASSIFIER_LOGS")
"""Where the builder's things are is nothing the shared process has to know."""

ENDED = "The page for others has ended unexpectedly. Start it again for a new address."


class _Child:
    """The process that serves a model."""

    def __init__(self, folder: Path, options: Sequence[str]) -> None:
        self._place = tempfile.TemporaryDirectory(
            prefix="nocode-classifier-", ignore_cleanup_errors=True
        )
        command = [sys.executable, "-m", "nocode_classifier.serve", str(folder.resolve())]
        self.process = subprocess.Popen(
            [*command, "--port", "0", "--events", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._place.name,
            env=_environment(self._place.name),
            encoding="utf-8",
            # Ctrl-C in the builder's console is for the builder, which stops this one itself.
            start_new_session=True,
        )

    def events(self) -> Iterator[tuple[str, str]]:
        """What it tells, until it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with suppress(ValueError, AttributeError):
                yield from json.loads(line).items()

    def end(self) -> None:
        """End it: politely first."""
        with suppress(OSError):
            assert self.process.stdin is not None
            self.process.stdin.close()
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._kill()
            self.process.wait(SECONDS_TO_END)
        with suppress(OSError):
            assert self.process.stdout is not None
            self.process.stdout.close()
        self._place.cleanup()

    def _kill(self) -> None:
        """With whatever it started."""
        if os.name == "nt":
            self.process.kill()
        else:
            os.killpg(self.process.pid, signal.SIGKILL)


def _environment(place: str) -> dict[str, str]:
    """For the child: this same package, a place for its files, and nothing of the builder's."""
    environment = {name: value for name, value in os.environ.items() if name not in OWN_VARIABLES}
    environment.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), place))
    package = str(Path(__file__).resolve().parent.parent.parent)
    known = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = f"{package}{os.pathsep}{known}" if known else package
    return environment


class _Link:
    """What both kinds of links have in common. All may be called from any thread."""

    options: Sequence[str] = ()
    wanted = "ready"
    seconds = SECONDS_TO_SERVE
    life: timedelta | None = None

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._address: str | None = None
        self._ends_at: datetime | None = None
        self._problem = ""

    @property
    def address(self) -> str | None:
        """The address for others; None while there is none."""
        return self._address

    @property
    def ends_at(self) -> datetime | None:
        """When the address will stop working at the latest; None if it needn't."""
        return self._ends_at

    @property
    def problem(self) -> str:
        """Why it ended by itself, as a sentence; "" if it did not."""
        return self._problem

    @property
    def qr(self) -> str | None:
        """The address as a QR code, an SVG; None while there is none."""
        from nocode_classifier.serve.qr import qr_svg

        return qr_svg(self._address) if self._address else None

    def start(
        self, model_folder: Path, report: Report = ignore, should_stop: ShouldStop = never
    ) -> str:
        """Serve a model to others and say where; a link that was open before is closed.

        Raises:
            NotReady: there is no model.
            Unavailable: no address can be had; the sentence says why.
            Cancelled: Stop was pressed.
        """
        if not (model_folder / "model.onnx").is_file():
            raise NotReady("Train your classifier first; it takes seconds.")
        self.stop()
        report(Progress("Starting the page for others", fraction=0.1))
        child = _Child(model_folder, self.options)
        events: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        with self._lock:
            self._child, self._problem = child, ""
        threading.Thread(
            target=self._listen, args=(child, events), name="link", daemon=True
        ).start()
        try:
            address = self._wait(events, report, should_stop)
        except BaseException:
            self._end(child)  # and not the one that was perhaps begun meanwhile
            raise
        report(Progress("Open", fraction=1.0))
        return address

    def stop(self) -> None:
        """Close the link; the address stops working. Nothing happens if none is open."""
        with self._lock:
            child = self._child
        if child is not None:
            self._end(child)

    def _end(self, child: _Child, problem: str = "") -> None:
        with self._lock:
            if self._child is child:
                self._child = self._address = self._ends_at = None
                self._problem = problem
        child.end()

    def _wait(
        self, events: queue.SimpleQueue[tuple[str, str]], report: Report, should_stop: ShouldStop
    ) -> str:
        """Until there is an address."""
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            if should_stop():
                raise Cancelled("Stopped.")
            with suppress(queue.Empty):
                what, text = events.get(timeout=0.2)
                if what == self.wanted:
                    return text
                if what in ("failed", "ended"):
                    raise Unavailable(text)
                report(Progress("Asking for a public address", fraction=0.5))
        raise Unavailable(
            "The page for others did not start in time. Close some other programs and try again."
        )

    def _listen(self, child: _Child, events: queue.SimpleQueue[tuple[str, str]]) -> None:
        """Hear what the process tells, and note if it ends by itself."""
        told = ENDED
        with suppress(OSError, ValueError):  # closed by `stop`
            for what, text in child.events():
                if what == self.wanted:
                    self._open(child, text)
                if what in ("failed", "ended"):
                    told = text
                events.put((what, text))
                if what == "ended":
                    break
        self._end(child, told)
        events.put(("ended", told))

    def _open(self, child: _Child, address: str) -> None:
        with self._lock:
            if self._child is child:
                self._address = address
                self._ends_at = datetime.now(UTC) + self.life if self.life else None


class PublicLink(_Link):
    """An address on the internet, through Gradio's tunnel, for some days and while this app runs.

    Visitors ask this computer; it answers about photos and stores none.
    """

    options = ("--share",)
    wanted = "shared"
    seconds = SECONDS_TO_SERVE + SECONDS_TO_SHARE
    life = LIFE


class LocalLink(_Link):
    """An address for those in the same network, such as the phone in one's hand."""

    options = ("--host", EVERYWHERE[0])
