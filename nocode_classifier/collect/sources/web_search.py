"""Asking search engines through the ddgs library, whose answers say little of what went wrong.

To ddgs a search that is blocked and one that finds nothing are the same: "No results found." So an
engine that gives nothing at once may be blocked, and the sentence says both. Nothing is asked twice
here; the library itself neither waits nor tries again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote
from urllib.request import getproxies, proxy_bypass

from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.collect.sources.rate_limiter import RateLimiter
from nocode_classifier.collect.sources.reading import Record, web_address
from nocode_classifier.collect.sources.source import Found, SourceTrouble
from nocode_classifier.collect.sources.waiting import attended
from nocode_classifier.progress import ShouldStop

SPARE_SECONDS = 5.0
PASSING_SECONDS = 8.0
"""How long to leave an engine alone that may have blocked us for a moment."""

NOTHING = "No results found."
NONSENSE = (
    "answered with something that is no list of photos; perhaps it blocks this computer for a while"
)
UNREACHABLE = re.compile(r"(?:Connect|DNS|Proxy)Error:|.* > invalid peer certificate")
"""How ddgs tells of a connection that failed: with the words of the library below it."""


class WebSearch:
    """One search engine, asked for photos page by page."""

    def __init__(self, engine: str, label: str, host: str, policy: RequestPolicy) -> None:
        """Begin nothing yet.

        Args:
            engine: what ddgs calls it.
            label: what people call it.
            host: where it is, to find out which proxy leads there.
            policy: how to ask.
        """
        self._engine = engine
        self._label = label
        self._host = host
        self._policy = policy
        self._turns = RateLimiter(policy.spacing)

    def page(
        self, words: str, number: int, options: Mapping[str, str], should_stop: ShouldStop
    ) -> list[Found]:
        """The photos on one page; a later page without any is the end.

        Raises:
            SourceTrouble: the first page is empty, or the engine can't be reached.
            Cancelled: Stop was pressed.
        """
        self._turns.take(should_stop)
        seconds = self._policy.seconds
        try:
            results = attended(
                lambda: self._ask(words, number, options),
                seconds + SPARE_SECONDS,
                should_stop,
            )
        except TimeoutError as error:
            raise self._passing("takes too long to answer") from error
        found = [each for each in map(self._found, results) if each is not None]
        if not found and number == 1:
            raise self._passing(
                "gave nothing: perhaps there is nothing for these words, perhaps it blocks this "
                "computer for a while"
            )
        return found

    def _ask(self, words: str, number: int, options: Mapping[str, str]) -> Sequence[object]:
        """Runs in a thread of its own; the library is imported there as well."""
        from ddgs import DDGS
        from ddgs.exceptions import DDGSException, TimeoutException
        from primp import BuilderError

        certificates = self._policy.certificates
        search = DDGS(
            proxy=self._policy.proxy or proxy_for(self._host),
            # The library gives both of DuckDuckGo's answers together no more than this; what
            # comes later it counts as nothing.
            timeout=max(1, int(self._policy.seconds)),
            verify=True if certificates is None else str(certificates),
        )
        try:
            return search.images(
                words,
                safesearch="on",
                page=number,
                max_results=None,
                backend=self._engine,
                **options,
            )
        except TimeoutException as error:
            raise self._passing("takes too long to answer") from error
        except DDGSException as error:
            if NOTHING in str(error):
                return []
            if UNREACHABLE.match(str(error)):
                raise self._passing(
                    "can't be reached: check the connection to the internet"
                ) from error
            raise self._passing(NONSENSE) from error
        except BuilderError as error:
            raise SourceTrouble(
                f"{self._label} can't be asked through the proxy or with the certificates that "
                "this computer is set up with: change them and start the app again."
            ) from error
        except Exception as error:
            # The library reads pages that change without notice, and not all it meets is expected.
            raise self._passing(NONSENSE) from error

    def _found(self, result: object) -> Found | None:
        record = Record(result)
        address = web_address(_usable(record.get("image")))
        if address is None:
            return None
        return Found(
            address=address,
            source=self._engine,
            page=record.address("url"),
            title=record.text("title"),
            width=record.pixels("width"),
            height=record.pixels("height"),
        )

    def _passing(self, what: str) -> SourceTrouble:
        return SourceTrouble(
            f"{self._label} {what}. Try again later, use other words or another source, or add "
            "photos of your own.",
            PASSING_SECONDS,
        )


def _usable(address: object) -> object:
    """An address as it can be asked for: the library takes the escapes out of it."""
    if not isinstance(address, str):
        return address
    return re.sub(r"[^!-~]|[\"<>\\^`{|}]", lambda found: quote(found[0], safe=""), address)


def proxy_for(host: str) -> str | None:
    """The proxy that the environment names for a secure address of a host; None for none."""
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
