"""The ways to publish: what runs where, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nocode_classifier.errors import InputError


class Visibility(StrEnum):
    """Who can see it."""

    PUBLIC = "public"
    PRIVATE = "private"

    @property
    def words(self) -> str:
        """What it means, for people."""
        if self is Visibility.PUBLIC:
            return "everyone on the internet can see and use it"
        return "only you can see and use it"


@dataclass(frozen=True, slots=True)
class SpaceKind:
    """One way to publish.

    Attributes:
        key: what is typed on the command line.
        label: what the page calls it.
        about: what it is and costs, in a sentence or two.
        sdk: what Hugging Face calls it.
        hardware: the computer to ask for; None for what comes with the kind.
        seconds: how long a build may take before we stop waiting for it.
    """

    key: str
    label: str
    about: str
    sdk: str
    hardware: str | None
    seconds: float


STATIC = SpaceKind(
    "static",
    "A page that runs by itself",
    "The photo is looked at in the visitor's browser and never sent anywhere. Free for everyone.",
    "static",
    None,
    120,
)
GRADIO = SpaceKind(
    "gradio",
    "A Gradio app",
    "Runs on a computer of Hugging Face, with an API that programs can use. Needs a PRO "
    "subscription.",
    "gradio",
    None,
    900,
)
ZERO_GPU = SpaceKind(
    "zero-gpu",
    "A Gradio app on ZeroGPU",
    "As the Gradio app. Free accounts may have two, once their address is confirmed and they are "
    "older than 30 days.",
    "gradio",
    "zero-a10g",
    900,
)

KINDS = (STATIC, GRADIO, ZERO_GPU)
"""All ways, the usual one first."""


def kind_of(key: str) -> SpaceKind:
    """The way to publish that is called so.

    Raises:
        InputError: there is none; the sentence lists those there are.
    """
    for kind in KINDS:
        if kind.key == key:
            return kind
    known = ", ".join(kind.key for kind in KINDS)
    raise InputError(f"There is no way to publish called '{key}'; there are: {known}.")
