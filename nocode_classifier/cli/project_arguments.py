"""What can be typed after `nocode-classifier projects`."""

from __future__ import annotations

import argparse

from nocode_classifier.cli.parsing import Commands, add_command, add_home, add_json

DESCRIPTION = """\
Look after the projects that the app works on: list, create, import, export, duplicate, rename,
delete into the bin and restore from there. Without more, they are listed.

PROJECT is the name of a project, or its id as the list shows it."""

END = """\
examples:
  nocode-classifier projects
  nocode-classifier projects create "Our birds" --class robin --class wren
  nocode-classifier projects create --template bears
  nocode-classifier projects export "Our birds" -o birds.nocode
  nocode-classifier projects import birds.nocode

--json prints {projects: [...]} for list and import, {project: {...}} for the others;
export adds file"""


def add_projects(commands: Commands) -> None:
    """Add the command and all that can follow it."""
    projects = add_command(
        commands, "projects", "list projects, take them to another computer", DESCRIPTION, END
    )
    add_home(projects)
    add_json(projects)
    actions = projects.add_subparsers(dest="action", metavar="ACTION", title="what to do")
    _add_list(actions)
    _add_create(actions)
    _add_import(actions)
    _add_export(actions)
    _add_duplicate(actions)
    _add_rename(actions)
    _add_on_one(actions, "delete", "put a project into the bin; restore brings it back")
    _add_on_one(actions, "restore", "take a project out of the bin")


def _action(actions: Commands, name: str, summary: str) -> argparse.ArgumentParser:
    action = add_command(actions, name, summary, f"{summary[0].upper()}{summary[1:]}.", "")
    add_home(action)
    add_json(action)
    return action


def _add_on_one(actions: Commands, name: str, summary: str) -> argparse.ArgumentParser:
    action = _action(actions, name, summary)
    action.add_argument("project", metavar="PROJECT", help="its name or its id")
    return action


def _add_list(actions: Commands) -> None:
    action = _action(actions, "list", "list all projects, the last changed first")
    action.add_argument("--bin", action="store_true", help="list the deleted ones instead")


def _add_create(actions: Commands) -> None:
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


def _add_import(actions: Commands) -> None:
    action = _action(actions, "import", "take in projects that were exported")
    action.add_argument("files", metavar="FILE", nargs="+", help="a .nocode file")


def _add_export(actions: Commands) -> None:
    action = _add_on_one(
        actions, "export", "write a project into one file, without where and when photos were taken"
    )
    action.add_argument(
        "-o", "--output", metavar="PATH", default=".", help="the file, or a folder to write it into"
    )


def _add_duplicate(actions: Commands) -> None:
    action = _add_on_one(actions, "duplicate", "copy a project")
    action.add_argument("--name", metavar="NAME", help="what the copy is called")


def _add_rename(actions: Commands) -> None:
    action = _add_on_one(actions, "rename", "call a project something else")
    action.add_argument("name", metavar="NAME", help="the new name")
