"""All fake services together, for whoever searches the web with the real sources."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from nocode_classifier.collect.sources import Services
from nocode_classifier.collect.sources.api_client import RequestPolicy
from tests.fakes.commons import FakeCommons
from tests.fakes.duckduckgo import FakeWebSearch
from tests.fakes.inaturalist import FakeINaturalist
from tests.fakes.openverse import FakeOpenverse
from tests.fakes.photos import PhotoHost, Photos, drawn_photos


class FakeServices:
    """Every service, and one host with the photos that they find; use it in a with statement.

    The photos are on this computer, so whoever fetches them must be allowed to connect to it.

    Attributes:
        photos: the host; it counts what is fetched, and can be slow or blocked.
        web: DuckDuckGo and Bing.
        openverse, commons, inaturalist: the others.
    """

    def __init__(self, folder: Path, photos: Photos = drawn_photos, *, delay: float = 0.0) -> None:
        """Begin.

        Args:
            folder: where the certificate goes.
            photos: gives the photos.
            delay: seconds that each photo takes.
        """
        self.photos = PhotoHost(photos, delay=delay)
        self.web = FakeWebSearch(self.photos, folder)
        self.openverse = FakeOpenverse(self.photos)
        self.commons = FakeCommons(self.photos)
        self.inaturalist = FakeINaturalist(self.photos)
        self._running = ExitStack()

    @property
    def services(self) -> Services:
        """For `all_sources`."""
        return Services(self.openverse.address, self.commons.address, self.inaturalist.address)

    @property
    def policy(self) -> RequestPolicy:
        """For `all_sources`; in a hurry, as nobody's server is asked."""
        return RequestPolicy(
            contact="tests@example.org",
            spacing=0.02,
            patience=0.5,
            seconds=5,
            certificates=self.web.certificates,
            proxy=self.web.proxy,
        )

    def __enter__(self) -> Self:
        for fake in (self.photos, self.web, self.openverse, self.commons, self.inaturalist):
            self._running.enter_context(fake)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.close()
