"""Holds the import edges: which room may use which, and that nothing heavy comes in early."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "nocode_classifier"

GROUND = {
    *("errors", "disk_errors", "paths", "placing", "file_locks", "progress", "jobs", "colours"),
    *("curves", "memory", "processes", "listening", "own_pages", "web_server", "plurals"),
    "gradio_private",
    PACKAGE,
}
"""What every room but `predict` may use; the package itself holds the version and one way in."""

MAY_USE: dict[str, set[str]] = {
    "predict": set(),
    "errors": set(),
    "disk_errors": {"errors"},
    "paths": set(),
    "placing": {"errors", "file_locks"},
    "file_locks": set(),
    "curves": set(),
    "progress": {"errors", "curves"},
    "jobs": {"errors", "disk_errors", "progress"},
    "colours": set(),
    "plurals": set(),
    "memory": set(),
    "processes": {"progress"},
    "listening": {"errors"},
    "own_pages": {"errors", "listening"},
    "web_server": set(),
    "gradio_private": set(),
    PACKAGE: {"placing", "predict"},
}
MAY_USE["project"] = GROUND | {"predict"}
MAY_USE["collect"] = MAY_USE["project"] | {"project"}
MAY_USE["learn"] = MAY_USE["collect"] | {"collect"}
MAY_USE["check"] = MAY_USE["learn"] | {"learn"}
MAY_USE["share"] = MAY_USE["check"] | {"check"}
MAY_USE["serve"] = GROUND - {"paths", "jobs", "curves"} | {"predict", "collect"}
MAY_USE["ui"] = MAY_USE["share"] | {"share"}
MAY_USE["main"] = MAY_USE["ui"] | {"ui", "serve"}
MAY_USE["cli"] = MAY_USE["main"] | {"main"}
MAY_USE["__main__"] = {"cli"}

ONLY_IN = {
    "torch": {"learn"},
    "torchvision": {"learn"},
    "timm": {"learn"},
    "fastai": {"learn"},
    "gradio": {"ui", "serve", "gradio_private"},
    "huggingface_hub": {"share", "learn"},
    "httpx2": {"share", "learn"},
    "subprocess": {"processes"},
}

LATE = {"torch", "torchvision", "timm", "fastai", "sklearn", "scipy", "imagehash", "pillow_heif"}
"""Never imported with a module, only inside a function that needs it."""

TORCH_ROOM = f"{PACKAGE}.learn.torch_side"
"""Runs only in processes of its own, so torch and its like come in with its files."""

PREDICT_NEEDS = {"PIL", "numpy", "onnxruntime", "pillow_heif"}


@dataclass(frozen=True)
class Import:
    """One module that a file imports.

    Attributes:
        early: it comes in with the file, not on first use.
    """

    file: Path
    line: int
    module: str
    early: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} imports {self.module}"


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else PACKAGE


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file: Path) -> Iterator[Import]:
    """Every import in a file; those only for the type checker are left out."""
    yield from _walk(ast.parse(file.read_text(encoding="utf-8")), file, early=True)


def _walk(node: ast.AST, file: Path, *, early: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(file, child.lineno, alias.name, early)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{file}:{child.lineno} imports relatively"
            for name in _named(child):
                yield Import(file, child.lineno, name, early)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _walk(child, file, early=early and not inside)


def _named(node: ast.ImportFrom) -> list[str]:
    """`from nocode_classifier import paths` means the module `nocode_classifier.paths`."""
    module = node.module or ""
    if module != PACKAGE:
        return [module]
    modules = [alias.name for alias in node.names if not alias.name.startswith("__")]
    return [f"{PACKAGE}.{name}" for name in modules] or [module]


ALL = [each for file in sorted((ROOT / PACKAGE).rglob("*.py")) for each in imports_of(file)]
OURS = [each for each in ALL if each.top == PACKAGE]


def test_imports_go_one_way() -> None:
    wrong = [
        str(each)
        for each in OURS
        if (room := room_of(module_of(each.file))) != room_of(each.module)
        and room_of(each.module) not in MAY_USE[room]
    ]
    assert not wrong, "\n".join(wrong)


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {room_of(module_of(file)) for file in (ROOT / PACKAGE).rglob("*.py")}
    assert rooms <= set(MAY_USE)


@pytest.mark.parametrize(("library", "rooms"), ONLY_IN.items())
def test_a_library_stays_in_its_rooms(library: str, rooms: set[str]) -> None:
    wrong = [
        str(each)
        for each in ALL
        if each.top == library and room_of(module_of(each.file)) not in rooms
    ]
    assert not wrong, "\n".join(wrong)


def test_heavy_libraries_are_imported_on_first_use() -> None:
    wrong = [
        str(each)
        for each in ALL
        if each.early and each.top in LATE and not module_of(each.file).startswith(TORCH_ROOM)
    ]
    assert not wrong, "\n".join(wrong)


def test_what_needs_torch_is_started_and_never_imported() -> None:
    users = {str(each) for each in OURS if each.module.startswith(TORCH_ROOM)}
    assert not [user for user in users if "learn/torch_side/" not in user]


def test_predict_needs_three_libraries_and_nothing_of_ours() -> None:
    others = {
        each.top
        for each in ALL
        if room_of(module_of(each.file)) == "predict"
        and room_of(each.module) != "predict"
        and each.top not in sys.stdlib_module_names
    }
    assert others <= PREDICT_NEEDS


TALKERS = (f"{PACKAGE}.share.hub.child", f"{PACKAGE}.learn.backbones.fetching")
"""Run in processes of their own, and alone talk to the Hub."""


def test_only_the_processes_that_talk_to_the_hub_import_its_library() -> None:
    talkers = {module_of(each.file) for each in ALL if each.top in ("huggingface_hub", "httpx2")}
    assert talkers
    assert all(module.startswith(TALKERS) for module in talkers)
    users = {str(each) for each in OURS if each.module.startswith(TALKERS)}
    assert not [user for user in users if "share/hub/child/" not in user]


IN_UI = (
    *("server", "app", "routes", "steps", "shell"),
    *("photo_pages", "photo_views", "worth_a_look", "kit"),
)
"""The rooms of `ui` from the top down, each using those after it; what lies beside is for all."""


def ui_room_of(module: str) -> str:
    """The room of `ui` that a module is in; each step is one of its own; "" for what is for all."""
    parts = module.removeprefix(f"{PACKAGE}.ui.").split(".")
    if parts[0] == "steps":
        return ".".join(parts[:2])
    return parts[0] if parts[0] in IN_UI else ""


SCRIPT_IMPORT = re.compile(r'\bfrom "(?P<path>[^"]+)";$', re.MULTILINE)


def script_imports_of(file: Path) -> Iterator[Import]:
    """Every import in a script; it names a file beside it, or from there."""
    text = file.read_text(encoding="utf-8")
    for found in SCRIPT_IMPORT.finditer(text):
        used = (file.parent / found["path"]).resolve()
        assert found["path"].startswith("."), f"{file}: {found['path']}"
        assert used.is_file(), f"{file} imports {found['path']}, which isn't there"
        yield Import(file, text.count("\n", 0, found.start()) + 1, module_of(used), early=True)


SCRIPTS = sorted((ROOT / PACKAGE / "ui").rglob("*.js"))


def test_every_import_of_a_script_leads_to_one_that_is_there() -> None:
    assert len([each for file in SCRIPTS for each in script_imports_of(file)]) > len(SCRIPTS)


def test_a_step_of_the_wizard_uses_its_own_folder_and_what_is_below_the_steps() -> None:
    wrong = []
    for each in (*OURS, *(each for file in SCRIPTS for each in script_imports_of(file))):
        if {room_of(module_of(each.file)), room_of(each.module)} != {"ui"}:
            continue
        user, used = ui_room_of(module_of(each.file)), ui_room_of(each.module)
        order = [
            IN_UI.index(room.partition(".")[0]) if room else len(IN_UI) for room in (user, used)
        ]
        if user != used and order[0] >= order[1]:
            wrong.append(str(each))
    assert not wrong, "\n".join(wrong)


HEAVY = sorted(LATE | {"gradio", "onnx", "onnxruntime", "numpy", "PIL", "fastapi", "httpx"})
LOADED = "import sys, {module}; print(*(name for name in {heavy} if name in sys.modules))"


@pytest.mark.parametrize("module", ["cli", "cli.run", "__main__"])
def test_the_command_line_begins_without_any_library(module: str) -> None:
    assert loaded_by(f"{PACKAGE}.{module}") == []


def test_a_command_is_imported_when_it_is_typed_and_no_other() -> None:
    program = (
        f"import sys; from {PACKAGE}.cli.arguments import COMMANDS, build_parser;"
        "parser = build_parser(); parser.format_help(); parser.parse_args(sys.argv[1:]);"
        f"print(*(name for name in COMMANDS if '{PACKAGE}.cli.' + name in sys.modules))"
    )
    assert [printed_by(program, *typed) for typed in ((), ("takedown",))] == [[], ["takedown"]]


def test_the_app_begins_without_what_it_only_trains_and_answers_with() -> None:
    assert set(loaded_by(f"{PACKAGE}.main")) <= {"numpy", "PIL"}


def test_the_page_is_built_without_what_trains() -> None:
    found = set(loaded_by(f"{PACKAGE}.ui.app"))
    assert found.isdisjoint({"torch", "torchvision", "timm", "fastai", "sklearn"})


def loaded_by(module: str) -> list[str]:
    return printed_by(LOADED.format(module=module, heavy=HEAVY))


def printed_by(program: str, *typed: str) -> list[str]:
    command = [sys.executable, "-c", program, *typed]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.split()
