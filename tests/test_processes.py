"""Child processes are started, heard and ended, whatever they do."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier import processes
from nocode_classifier.errors import Cancelled
from nocode_classifier.processes import (
    NO_WORDS,
    ChildProcess,
    ProcessFailed,
    TookTooLong,
    output_of,
)
from tests.sockets import SECONDS, accepted, rest

HANG = "import threading; threading.Event().wait()\n"


def start(code: str, *arguments: str, **options: Any) -> ChildProcess:
    return ChildProcess([sys.executable, "-X", "utf8", "-c", code, *arguments], **options)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """What programs connect to that are to be seen ending."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def connect(listener: socket.socket) -> str:
    """Code that connects to the listener."""
    return f"import socket; connected = socket.create_connection({listener.getsockname()})\n"


def test_what_it_writes_is_heard_however_much_it_is() -> None:
    code = (
        "import sys\n"
        "for number in range(20_000): print('ä', number); print(number, file=sys.stderr)"
    )
    with start(code) as process:
        lines = process.output().splitlines()
        assert (lines[0], lines[-1], len(lines)) == ("ä 0", "ä 19999", 20_000)
        assert (process.status, process.last_words()) == (0, "19999")


def test_what_it_tells_comes_at_once_and_it_is_told_something() -> None:
    code = (
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    print('a remark of a library', '5', json.dumps({'heard': line}), sep='\\n')\n"
        "    sys.stdout.flush()"
    )
    with start(code) as process:
        events = process.events()
        for word in ("ä\n", "token\n"):
            process.send(word)
            assert next(events) == {"heard": word}


def test_a_line_that_breaks_off_is_no_event() -> None:
    with start("""print('{"whole": 1}', '{"brok', sep='\\n', end='')""") as process:
        assert list(process.events()) == [{"whole": 1}]


def test_what_ended_hears_nothing() -> None:
    with start("") as process:
        assert process.output() == ""
        process.send("secret" * 100_000)


def test_its_environment_is_this_one_with_other_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEPT", "CHANGED", "TAKEN_AWAY"):
        monkeypatch.setenv(name, "before")
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    with start(code, settings={"CHANGED": "after", "TAKEN_AWAY": None}) as process:
        told = json.loads(process.output())
    assert (told["KEPT"], told["CHANGED"], "TAKEN_AWAY" in told) == ("before", "after", False)


def test_a_module_is_looked_for_where_this_process_does_and_not_where_one_happens_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("here", "elsewhere"):
        (tmp_path / place).mkdir()
        code = f"import sys; print({place!r}, *sys.argv[1:])"
        (tmp_path / place / "module_of_a_test.py").write_text(code)
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "here"), *filter(None, sys.path)])
    assert output_of("module_of_a_test", ["ä"]) == "here ä\n"


def test_it_works_in_a_folder(tmp_path: Path) -> None:
    with start("import os; print(os.getcwd())", folder=tmp_path) as process:
        assert Path(process.output().strip()).samefile(tmp_path)


def test_what_can_not_be_started_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ChildProcess([str(tmp_path / "nothing")])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise SystemExit('There is no model. ')", "There is no model."),
        ("import sys; print('a', 'ValueError: b', '', file=sys.stderr, sep='\\n'); 1 / 0", "Zero"),
        ("import os; os._exit(3)", NO_WORDS),
    ],
)
def test_what_fails_is_told_in_its_last_words(code: str, words: str) -> None:
    with start(code) as process:
        with pytest.raises(ProcessFailed, match=words):
            process.output()
        assert process.status


def test_what_takes_too_long_is_given_up() -> None:
    with start(HANG) as process, pytest.raises(TookTooLong, match="longer than 0 seconds"):
        process.output(seconds=0.0)
    assert process.status


def test_stop_ends_it_with_all_that_it_started(listener: socket.socket, connect: str) -> None:
    starting = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]])\n"
    with start(starting + connect + HANG, connect + HANG) as process:
        connections = [accepted(listener), accepted(listener)]
        with pytest.raises(Cancelled):
            process.output(should_stop=lambda: True)
    for connection in connections:
        with connection:
            assert rest(connection) == b""
    process.end()


GOODBYE = "import sys, signal\ndef end(*_): connected.sendall(b'goodbye'); sys.exit()\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to hear")
@pytest.mark.parametrize(("heard", "said"), [("end", b"goodbye"), ("signal.SIG_IGN", b"")])
def test_what_gets_time_may_put_things_away(
    listener: socket.socket, connect: str, heard: str, said: bytes
) -> None:
    code = connect + GOODBYE + f"signal.signal(signal.SIGTERM, {heard})\nprint(flush=True)\n" + HANG
    with start(code, patience=SECONDS if said else 0.1) as process:
        connection = accepted(listener)
        assert next(filter(None, process.lines()))
    with connection:
        assert rest(connection) == said


def test_on_windows_it_is_asked_by_the_end_of_its_standard_input(
    listener: socket.socket, connect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start(connect + GOODBYE + "sys.stdin.read(); end()", patience=SECONDS):
        connection = accepted(listener)
        monkeypatch.setattr(sys, "platform", "win32")
    with connection:
        assert rest(connection) == b"goodbye"


def test_what_it_started_does_not_keep_its_output_open(
    listener: socket.socket, connect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.1)
    starting = (
        "import subprocess, sys; print('started', flush=True)\n"
        "subprocess.Popen([sys.executable, '-c', sys.argv[1]], start_new_session=True)"
    )
    with start(starting, connect + "connected.recv(1)") as process, accepted(listener):
        assert process.output() == "started\n"


def test_it_ends_with_whoever_started_it(listener: socket.socket, connect: str) -> None:
    starting = (
        "import sys; from nocode_classifier.processes import ChildProcess\n"
        "process = ChildProcess([sys.executable, '-c', sys.argv[1]])\n" + HANG
    )
    own = "from nocode_classifier.processes import end_with_parent; end_with_parent()\n"
    with start(starting, connect + own + HANG):
        connection = accepted(listener)
    with connection:
        assert rest(connection) == b""
