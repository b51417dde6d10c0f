"""How quickly photos come from the web, in how much memory, and what bad servers can do to it."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.pool import ThreadPool
from pathlib import Path

from benchmarks.machine import alone, peak_memory
from benchmarks.rows import Row, Section, at_most, share, told
from benchmarks.setting import Setting
from nocode_classifier.collect.download.downloads import Downloads, Fetched
from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.collect.search import Finder, SearchPlan, find_photos
from nocode_classifier.project.library import Library
from nocode_classifier.project.tables.search_settings import SearchSettings
from tests.fakes.listed import ListedSource
from tests.fakes.web import HOSTILE, Names, Web, packed_zeros, photo, rules

PHOTOS = 300
GOOD = 200
DELAY = 0.05
BYTES = 100_000
EACH_BAD = 3
GIANTS = 16


def measure(setting: Setting) -> Section:
    """A quick server, a hostile one, and sixteen that send without end."""
    count = 40 if setting.quick else PHOTOS
    with serving(count) as site:
        links = [f"{site}/photo/{number}" for number in range(count)]
        rows = [
            *_quick("fetched and checked", *alone(fetch_and_check, links)),
            *_quick("found and kept in a project", *alone(search, links, setting.work / "quick")),
        ]
        good = links[: 20 if setting.quick else GOOD]
        bad = [f"{site}/{page}?{number}" for page in HOSTILE for number in range(EACH_BAD)]
        rows += _hostile(alone(search_among, good, bad, setting.work / "hostile"), len(good))
        rows.append(_giants(*alone(giants, site)))
    return Section(tuple(rows))


def _quick(what: str, seconds: float, memory: float, came: int, count: int) -> list[Row]:
    note = f"each {BYTES // 1000} KB and {1000 * DELAY:.0f} ms late, {came} of {count} came"
    return [
        at_most(f"{count} photos {what}", seconds, 15 if came == count else 0, "s", note),
        at_most(f"peak memory: {count} photos {what}", memory, 300, "MB"),
    ]


# The server, in a process of its own, so that only ours is measured


@contextmanager
def serving(count: int) -> Iterator[str]:
    """A site with so many photos; gives its address."""
    fresh = get_context("spawn")
    here, there = fresh.Pipe()
    process = fresh.Process(target=serve, args=(there, count), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        # The server ends when it has nobody to talk to any more.
        here.close()
        process.join(10)
        process.kill()


def serve(told_to: Connection, count: int) -> None:
    """Draw the photos, serve, and end when told to."""
    packed_zeros()
    for number in range(count):
        photo(number, BYTES)
    with Web(delay=DELAY, size=BYTES) as web:
        told_to.send(web.link("").rstrip("/"))
        told_to.poll(None)


# What is measured


def fetch_and_check(links: Sequence[str]) -> tuple[float, float, int, int]:
    """Fetch links and check each photo; seconds, MB, how many came, of how many."""
    began = time.perf_counter()
    with ThreadPool(os.cpu_count()) as door, Downloads[str](rules()) as downloads:
        for link in links:
            downloads.add(link, link)
        checked = []
        while downloads.pending:
            done = downloads.next(60)
            if done and isinstance(done[1], Fetched):
                checked.append(door.apply_async(check_photo, (done[1].data, done[0])))
        came = len({each.get().sha256 for each in checked})
    return time.perf_counter() - began, peak_memory(), came, len(links)


def search(links: Sequence[str], home: Path) -> tuple[float, float, int, int]:
    """Search for the photos at links; seconds, MB, how many were kept, of how many."""
    project = Library(home).create("web", ["thing"])
    plan = SearchPlan(project.class_named("thing").id, SearchSettings(count=len(links)))
    finder = Finder((ListedSource(links, page_size=50),), rules())
    began = time.perf_counter()
    report = find_photos(finder, project, [plan])
    return time.perf_counter() - began, peak_memory(), report.added, len(links)


@dataclass(frozen=True)
class Siege:
    """What became of good links among bad ones.

    Attributes:
        seconds, memory: what it took, MB.
        kept: good ones.
        bad: bad ones, in all.
        rightly: those left out for the right reason.
        counted: those in the tally of the class.
        wrong: bad pages and the reasons that were given for them instead.
    """

    seconds: float
    memory: float
    kept: int
    bad: int
    rightly: int
    counted: int
    wrong: tuple[str, ...]


def search_among(good: Sequence[str], bad: Sequence[str], home: Path) -> Siege:
    """Search for good photos mixed with links that do their worst."""
    links = [*good, *bad]
    random.Random(0).shuffle(links)
    project = Library(home).create("web", ["thing"])
    label = project.class_named("thing")
    plan = SearchPlan(label.id, SearchSettings(count=len(links), photos_only=False))
    finder = Finder((ListedSource(links, page_size=50),), rules())
    began = time.perf_counter()
    find_photos(finder, project, [plan])
    seconds = time.perf_counter() - began
    kept = {each.address for each in project.photos()}
    search_results = [project.search_results.find(number + 1) for number in range(len(links))]
    reasons = {find.address: find.reason for find in search_results}
    wrong = [
        f"{_page(link)}: {reasons[link]}" for link in bad if reasons[link] != HOSTILE[_page(link)]
    ]
    return Siege(
        seconds,
        peak_memory(),
        len(kept & set(good)),
        len(bad),
        len(bad) - len(wrong),
        sum(project.search_results.tally(label.id).skipped.values()),
        tuple(wrong),
    )


def _page(link: str) -> str:
    return link.rpartition("/")[2].partition("?")[0]


def _hostile(siege: Siege, good: int) -> list[Row]:
    kinds = f"{len(HOSTILE)} kinds of bad links, {EACH_BAD} of each, on the same server"
    wrong = "; ".join(f"{what} ×{count}" for what, count in Counter(siege.wrong).items())
    return [
        share("hostile server: good photos kept", siege.kept, good, 1.0, kinds),
        at_most("hostile server: done", siege.seconds, 60, "s"),
        share("hostile server: bad ones with their reason", siege.rightly, siege.bad, 1.0, wrong),
        told("hostile server: peak memory", f"{siege.memory:.0f} MB"),
    ]


def giants(site: str) -> tuple[float, int]:
    """Fetch many endless links at once, each from another server; MB more than before."""
    port = site.rpartition(":")[2]
    names = [f"giant-{number}.example" for number in range(GIANTS)]
    table = Names({name: ["127.0.0.1"] for name in names})
    with Downloads[str](rules(look_up=table)) as downloads:
        before = peak_memory()
        for name in names:
            downloads.add(name, f"http://{name}:{port}/ten-gigabytes?chunked")
            downloads.add(f"{name}/", f"http://{name}:{port}/never-ends")
        refused = 0
        while downloads.pending:
            done = downloads.next(60)
            refused += done is not None and not isinstance(done[1], Fetched)
    return peak_memory() - before, refused


def _giants(memory: float, refused: int) -> Row:
    note = f"{refused} of {2 * GIANTS} refused, {GIANTS} at once"
    return at_most("endless links: memory they add", memory, 100, "MB", note)
