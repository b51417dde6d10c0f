"""What the packages that an export asks for bring along: what a fresh environment would hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version

from packaging.requirements import Requirement

from nocode_classifier.errors import NotReady


@dataclass(frozen=True, slots=True)
class Installed:
    """Packages and all they need.

    Attributes:
        distributions: their names, normalised.
        modules: top-level modules that they bring.
    """

    distributions: frozenset[str]
    modules: frozenset[str]


def installed_with(requirements: Iterable[str]) -> Installed:
    """Everything that installing these would install, as far as it is installed here.

    Args:
        requirements: as in a `requirements.txt`.

    Raises:
        NotReady: one of them is not installed here.
    """
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(line) for line in requirements]
    while waiting:
        wanted = waiting.pop()
        name = normalised(wanted.name)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        package = found[name] = found.get(name) or _package(wanted.name)
        for line in package.requires or ():
            needed = Requirement(line)
            if _applies(needed, wanted.extras):
                waiting.append(needed)
    modules = {top for package in found.values() for top in _modules(package)}
    return Installed(frozenset(found), frozenset(modules))


def pinned(names: Iterable[str]) -> list[str]:
    """Requirements for the versions that are installed here, one a line: those that were proven.

    Raises:
        NotReady: one of them is not installed here.
    """
    try:
        return [f"{name}=={version(name)}" for name in names]
    except PackageNotFoundError as error:
        raise _missing(str(error.name)) from error


def normalised(name: str) -> str:
    """The one form of a package's name (PyPA, "Names and normalization")."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _package(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError as error:
        raise _missing(name) from error


def _missing(name: str) -> NotReady:
    return NotReady(f"The package {name} is missing; install the app again.")


def _applies(needed: Requirement, extras: set[str]) -> bool:
    if needed.marker is None:
        return True
    return any(needed.marker.evaluate({"extra": extra}) for extra in extras or {""})


def _modules(package: Distribution) -> set[str]:
    tops = {file.parts[0].partition(".")[0] for file in package.files or ()}
    # Compiled packages may bring a module whose name is a number and `__mypyc`.
    return {top for top in tops if re.fullmatch(r"\w+", top)}
