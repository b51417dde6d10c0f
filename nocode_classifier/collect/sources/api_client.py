"""Asking a service that answers in JSON, politely.

Every service gets its own `ApiClient`, which is shared by all searches of the program: it says who
is asking, keeps a distance between two questions, rests when it is told to, and gives up soon.
What goes wrong is said in a sentence.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nocode_classifier.collect.download.identity import user_agent
from nocode_classifier.collect.sources.rate_limiter import RateLimiter
from nocode_classifier.collect.sources.rates import retry_after, used_up
from nocode_classifier.collect.sources.reading import Record
from nocode_classifier.collect.sources.source import SourceTrouble
from nocode_classifier.collect.sources.waiting import attended
from nocode_classifier.progress import ShouldStop, never

if TYPE_CHECKING:
    import httpx

TRIES = 2
LARGEST_ANSWER = 8_000_000
REDIRECTS = 3
BUSY_SECONDS = 60.0
"""How long to leave a service alone that is too busy and doesn't say for how long."""

PASSING_SECONDS = 10.0
"""The same after a failure that may be over soon."""

Parameters = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class RequestPolicy:
    """How services are asked.

    Attributes:
        contact: how whoever runs this app can be reached, for the User-Agent, or what tells it
            each time; empty takes what the environment names.
        spacing: seconds between two questions to one service.
        patience: seconds that a service may ask us to wait before a search gives up for now.
        seconds: for one answer, from first to last byte.
        certificates: a PEM file of authorities to trust instead of the usual ones.
        proxy: the way out for web searches instead of the one the environment names.
    """

    contact: str | Callable[[], str] = ""
    spacing: float = 1.0
    patience: float = 5.0
    seconds: float = 20.0
    certificates: Path | None = None
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes


class _Passing(Exception):
    """This try failed, the next one may not; carries what to say if that was the last."""

    def __init__(self, trouble: SourceTrouble, wait: float = 0.0) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble
        self.wait = wait


