"""A Space of the fake Hub: its files, its commits, and what becomes of it after each of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

ATTRIBUTES = (
    "*.bin filter=lfs diff=lfs merge=lfs -text\n*.onnx filter=lfs diff=lfs merge=lfs -text\n"
)
LARGE_ENDINGS = (".bin", ".onnx")
LARGEST_REGULAR = 10 * 1024 * 1024
SDKS = ("gradio", "docker", "static")
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
ISOLATION = {
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
}
LICENCES = {"apache-2.0", "mit", "cc0-1.0", "cc-by-4.0", "bsd-3-clause", "other", "unknown"}
FLAVORS = {"cpu-basic", "cpu-upgrade", "zero-a10g", "t4-small", "t4-medium"}
NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9](?:[\w.-]{0,94}[A-Za-z0-9])?", re.ASCII)


class RefusedError(Exception):
    """The Hub says no."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


@dataclass(frozen=True)
class Commit:
    """One commit: its hash, title and what was in the repository afterwards."""

    oid: str
    title: str
    files: Mapping[str, bytes]


@dataclass
class Space:
    """A repository that is run.

    Attributes:
        stages: what the next questions about its runtime are answered, the last one for good.
        plan: the stages that the next commit will go through; None for what usually happens.
        large: paths of files that are in large-file storage.
    """

    owner: str
    name: str
    sdk: str
    visibility: str
    hardware: str = "cpu-basic"
    files: dict[str, bytes] = field(default_factory=dict)
    large: set[str] = field(default_factory=set)
    commits: list[Commit] = field(default_factory=list)
    stages: list[dict[str, Any]] = field(default_factory=list)
    plan: list[str] | None = None
    error: str = ""
    log: tuple[str, ...] = ()
    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def private(self) -> bool:
        return self.visibility == "private"

    def begin(self) -> None:
        """What a new Space holds before anyone has put something into it."""
        title = self.name.replace("-", " ").title()
        readme = f"---\ntitle: {title}\nemoji: 🐠\ncolorFrom: red\ncolorTo: blue\nsdk: {self.sdk}\n"
        self.files = {".gitattributes": ATTRIBUTES.encode(), "README.md": f"{readme}---\n".encode()}
        self._note("initial commit")
        self.stages = [self._stage("NO_APP_FILE")]

    def commit(self, title: str, files: dict[str, bytes], large: set[str]) -> Commit:
        """Take over a new state of all files, and start building it."""
        self.files, self.large = files, large
        before = self.stages[-1]
        made = self._note(title)
        card = front_matter(files.get("README.md", b"").decode())
        self.sdk = str(card.get("sdk", self.sdk))
        # Just after a commit the Hub may still speak of what ran before it.
        self.stages = [before, *map(self._stage, self.plan or self._usual_stages(card))]
        return made

    def next_stage(self) -> dict[str, Any]:
        """The answer to the next question about the runtime."""
        return self.stages.pop(0) if len(self.stages) > 1 else self.stages[0]

    def _note(self, title: str) -> Commit:
        content = b"".join(path.encode() + data for path, data in sorted(self.files.items()))
        oid = hashlib.sha1(f"{len(self.commits)}{title}".encode() + content).hexdigest()
        self.commits.append(Commit(oid, title, dict(self.files)))
        return self.commits[-1]

    def _usual_stages(self, card: Mapping[str, Any]) -> list[str]:
        if not card.get("sdk"):
            self.error = "Missing configuration in README"
            return ["CONFIG_ERROR"]
        usual = "index.html" if self.sdk == "static" else "app.py"
        if self.sdk != "docker" and card.get("app_file", usual) not in self.files:
            return ["NO_APP_FILE"]
        if self.sdk == "static":
            return ["RUNNING"]
        if self.hardware == "zero-a10g" and not self._uses_gpu():
            self.error = "No @spaces.GPU function detected during startup"
            return ["BUILDING", "APP_STARTING", "RUNTIME_ERROR"]
        return ["BUILDING", "APP_STARTING", "RUNNING"]

    def _uses_gpu(self) -> bool:
        return any(
            b"@spaces.GPU" in data for path, data in self.files.items() if path.endswith(".py")
        )

    def _stage(self, stage: str) -> dict[str, Any]:
        hardware = None if self.sdk == "static" else self.hardware
        current = hardware if stage in ("RUNNING", "RUNNING_BUILDING") else None
        answer: dict[str, Any] = {
            "stage": stage,
            "hardware": {"current": current, "requested": hardware},
            "storage": None,
            "gcTimeout": 172800,
            "replicas": {"requested": 1},
            "sha": self.commits[-1].oid,
        }
        if stage.endswith("ERROR"):
            answer["errorMessage"] = self.error or "Something failed"
        return answer


