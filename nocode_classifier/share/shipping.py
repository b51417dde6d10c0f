"""The part of this app that a server or a Space needs: what `serve` imports, and no more."""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nocode_classifier

PACKAGE = "nocode_classifier"
ENTRY = f"{PACKAGE}.serve.run"
SITE = "serve"
"""The room whose other files (pages, scripts, styles) go along."""

_ROOT = Path(nocode_classifier.__file__).parent.parent

PACKAGES = {
    "PIL": "pillow",
    "fastapi": "fastapi",
    "gradio": "gradio",
    "httpcore": "httpcore",
    "httpx": "httpx",
    "jinja2": "jinja2",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "pydantic": "pydantic",
    "starlette": "starlette",
    "uvicorn": "uvicorn",
}
"""What has to be installed, by the module that is imported."""

NOT_NEEDED = frozenset({"brotli", "imagehash", "pillow_heif"})
"""Imported only where they are there, or by what a server never does. The HEIC reader alone would
be a tenth of the installation; Gradio brings Brotli along."""


@dataclass(frozen=True, slots=True)
class Closure:
    """What a module imports, directly or not, early or late.

    Attributes:
        modules: files of this app by module name; packages by their `__init__.py`.
        others: top-level modules of other projects.
    """

    modules: dict[str, Path]
    others: frozenset[str]


def closure_of(entry: str) -> Closure:
    """Everything that a module of this app could import."""
    modules: dict[str, Path] = {}
    others: set[str] = set()
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        file = _file_of(name)
        if file is None or name in modules:
            continue
        modules[name] = file
        if "." in name:
            waiting.append(name.rpartition(".")[0])
        for imported in _imports(ast.parse(file.read_text(encoding="utf-8"))):
            top = imported.partition(".")[0]
            if top == PACKAGE:
                waiting.append(imported)
            elif top not in sys.stdlib_module_names:
                others.add(top)
    return Closure(modules, frozenset(others))


def ship(folder: Path) -> None:
    """Copy what `serve` needs into `folder`, as a package of the same name."""
    for file in closure_of(ENTRY).modules.values():
        _copy(file, folder)
    for file in (_ROOT / PACKAGE / SITE).rglob("*"):
        if file.is_file() and not file.suffix.startswith(".py"):
            _copy(file, folder)


def _copy(file: Path, folder: Path) -> None:
    target = folder / file.relative_to(_ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def _file_of(module: str) -> Path | None:
    """The file of a module of this app; None for a name that is no module."""
    path = _ROOT.joinpath(*module.split("."))
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((each for each in candidates if each.is_file()), None)


def _imports(node: ast.AST) -> Iterator[str]:
    """Every module a file could import; those only for the type checker are left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module is not None:
            yield child.module
            # `from package import module`; a name that is no module is passed over later.
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        else:
            yield from _imports(child)
