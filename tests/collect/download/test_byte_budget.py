from __future__ import annotations

import asyncio

from nocode_classifier.collect.download.byte_budget import ByteBudget
from tests.elsewhere import run


def test_downloads_grow_while_they_all_fit_and_then_only_the_oldest() -> None:
    async def grow() -> None:
        memory = ByteBudget(100)
        old, young = memory.open(), memory.open()
        memory.take(old, 50)
        memory.take(young, 50)
        assert memory.is_full
        assert memory.fits(old, 30)
        assert not memory.fits(young, 1)

    run(grow())


def test_the_next_may_grow_when_the_oldest_is_done_and_taken() -> None:
    async def grow() -> None:
        memory = ByteBudget(100)
        old, young = memory.open(), memory.open()
        memory.take(young, 60)
        memory.take(old, 90)
        waiting = asyncio.create_task(memory.wait_for(young, 10))
        await asyncio.sleep(0)
        memory.finish(old, kept=90)
        await asyncio.sleep(0)
        assert not waiting.done() or memory.fits(young, 10)
        memory.give_back(90)
        await asyncio.wait_for(waiting, 1)

    run(grow())
