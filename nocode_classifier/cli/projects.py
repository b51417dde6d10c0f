"""`nocode-classifier projects`: the projects of the app, without the app."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nocode_classifier import paths
from nocode_classifier.cli.console import Console
from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.project.library import Library
from nocode_classifier.project.names import comparing_key
from nocode_classifier.project.records import ProjectInfo


def run(args: argparse.Namespace, console: Console) -> int:
    """Carry out `args.action`."""
    library = Library(paths.home())
    match args.action:
        case "create":
            _create(library, args, console)
        case "import":
            _import(library, args, console)
        case "export":
            _export(library, args, console)
        case "duplicate":
            info = find_project(library.projects(), args.project)
            copy = library.duplicate(info.id, args.name).info()
            _end(console, copy, f"Copied '{info.name}' as '{copy.name}'.")
        case "rename":
            info = find_project(library.projects(), args.project)
            library.rename(info.id, args.name)
            renamed = library.open(info.id).info()
            _end(console, renamed, f"'{info.name}' is now called '{renamed.name}'.")
        case "delete":
            info = find_project(library.projects(), args.project)
            library.bin(info.id)
            _end(console, info, f"'{info.name}' is in the bin; 'restore' brings it back.")
        case "restore":
            info = find_project(library.binned(), args.project, where="in the bin")
            library.restore(info.id)
            _end(console, info, f"'{info.name}' is back.")
        case _:
            _list(library, console, binned=getattr(args, "bin", False))
    return 0


def _list(library: Library, console: Console, *, binned: bool) -> None:
    infos = library.binned() if binned else library.projects()
    empty = "The bin is empty." if binned else "There are no projects yet."
    console.end(_listed(infos), _table(infos) if infos else [empty])


def _create(library: Library, args: argparse.Namespace, console: Console) -> None:
    if args.template:
        if args.classes:
            raise InputError("A template brings its own classes: leave --class out.")
        project = library.create_from_template(args.template)
        if args.name:
            project.rename(args.name)
    elif args.name:
        project = library.create(args.name, args.classes)
    else:
        raise InputError("Give the project a name, or begin with a --template.")
    _end(console, project.info(), f"Created '{project.name}'.")


def _import(library: Library, args: argparse.Namespace, console: Console) -> None:
    infos = []
    for file in args.files:
        project = library.import_file(
            Path(file), report=console.report, should_stop=console.should_stop
        )
        infos.append(project.info())
        console.say(f"Imported '{infos[-1].name}' with {_photos(infos[-1].photos)}.")
    console.end(_listed(infos))


def _export(library: Library, args: argparse.Namespace, console: Console) -> None:
    info = find_project(library.projects(), args.project)
    file = library.export(
        info.id, Path(args.output), report=console.report, should_stop=console.should_stop
    )
    data = {"project": _data(info), "file": str(file.resolve())}
    console.end(data, [f"Exported '{info.name}' to {file}"])


def find_project(infos: Sequence[ProjectInfo], wanted: str, where: str = "here") -> ProjectInfo:
    """The project of this id or name.

    Raises:
        NotFound: there is none.
        InputError: several are called so.
    """
    found = [info for info in infos if info.id == wanted] or [
        info for info in infos if comparing_key(info.name) == comparing_key(wanted)
    ]
    if len(found) > 1:
        ids = ", ".join(info.id for info in found)
        raise InputError(f"Several projects are called '{wanted}'. Give one of their ids: {ids}.")
    if not found:
        raise NotFound(f"There is no project '{wanted}' {where}; 'projects list' shows them.")
    return found[0]


def _end(console: Console, info: ProjectInfo, sentence: str) -> None:
    console.end({"project": _data(info)}, [sentence])


def _listed(infos: Sequence[ProjectInfo]) -> dict[str, Any]:
    return {"projects": [_data(info) for info in infos]}


def _data(info: ProjectInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "name": info.name,
        "classes": list(info.class_names),
        "photos": info.photos,
        "trained": info.has_model,
        "modified": info.modified.isoformat(timespec="seconds"),
        "problem": info.problem,
    }


def _table(infos: Sequence[ProjectInfo]) -> Iterator[str]:
    for info in infos:
        trained = ", trained" if info.has_model else ""
        yield f"{info.id}  {info.name}  ({_photos(info.photos)}{trained})"
        if info.problem:
            yield f"            {info.problem}"
        elif info.class_names:
            yield f"            {', '.join(info.class_names)}"


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count:,} photos"
