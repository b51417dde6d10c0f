"""One photo from one address, for who gives a link instead of a file."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

from nocode_classifier.collect.download.addresses import (
    LookUp,
    MayConnect,
    is_public,
    parse_address,
    system_look_up,
)
from nocode_classifier.collect.download.outcomes import Trouble, too_many_redirects, too_slow
from nocode_classifier.collect.download.proxies import Proxies
from nocode_classifier.collect.download.rules import REDIRECTS, WebRules
from nocode_classifier.collect.photo_check import LIMITS, Limits
from nocode_classifier.collect.skips import Skip
from nocode_classifier.errors import (
    AppError,
    InputError,
    InsideAddress,
    NotAPhoto,
    PhotoRefused,
    TooBig,
    Unavailable,
)

SECONDS = 30.0
"""For everything together, so that a server which sends a byte now and then can't hold us."""

ERRORS: Mapping[Skip, type[AppError]] = MappingProxyType(
    {
        Skip.BAD_ADDRESS: InputError,
        Skip.PRIVATE: InsideAddress,
        Skip.NOT_A_PHOTO: NotAPhoto,
        Skip.TOO_BIG: TooBig,
        Skip.DAMAGED: PhotoRefused,
    }
)
"""What each reason is raised as; all others are `Unavailable`."""


def fetch_photo(
    address: str,
    *,
    limits: Limits = LIMITS,
    seconds: float = SECONDS,
    may_connect: MayConnect = is_public,
    certificates: ssl.SSLContext | None = None,
    proxies: Proxies | None = None,
    look_up: LookUp = system_look_up,
) -> bytes:
    """Download what is at an address. Whether it is a whole photo, the photo check has to say.

    Whether a server wants its photos to be used for AI is not asked: nothing is learnt from a
    photo that someone looks at once.

    Args:
        address: begins with http:// or https://.
        limits: how many bytes it may have.
        seconds: for everything together.
        may_connect: judges the numbers a name stands for; tests let their own computer pass.
        certificates: those to trust; the usual ones by default.
        proxies: those of the environment by default.
        look_up: what a name stands for.

    Raises:
        InputError: the address can't be used.
        InsideAddress: it leads into this computer or its own network.
        PhotoRefused: there is too much, or what is there is no photo.
        Unavailable: the server can't be reached, has nothing there, or takes too long.
    """
    rules = WebRules(
        limits=limits,
        seconds=seconds,
        may_connect=may_connect,
        certificates=certificates,
        respect_noai=False,
        proxies=Proxies.from_environment() if proxies is None else proxies,
        look_up=look_up,
    )
    try:
        # In a thread of its own: the caller's may be running an event loop already.
        with ThreadPoolExecutor(1, thread_name_prefix="link") as thread:
            return thread.submit(lambda: asyncio.run(_fetch(address, rules))).result()
    except Trouble as trouble:
        kind = ERRORS.get(trouble.skipped.reason, Unavailable)
        raise kind(trouble.skipped.detail) from trouble


async def _fetch(address: str, rules: WebRules) -> bytes:
    from nocode_classifier.collect.download.byte_budget import ByteBudget
    from nocode_classifier.collect.download.fetch import Fetcher, Redirected

    url = parse_address(address)
    memory = ByteBudget(rules.memory)
    fetcher = Fetcher(rules, memory)
    share = memory.open()
    try:
        async with asyncio.timeout(rules.seconds) as limit:
            for _ in range(REDIRECTS + 1):
                outcome = await fetcher.ask(url, share, limit)
                if not isinstance(outcome, Redirected):
                    return outcome.data
                url = outcome.url
    except TimeoutError as error:
        raise too_slow(url.host) from error
    finally:
        await fetcher.aclose()
    raise too_many_redirects(url.host)
