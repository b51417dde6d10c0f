"""The list of projects as HTML; what its buttons do is in `ui/steps/projects/step.py`."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from nocode_classifier.project.records import ProjectInfo
from nocode_classifier.project.templates import TEMPLATES, Template
from nocode_classifier.ui.kit.addresses import thumbnail_address
from nocode_classifier.ui.kit.chip import chip
from nocode_classifier.ui.kit.drawings import drawing

CHIPS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ProjectsPage:
    """All there is to see on the page.

    Attributes:
        just_binned: the project that was deleted a moment ago.
        bin_open: whether the projects in the bin are shown.
    """

    projects: tuple[ProjectInfo, ...]
    binned: tuple[ProjectInfo, ...]
    just_binned: ProjectInfo | None = None
    bin_open: bool = False


def projects_html(page: ProjectsPage) -> str:
    """The whole page: an invitation when there is nothing yet, else the projects first."""
    undo = _undo(page.just_binned) if page.just_binned else ""
    if page.projects:
        cards = "".join(_card(info) for info in page.projects)
        body = (
            '<h1 class="page-title">Your projects</h1>'
            f'<div class="cards">{_new_card()}{cards}</div>'
            '<h2 class="section-title">Or begin with a ready-made one</h2>'
            f'<div class="cards templates">{_templates(TEMPLATES)}</div>'
        )
    else:
        picture = drawing("welcome")
        body = (
            f'<div class="welcome">{picture}<h1>Teach your computer to tell things apart</h1>'
            "<p>Name what you want it to recognise, show it some photos, press one button. "
            "Everything stays on this computer.</p></div>"
            f'<div class="cards templates">{_new_card()}{_templates(TEMPLATES)}</div>'
        )
    return f'{undo}<section class="projects">{body}{_bin(page)}</section>'


def _new_card() -> str:
    return (
        '<form class="card new-card" data-action="create"><span class="new-plus" '
        'aria-hidden="true">+</span><h3>Start from scratch</h3>'
        '<input type="text" name="name" maxlength="255" autocomplete="off" '
        'placeholder="Name it, if you like" aria-label="Name of the new project">'
        '<button type="submit" class="main-button">Create project</button></form>'
    )


def _templates(templates: Iterable[Template]) -> str:
    return "".join(
        f'<button class="card template" data-action="template" data-template="{each.key}">'
        f'<span class="template-picture" aria-hidden="true">{drawing(each.key)}</span>'
        f"<h3>{html.escape(each.name)}</h3><p>{html.escape(each.description)}</p>"
        f'<span class="chips">{_chips(zip(each.class_names, count()))}</span></button>'
        for each in templates
    )


def _card(info: ProjectInfo) -> str:
    name = html.escape(info.name)
    if info.problem:
        inside = f'<h3>{name}</h3><p class="problem">{html.escape(info.problem)}</p>'
        return f'<article class="card project" aria-label="{name}">{inside}{_menu(info)}</article>'
    chips = _chips((label.name, label.colour) for label in info.classes)
    return (
        f'<article class="card project" aria-label="{name}">'
        f'<button class="card-open" data-action="open" data-project="{info.id}" '
        f'aria-label="Open {name}">{_cover(info)}<h3>{name}</h3></button>'
        f'<div class="chips">{chips}</div>'
        f'<p class="card-facts">{_facts(info)}</p>{_menu(info)}</article>'
    )


def _cover(info: ProjectInfo) -> str:
    if not info.cover:
        camera = drawing("no-photos")
        return f'<span class="cover empty">{camera}</span>'
    pictures = "".join(
        f'<img src="{thumbnail_address(info.id, sha256)}" alt="" loading="lazy">'
        for sha256 in info.cover[:4]
    )
    return f'<span class="cover cover-{min(4, len(info.cover))}">{pictures}</span>'


def _chips(classes: Iterable[tuple[str, int]]) -> str:
    chips = [chip(name, colour) for name, colour in classes]
    shown, more = "".join(chips[:CHIPS_SHOWN]), len(chips) - CHIPS_SHOWN
    return shown + (f'<span class="chip more">+{more}</span>' if more > 0 else "")


def _facts(info: ProjectInfo) -> str:
    photos = {0: "No photos yet", 1: "1 photo"}.get(info.photos, f"{info.photos:,} photos")
    trained = '<span class="trained">Trained</span>' if info.has_model else "Not trained yet"
    return f"<span>{photos}</span><span>{trained}</span>"


def _menu(info: ProjectInfo) -> str:
    name, key = html.escape(info.name), f'data-project="{info.id}"'
    rename = (
        f'<form data-action="rename" {key}><input type="text" value="{name}" maxlength="255" '
        f'autocomplete="off" aria-label="New name for {name}">'
        '<button type="submit">Rename</button></form>'
    )
    usable = (
        f'{rename}<button data-action="duplicate" {key}>Duplicate</button>'
        f'<a href="/export/{info.id}" download>Export as one file</a>'
    )
    return (
        f'<details class="menu" data-menu="{info.id}">'
        f'<summary aria-label="More about {name}">⋯</summary>'
        f'<div class="menu-items">{"" if info.problem else usable}'
        f'<button class="danger" data-action="delete" {key}>Delete</button></div></details>'
    )


def _undo(info: ProjectInfo) -> str:
    return (
        '<div class="undo-bar" role="status"><span>'
        f"“{html.escape(info.name)}” is in the bin.</span>"
        f'<button class="quiet-button" data-action="restore" data-project="{info.id}">Undo'
        "</button></div>"
    )


def _bin(page: ProjectsPage) -> str:
    if not page.binned:
        return ""
    count = len(page.binned)
    expanded = "true" if page.bin_open else "false"
    toggle = (
        f'<button class="quiet-button" data-action="bin" aria-expanded="{expanded}">'
        f"Bin ({count})</button>"
    )
    if not page.bin_open:
        return f'<div class="bin">{toggle}</div>'
    rows = "".join(_binned(info) for info in page.binned)
    what = "this project" if count == 1 else f"these {count} projects"
    empty = (
        '<details class="menu empty-bin" data-menu="bin">'
        '<summary class="quiet-button">Empty the bin</summary>'
        '<div class="menu-items"><button class="danger" data-action="empty-bin">'
        f"Delete {what} for good</button></div></details>"
    )
    return f'<div class="bin open"><div class="bin-head">{toggle}{empty}</div><ul>{rows}</ul></div>'


def _binned(info: ProjectInfo) -> str:
    name = html.escape(info.name)
    photos = "1 photo" if info.photos == 1 else f"{info.photos:,} photos"
    about = html.escape(info.problem or photos)
    return (
        f'<li><span class="bin-name">{name}</span><span class="quiet">{about}</span>'
        f'<button class="quiet-button" data-action="restore" data-project="{info.id}" '
        f'aria-label="Restore {name}">Restore</button></li>'
    )
