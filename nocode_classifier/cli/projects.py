"""`nocode-classifier projects`: the projects of the app, without the app."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from nocode_classifier import paths
from nocode_classifier.cli.console import Console
from nocode_classifier.cli.parsing import add_common, add_home, add_json, add_project
from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.plurals import counted
from nocode_classifier.project.library import Library
from nocode_classifier.project.names import comparing_key
from nocode_classifier.project.records import ProjectInfo

# argparse gives what `add_subparsers` returns no public name.
Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

DESCRIPTION = """\
Look after the projects that the app works on: list, create, import, export, duplicate, rename,
delete into the bin and restore from there. Without more, they are listed.

PROJECT is the name of a project, or its id as the list shows it."""

EPILOG = """\
examples:
  nocode-classifier projects
  nocode-classifier projects create "Our birds" --class robin --class wren
  nocode-classifier projects create --template bears
  nocode-classifier projects export "Our birds" -o birds.nocode
  nocode-classifier projects import birds.nocode

--json prints {projects: [...]} for list and import, {project: {...}} for the others;
export adds file"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    add_home(command)
    add_json(command)
    actions = command.add_subparsers(
        dest="action", metavar="ACTION", title="what to do", parser_class=argparse.ArgumentParser
    )
    _add_list(actions)
    _add_create(actions)
    _add_import(actions)
    _add_export(actions)
    _add_duplicate(actions)
    _add_rename(actions)
    _add_on_one(actions, "delete", "put a project into the bin; restore brings it back")
    _add_on_one(actions, "restore", "take a project out of the bin")


def _action(actions: Actions, name: str, summary: str) -> argparse.ArgumentParser:
    action = actions.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_common(action)
    add_home(action)
    add_json(action)
    return action


def _add_on_one(actions: Actions, name: str, summary: str) -> argparse.ArgumentParser:
    action = _action(actions, name, summary)
    add_project(action)
    return action


def _add_list(actions: Actions) -> None:
    action = _action(actions, "list", "list all projects, the last changed first")
    action.add_argument("--bin", action="store_true", help="list the deleted ones instead")


def _add_create(actions: Actions) -> None:
    action = _action(actions, "create", "make a project")
    action.add_argument("name", metavar="NAME", nargs="?", help="what it is called")
    action.add_argument(
        "--class",
        dest="classes",
        metavar="CLASS",
        action="append",
        default=[],
        help="something to tell apart; give it once for each",
    )
    action.add_argument(
        "--template", metavar="KEY", help="begin with hot-dog, bears or art-text-plant"
    )


def _add_import(actions: Actions) -> None:
    action = _action(actions, "import", "take in projects that were exported")
    action.add_argument("files", metavar="FILE", nargs="+", help="a .nocode file")


def _add_export(actions: Actions) -> None:
    action = _add_on_one(
        actions, "export", "write a project into one file, without where and when photos were taken"
    )
    action.add_argument(
        "-o", "--output", metavar="PATH", default=".", help="the file, or a folder to write it into"
    )


def _add_duplicate(actions: Actions) -> None:
    action = _add_on_one(actions, "duplicate", "copy a project")
    action.add_argument("--name", metavar="NAME", help="what the copy is called")


def _add_rename(actions: Actions) -> None:
    action = _add_on_one(actions, "rename", "call a project something else")
    action.add_argument("name", metavar="NAME", help="the new name")


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
        console.say(f"Imported '{infos[-1].name}' with {counted(infos[-1].photos, 'photo')}.")
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
        yield f"{info.id}  {info.name}  ({counted(info.photos, 'photo')}{trained})"
        if info.problem:
            yield f"            {info.problem}"
        elif info.class_names:
            yield f"            {', '.join(info.class_names)}"
