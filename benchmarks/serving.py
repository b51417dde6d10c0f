"""The predict-only app under load, on this computer: start, one client, 32 clients, memory."""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.machine import MEGABYTE, alone, start_app
from benchmarks.photos import in_folder, make_views
from benchmarks.rows import Row, Section, at_most, told
from benchmarks.setting import Setting
from nocode_classifier.learn.from_folder import train_folder

CLIENTS = 32
LEAST_A_SECOND = 80.0
WARM_UP = 15.0
LONGEST = 90.0
HOST = "127.0.0.1"
BOUNDARY = b"benchmark"


def measure(setting: Setting) -> Section:
    """All of it, with one model and the same photos."""
    model = alone(train, setting.photos / "hotdog" / "train", setting.work / "model", setting.cache)
    photos = [
        path.read_bytes()
        for path in make_views(
            in_folder(setting.photos / "hotdog" / "test"), setting.work / "views", 150
        )
    ]
    rows = [_measure_start(setting, model, photos)]
    with serving(setting, model) as server:
        rows += _measure_one(server, photos, 150 if setting.quick else 1000)
        rows += _measure_many(server, photos, 10.0 if setting.quick else 60.0)
    return Section(tuple(rows))


def train(folder: Path, target: Path, cache: Path) -> Path:
    return train_folder(folder, target, cache).trained.folder


# A server


@dataclass(frozen=True)
class Server:
    """A served model: where, and in which process."""

    port: int
    process: subprocess.Popen[str]

    @property
    def memory(self) -> float:
        """What it holds now, MB."""
        line = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
        return int(subprocess.run(line, capture_output=True, check=True).stdout) * 1024 / MEGABYTE

    @property
    def peak(self) -> float:
        """The most it has held so far, MB; 0 where the system does not say."""
        status = Path(f"/proc/{self.process.pid}/status")
        lines = status.read_text().splitlines() if status.is_file() else []
        held = [line.split()[1] for line in lines if line.startswith("VmHWM")]
        return int(held[0]) * 1024 / MEGABYTE if held else 0.0

    @property
    def processor(self) -> float:
        """Seconds of processor it has used, 0 where the system does not say."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.is_file():
            return 0.0
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100


@contextmanager
def serving(setting: Setting, model: Path) -> Iterator[Server]:
    """Serve a model until the block ends; Gradio has been loaded when it begins."""
    process = start_app(["serve", str(model), "--port", "0"], setting.environment)
    try:
        server = Server(_port(process), process)
        _ask(server.port, b"GET /config HTTP/1.1\r\nHost: localhost\r\n\r\n")
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=LONGEST)


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    line = process.stdout.readline()
    return int(line.split("http://", 1)[1].split()[0].rsplit(":", 1)[1])


def _ask(port: int, request: bytes) -> None:
    async def once() -> None:
        connection = await Connection.open(port)
        await connection.ask(request)
        connection.close()

    asyncio.run(asyncio.wait_for(once(), LONGEST))


# Start


def _measure_start(setting: Setting, model: Path, photos: Sequence[bytes]) -> Row:
    seconds = []
    for _ in range(setting.times(3)):
        began = time.perf_counter()
        process = start_app(["serve", str(model), "--port", "0"], setting.environment)
        try:
            _ask(_port(process), _request(photos[0]))
            seconds.append(time.perf_counter() - began)
        finally:
            process.terminate()
            process.communicate(timeout=LONGEST)
    note = f"median of {len(seconds)}, the slowest {max(seconds):.1f} s"
    return at_most("`serve`, from start to the first answer", median(seconds), 4, "s", note)


# One client


def _measure_one(server: Server, photos: Sequence[bytes], count: int) -> list[Row]:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=LONGEST)
    took = []
    for turn in range(count + 50):
        body = form_of(photos[turn % len(photos)])
        began = time.perf_counter()
        connection.request("POST", "/image", body, {"Content-Type": KIND})
        answer = connection.getresponse()
        assert len(json.load(answer)["predictions"]) == 2
        took.append(1000 * (time.perf_counter() - began))
    connection.close()
    took = sorted(took[50:])
    what = "`POST /image`, 640×480 JPEG, one client"
    note = f"{count} answers, {len(photos)} different photos"
    return [
        at_most(f"{what}, median", median(took), 20, "ms", note),
        at_most(f"{what}, 99 % are quicker than", took[int(0.99 * len(took))], 60, "ms"),
    ]


# Many clients


@dataclass
class Load:
    """What many clients saw."""

    answers: int = 0
    errors: int = 0
    took: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    processor: float = 0.0


def _measure_many(server: Server, photos: Sequence[bytes], seconds: float) -> list[Row]:
    asyncio.run(_load(server, photos, min(WARM_UP, seconds)))
    before = server.memory
    load = asyncio.run(_load(server, photos, seconds))
    a_second = load.answers / seconds
    growth = max(load.memory) / before - 1
    what = f"{CLIENTS} clients for {seconds:.0f} s"
    each = 1000 * load.processor / max(load.answers, 1)
    note = f"median {median(load.took):.0f} ms; {each:.1f} ms of processor an answer"
    return [
        Row(
            f"{what}, answers a second",
            f"≥ {LEAST_A_SECOND:g}",
            f"{a_second:.1f}",
            a_second >= LEAST_A_SECOND,
            note,
        ),
        Row(f"{what}, errors", "none", f"{load.errors} of {load.answers}", load.errors == 0),
        at_most(f"{what}, growth of memory after warm-up", 100 * growth, 5, "%"),
        at_most("`serve`, memory, Gradio loaded and after the load", server.memory, 350, "MB"),
        told("`serve`, most memory under load", f"{max(load.memory):.0f} MB"),
    ]


async def _load(server: Server, photos: Sequence[bytes], seconds: float) -> Load:
    load = Load()
    until = time.perf_counter() + seconds
    began = server.processor
    requests = [_request(photo) for photo in photos]
    clients = [_client(server.port, requests[index::3], until, load) for index in range(CLIENTS)]
    await asyncio.gather(*clients, _watch(server, until, load))
    load.processor = server.processor - began
    return load


async def _client(port: int, requests: Sequence[bytes], until: float, load: Load) -> None:
    connection = await Connection.open(port)
    turn = 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        status = await connection.ask(requests[turn % len(requests)])
        turn += 1
        load.took.append(1000 * (time.perf_counter() - began))
        load.answers += status == 200
        load.errors += status != 200
    connection.close()


async def _watch(server: Server, until: float, load: Load) -> None:
    while time.perf_counter() < until:
        load.memory.append(await asyncio.to_thread(lambda: server.memory))
        await asyncio.sleep(2)


@dataclass(frozen=True)
class Connection:
    """As little of a client as possible: it shares the processor with the server it measures."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> Connection:
        """Connect."""
        return cls(*await asyncio.open_connection(HOST, port))

    async def ask(self, request: bytes) -> int:
        """Send a request, read all of the answer, and say its status."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        await self.reader.readexactly(length)
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


KIND = f"multipart/form-data; boundary={BOUNDARY.decode()}"


def form_of(photo: bytes) -> bytes:
    head = b'Content-Disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n'
    return b"--" + BOUNDARY + b"\r\n" + head + photo + b"\r\n--" + BOUNDARY + b"--\r\n"


def _request(photo: bytes) -> bytes:
    body = form_of(photo)
    head = f"POST /image HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {KIND}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
