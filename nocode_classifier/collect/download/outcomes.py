"""What comes of fetching an address: bytes, or the reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass

from nocode_classifier.collect.skips import Skip


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at an address. Whether it is a whole photo, the photo check has to say.

    Attributes:
        data: as it is on the server, never packed.
        address: where it was in the end, after all redirects.
    """

    data: bytes
    address: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why nothing came.

    Attributes:
        reason: to count by.
        temporary: whether trying once more, later, may help.
        retry_after: seconds after which the server may be asked again, where that is known.
        detail: what happened and what to do, as a sentence.
    """

    reason: Skip
    temporary: bool = False
    retry_after: float | None = None
    detail: str = ""


class Trouble(Exception):
    """Nothing came.

    Attributes:
        skipped: why.
        alive: whether the server answered at all, or was at least there.
    """

    def __init__(
        self,
        reason: Skip,
        detail: str,
        *,
        temporary: bool = False,
        retry_after: float | None = None,
        alive: bool = True,
    ) -> None:
        super().__init__(detail)
        self.skipped = Skipped(reason, temporary, retry_after, detail)
        self.alive = alive


def too_many_redirects(host: str) -> Trouble:
    """What to say of servers that never say yes or no."""
    return Trouble(
        Skip.REDIRECTS, f"{host} sends us from one address to the next: use another address."
    )


def too_slow(host: str) -> Trouble:
    """What to say of a server that lets us wait."""
    return Trouble(
        Skip.TOO_SLOW,
        f"{host} takes too long to answer: try again later, or save the photo and use the file.",
        temporary=True,
    )
