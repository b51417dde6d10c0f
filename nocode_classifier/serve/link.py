"""Lets others use a model for a while: over the internet, or in one's own network.

The app that builds classifiers is never shared. A process of its own serves the one model folder,
on a port of its own, and only that port gets an address. The process ends when it is stopped, and
when the one that started it ends, however that happens: its standard input closes then.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nocode_classifier.errors import NotReady, Unavailable
from nocode_classifier.listening import EVERYWHERE
from nocode_classifier.processes import MODULE, ChildProcess, TookTooLong
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


class _Server(ChildProcess):
    """The process that serves a model, with a place for its files."""

    def __init__(self, model_folder: Path, options: Sequence[str]) -> None:
        self._place = tempfile.TemporaryDirectory(
            prefix="nocode-classifier-", ignore_cleanup_errors=True
        )
        place = self._place.name
        command = [*MODULE, "nocode_classifier.serve", str(model_folder.resolve())]
        super().__init__(
            [*command, "--port", "0", "--events", *options],
            settings=dict.fromkeys(OWN_VARIABLES) | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), place),
            folder=Path(place),
            patience=SECONDS_TO_END,
        )

    def end(self) -> None:
        """End it and remove its files."""
        super().end()
        self._place.cleanup()


class _Link:
    """What both kinds of links have in common. All may be called from any thread."""

    options: Sequence[str] = ()
    wanted = "ready"
    seconds = SECONDS_TO_SERVE
    life: timedelta | None = None

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: _Server | None = None
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
        server = _Server(model_folder, self.options)
        with self._lock:
            self._server, self._problem = server, ""
        try:
            address = self._wait(server, report, should_stop)
        except BaseException:
            self._end(server)  # and not the one that was perhaps begun meanwhile
            raise
        threading.Thread(target=self._listen, args=(server,), name="link", daemon=True).start()
        report(Progress("Open", fraction=1.0))
        return address

    def stop(self) -> None:
        """Close the link; the address stops working. Nothing happens if none is open."""
        with self._lock:
            server = self._server
        if server is not None:
            self._end(server)

    def _end(self, server: _Server, problem: str = "") -> None:
        with self._lock:
            if self._server is server:
                self._server = self._address = self._ends_at = None
                self._problem = problem
        server.end()

    def _wait(self, server: _Server, report: Report, should_stop: ShouldStop) -> str:
        """Until there is an address."""
        try:
            for event in server.events(should_stop, self.seconds):
                if address := event.get(self.wanted):
                    self._open(server, address)
                    return str(address)
                if problem := event.get("failed") or event.get("ended"):
                    raise Unavailable(problem)
                report(Progress("Asking for a public address", fraction=0.5))
        except TookTooLong as error:
            raise Unavailable(
                "The page for others did not start in time. Close some other programs and try "
                "again."
            ) from error
        raise Unavailable(ENDED)

    def _listen(self, server: _Server) -> None:
        """Note if it ends by itself, and what it says of that."""
        ends = (event["ended"] for event in server.events() if "ended" in event)
        self._end(server, next(ends, ENDED))

    def _open(self, server: _Server, address: str) -> None:
        with self._lock:
            if self._server is server:
                self._address = address
                self._ends_at = datetime.now(UTC) + self.life if self.life else None


class PublicLink(_Link):
    """An address on the internet, through Gradio's tunnel, for some days and while this app runs.

    Visitors ask this computer; it answers about photos and stores none.
    """

    options: Sequence[str] = ("--share",)
    wanted = "shared"
    seconds = SECONDS_TO_SERVE + SECONDS_TO_SHARE
    life = LIFE


class LocalLink(_Link):
    """An address for those in the same network, such as the phone in one's hand."""

    options: Sequence[str] = ("--host", EVERYWHERE[0])