class ApiClient:
    """Asks one service."""

    def __init__(self, label: str, base: str, policy: RequestPolicy) -> None:
        """Begin nothing yet.

        Args:
            label: what people call the service.
            base: its address, to which paths are added.
            policy: how to ask.
        """
        self._label = label
        self._base = base.rstrip("/")
        self._policy = policy
        self._turns = RateLimiter(policy.spacing)

    def ask(self, path: str, parameters: Parameters, should_stop: ShouldStop = never) -> Record:
        """One answer, after at most two tries.

        Raises:
            SourceTrouble: there was none that can be used; says why.
            Cancelled: Stop was pressed.
            InputError: the contact can't be used.
        """
        for left in reversed(range(TRIES)):
            self._be_patient()
            self._turns.take(should_stop)
            try:
                return self._try(path, parameters, should_stop)
            except _Passing as failed:
                self._turns.rest(failed.wait)
                if not left or failed.wait > self._policy.patience:
                    raise failed.trouble from failed
        raise AssertionError("the last try either answers or raises")

    def _be_patient(self) -> None:
        rest = self._turns.seconds_of_rest
        if rest > self._policy.patience:
            raise SourceTrouble(
                f"{self._label} takes no more questions from here {in_words(rest)}: "
                "use another source until then, or add photos of your own.",
                rest,
            )

    def _try(self, path: str, parameters: Parameters, should_stop: ShouldStop) -> Record:
        import httpx

        contact = self._policy.contact
        agent = user_agent(contact if isinstance(contact, str) else contact())
        seconds = self._policy.seconds
        try:
            answer = attended(
                # A little longer than its own limit, which also closes the connection.
                lambda: self._fetch(path, parameters, agent),
                seconds + 2,
                should_stop,
            )
        except (TimeoutError, httpx.TimeoutException) as error:
            raise self._passing("takes too long to answer: try again later") from error
        except httpx.DecodingError as error:
            raise self._passing(_NONSENSE) from error
        except httpx.TooManyRedirects as error:
            raise self._trouble("sends us from one address to the next") from error
        except httpx.TransportError as error:
            raise self._passing(
                "can't be reached: check the connection to the internet and try again"
            ) from error
        self._heed(answer.headers)
        return self._read(answer)

    def _heed(self, headers: Mapping[str, str]) -> None:
        """Rest where a limit is used up; a plain word on when to come back is exacter."""
        if retry_after(headers) is None:
            for kind, rest in used_up(headers):
                (self._turns.rest if kind == "until" else self._turns.rest_for_the_period)(rest)

    def _fetch(self, path: str, parameters: Parameters, agent: str) -> _Answer:
        """Runs in a thread of its own."""
        import httpx

        end = time.monotonic() + self._policy.seconds
        headers = {"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        try:
            client = httpx.Client(
                headers=headers,
                timeout=min(10.0, self._policy.seconds),
                follow_redirects=True,
                max_redirects=REDIRECTS,
                verify=_trusted(self._policy.certificates),
            )
        except (ValueError, ImportError, OSError) as error:
            raise SourceTrouble(
                f"{self._label} can't be asked through the proxy or with the certificates that "
                "this computer is set up with: change them and start the app again."
            ) from error
        with client, client.stream("GET", self._base + path, params=dict(parameters)) as response:
            return _Answer(response.status_code, response.headers, self._body(response, end))

    def _body(self, response: httpx.Response, end: float) -> bytes:
        data = bytearray()
        for part in response.iter_bytes():
            data += part
            if len(data) > LARGEST_ANSWER:
                raise self._trouble("answers with far more than was asked for")
            if time.monotonic() > end:
                raise TimeoutError
        return bytes(data)

    def _read(self, answer: _Answer) -> Record:
        if answer.status != 200:
            raise self._refusal(answer)
        try:
            content = json.loads(answer.data)
        except (ValueError, RecursionError) as error:
            raise self._passing(_NONSENSE) from error
        if not isinstance(content, dict):
            raise self._passing(_NONSENSE)
        return Record(content)

    def _refusal(self, answer: _Answer) -> Exception:
        """What a status other than "here you are" means."""
        code, wait = answer.status, retry_after(answer.headers)
        if code in {429, 503}:
            rest = BUSY_SECONDS if wait is None else wait
            sentence = (
                f"{self._label} is asked too often from here or is too busy (HTTP {code}): try "
                f"again {in_words(rest)}, use another source, or add photos of your own."
            )
            return _Passing(SourceTrouble(sentence, max(rest, self._policy.spacing)), rest)
        if code >= 500:
            return self._passing(f"has a problem of its own (HTTP {code}): try again later")
        if code in {401, 403, 451}:
            return self._trouble(f"does not answer this computer (HTTP {code}; it may be blocked)")
        return self._trouble(f"could not do anything with these search words (HTTP {code})")

    def _passing(self, what: str) -> _Passing:
        sentence = f"{self._label} {what}, use another source, or add photos of your own."
        return _Passing(SourceTrouble(sentence, PASSING_SECONDS))

    def _trouble(self, what: str) -> SourceTrouble:
        return SourceTrouble(
            f"{self._label} {what}: use other words or another source, or add photos of your own."
        )


_NONSENSE = "answered with something that is no list of photos: try again later"


def in_words(seconds: float) -> str:
    """When a while is over, as a person says it."""
    if seconds < 10:
        return "in a few seconds"
    if seconds < 90:
        return f"in about {round(seconds, -1):.0f} seconds"
    if seconds < 5_400:
        return f"in about {round(seconds / 60)} minutes"
    hours = round(seconds / 3_600)
    return f"in about {hours} hours"


def _trusted(certificates: Path | None) -> ssl.SSLContext | bool:
    return True if certificates is None else ssl.create_default_context(cafile=str(certificates))