def git_hash(data: bytes) -> str:
    """The name that git gives to a file's content."""
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data).hexdigest()


def is_large(path: str, size: int, sample: bytes) -> bool:
    """Whether a file has to go to large-file storage: by its ending, its size, or as binary."""
    return size > 0 and (
        path.endswith(LARGE_ENDINGS) or size > LARGEST_REGULAR or b"\0" in sample[:512]
    )


def check_path(path: object) -> str:
    """Refuse paths that no repository may hold."""
    parts = path.split("/") if isinstance(path, str) else [""]
    if any(part in ("", ".", "..", ".git") for part in parts) or "\\" in str(path):
        raise RefusedError(400, f"Invalid path: {path!r}")
    return "/".join(parts)


def front_matter(readme: str) -> dict[str, Any]:
    """The YAML block at the top of a README; empty when there is none."""
    block = re.match(r"---\r?\n(.*?\n)---\r?\n", readme, re.DOTALL)
    card = yaml.safe_load(block[1]) if block else {}
    return card if isinstance(card, dict) else {}


def problems_of(readme: str) -> list[str]:
    """What is wrong with the front matter of a Space, after the configuration reference."""
    try:
        card = front_matter(readme)
    except yaml.YAMLError as error:
        return [f"invalid YAML: {error}"]
    if not card:
        return ['"sdk" is required']
    return [*_wrong_words(card), *_wrong_kinds(card)]


def _wrong_words(card: Mapping[str, Any]) -> list[str]:
    choices = (
        ("colorFrom", COLOURS),
        ("colorTo", COLOURS),
        ("sdk", set(SDKS)),
        ("license", LICENCES),
        ("suggested_hardware", FLAVORS),
    )
    wrong = [
        f'"{key}" must be one of {sorted(allowed)}'
        for key, allowed in choices
        if key in card and card[key] not in allowed
    ]
    required = [f'"{key}" is required' for key in ("sdk", "title") if key not in card]
    strange = sorted(set(card.get("custom_headers", {})) - ISOLATION)
    return wrong + required + [f'header "{name}" is not allowed' for name in strange]


def _wrong_kinds(card: Mapping[str, Any]) -> list[str]:
    wrong = []
    if not _is_emoji(card.get("emoji", "🐠")):
        wrong.append('"emoji" fails to match the pattern /\\p{Extended_Pictographic}/u')
    if len(str(card.get("short_description", ""))) > 60:
        wrong.append('"short_description" length must be at most 60 characters long')
    texts = ("title", "short_description", "app_file", "sdk_version", "python_version")
    wrong += [
        f'"{key}" must be a string' for key in texts if not isinstance(card.get(key, ""), str)
    ]
    tags = card.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        wrong.append('"tags" must be a list of strings')
    if card.get("sdk") == "gradio" and not re.fullmatch(
        r"\d+\.\d+\.\d+", str(card.get("sdk_version", "1.0.0"))
    ):
        wrong.append('"sdk_version" is not a version of gradio')
    return wrong


def _is_emoji(text: object) -> bool:
    return isinstance(text, str) and len(text) > 0 and unicodedata.category(text[0]) in ("So", "Sk")
