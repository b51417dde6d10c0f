"""Begins a clean Python process: only the packages that an export asks for can be imported.

Run by `clean_process.py` as a file, so it must need nothing but Python. Its one argument is JSON:

    path            where to look for modules
    folder          modules lying there may be imported too
    modules         top-level modules that may be imported
    distributions   installed packages that may be seen
    run             ["file", PATH, ...arguments] or ["module", NAME, ...arguments]
"""

from __future__ import annotations

import json
import os
import re
import runpy
import sys
import threading
from collections.abc import Iterable, Sequence
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec, PathFinder
from importlib.metadata import Distribution, DistributionFinder
from types import ModuleType


class OnlyThese(PathFinder):
    """Finds modules as usual, but is blind to packages that were not asked for."""

    modules: frozenset[str] = frozenset()
    distributions: frozenset[str] = frozenset()
    folder = ""

    @classmethod
    def find_spec(
        cls,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """As `PathFinder`; None for what a fresh environment would not have."""
        top = fullname.partition(".")[0]
        if path is not None or top in cls.modules or _comes_with_python(top):
            return super().find_spec(fullname, path, target)
        return super().find_spec(fullname, [cls.folder], target)

    @classmethod
    def find_distributions(  # type: ignore[override]  # as its base, which types forget
        cls, context: DistributionFinder.Context | None = None
    ) -> Iterable[Distribution]:
        """As `PathFinder`, without the packages that were not asked for."""
        for found in super().find_distributions(context or DistributionFinder.Context()):
            if re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower() in cls.distributions:
                yield found


def _comes_with_python(module: str) -> bool:
    return module in sys.stdlib_module_names or module.startswith("_sysconfigdata")


def _end_with_whoever_started() -> None:
    # Not through sys.stdin: Python could not close that at the end while this waits for it.
    while os.read(0, 1024):
        pass
    os._exit(1)


def main() -> None:
    """Shut out what was not asked for, then run what was."""
    asked = json.loads(sys.argv[1])
    threading.Thread(target=_end_with_whoever_started, daemon=True).start()
    OnlyThese.modules = frozenset(asked["modules"])
    OnlyThese.distributions = frozenset(asked["distributions"])
    OnlyThese.folder = asked["folder"]
    sys.path[:] = [asked["folder"], *asked["path"]]
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter, OnlyThese]
    kind, what, *arguments = asked["run"]
    sys.argv[:] = [what, *arguments]
    if kind == "file":
        runpy.run_path(what, run_name="__main__")
    else:
        runpy.run_module(what, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
