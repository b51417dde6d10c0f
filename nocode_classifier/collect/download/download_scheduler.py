"""Decides which address is asked for when; everything here happens in one event loop."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import httpx

from nocode_classifier.collect.download.addresses import parse_address
from nocode_classifier.collect.download.byte_budget import ByteBudget
from nocode_classifier.collect.download.fetch import Fetcher, Redirected
from nocode_classifier.collect.download.hosts import TRIES, Host, Link
from nocode_classifier.collect.download.outcomes import (
    Fetched,
    Skipped,
    Trouble,
    too_many_redirects,
    too_slow,
)
from nocode_classifier.collect.download.rules import REDIRECTS, WebRules
from nocode_classifier.collect.skips import Skip

logger = logging.getLogger(__name__)

Key = TypeVar("Key")


class DownloadScheduler(Generic[Key]):
    """Gives each server its turns, and each address an outcome."""

    def __init__(self, rules: WebRules, give: Callable[[Key, Fetched | Skipped], None]) -> None:
        self._rules = rules
        self._give = give
        self._memory = ByteBudget(rules.memory)
        self._client = Fetcher(rules, self._memory)
        self._hosts: dict[str, Host[Key]] = {}
        self._line: deque[Host[Key]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._closing = False

    @classmethod
    async def open(
        cls, rules: WebRules, give: Callable[[Key, Fetched | Skipped], None]
    ) -> DownloadScheduler[Key]:
        """Begin, in the event loop that runs."""
        return cls(rules, give)

    def take(self, key: Key, address: str) -> None:
        """Fetch one more."""
        try:
            url = parse_address(address)
        except Trouble as trouble:
            self._give(key, trouble.skipped)
            return
        self._enqueue(Link(key, url, self._rules.seconds))
        self._go_on()

    def give_back(self, size: int) -> None:
        """So many bytes were taken away."""
        self._memory.give_back(size)
        self._go_on()

    def _enqueue(self, link: Link[Key], put: Callable[[Link[Key]], None] | None = None) -> None:
        """Put an address into the line of its server, at the end unless `put` knows better."""
        host = self._host_of(link.url)
        if not host.waiting:
            self._line.append(host)
        (put or host.waiting.append)(link)

    def _host_of(self, url: httpx.URL) -> Host[Key]:
        name = f"{url.host}:{url.port or ''}"
        if name not in self._hosts:
            self._hosts[name] = Host(url.host, self._rules.per_host, self._rules.patience.rest)
        return self._hosts[name]

    def _go_on(self) -> None:
        """Ask for as much as may be asked for now, each server in its turn."""
        while self._round():
            pass

    def _round(self) -> bool:
        """Give each server that is waited for at most one turn; says whether any had one."""
        now = self._loop.time()
        started = False
        for _ in range(len(self._line)):
            if self._closing or len(self._tasks) >= self._rules.at_once or self._memory.is_full:
                return False
            host = self._line.popleft()
            if host.closed and host.is_closed(now):
                self._return_all(host, host.closed)
            elif host.may_be_asked(now):
                self._start(host)
                started = True
            if host.waiting:
                self._line.append(host)
        return started

    def _return_all(self, host: Host[Key], skipped: Skipped) -> None:
        while host.waiting:
            self._give(host.waiting.popleft().key, skipped)

    def _start(self, host: Host[Key]) -> None:
        host.running += 1
        task = self._loop.create_task(self._work(host, host.waiting.popleft()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: self._go_on())

    async def _work(self, host: Host[Key], link: Link[Key]) -> None:
        """Ask for one address once, and see what follows from the answer."""
        began = self._loop.time()
        try:
            outcome = await self._ask(link)
        except Trouble as trouble:
            host.had(trouble, link, self._loop.time())
            self._after(host, link, trouble)
        except Exception:
            logger.exception("Fetching %s failed", link.url)
            self._give(link.key, Skipped(Skip.UNREACHABLE, detail="This photo can't be fetched."))
        else:
            host.did_well()
            link.seconds -= self._loop.time() - began
            self._deliver(link, outcome)
        finally:
            host.running -= 1

    async def _ask(self, link: Link[Key]) -> Fetched | Redirected:
        share = self._memory.open()
        kept = 0
        try:
            async with asyncio.timeout(link.seconds) as limit:
                outcome = await self._client.ask(link.url, share, limit)
            kept = len(outcome.data) if isinstance(outcome, Fetched) else 0
            return outcome
        except TimeoutError as error:
            raise too_slow(link.url.host) from error
        finally:
            self._memory.finish(share, kept=kept)

    def _deliver(self, link: Link[Key], outcome: Fetched | Redirected) -> None:
        if isinstance(outcome, Fetched):
            self._give(link.key, outcome)
        elif link.steps >= REDIRECTS:
            self._give(link.key, too_many_redirects(link.url.host).skipped)
        else:
            link.steps += 1
            link.url = outcome.url
            # Before those that were not begun.
            self._enqueue(link, self._host_of(link.url).waiting.appendleft)

    def _after(self, host: Host[Key], link: Link[Key], trouble: Trouble) -> None:
        """Ask a busy server again where it may be asked soon; else this address is done."""
        now = self._loop.time()
        link.tries += 1
        busy = trouble.skipped.reason is Skip.BUSY
        if busy:
            self._loop.call_at(host.rests_until, self._go_on)
        soon = (trouble.skipped.retry_after or 0.0) <= self._rules.patience.rest
        if busy and soon and link.tries < TRIES and host.is_resting(now):
            self._enqueue(link, host.put_back)
        else:
            self._give(link.key, trouble.skipped)

    async def aclose(self) -> None:
        """Drop everything."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()
        await self._loop.shutdown_asyncgens()
