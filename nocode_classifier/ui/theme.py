"""How the wizard looks: Gradio's theme, the colours of classes, and the style sheet.

Pine green on warm paper, with fonts that come with Gradio, so that nothing is fetched from
anywhere.
"""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from gradio.themes.utils import colors, fonts, sizes

from nocode_classifier.colours import CLASS_COLOURS, ClassColour, class_colour

__all__ = ["CLASS_COLOURS", "ClassColour", "build_theme", "class_colour", "style_sheet"]

FOLDER = Path(__file__).parent


_PINE = colors.Color(
    name="pine",
    c50="#eef7f3",
    c100="#d6ece2",
    c200="#afd9c7",
    c300="#7fc0a6",
    c400="#4da284",
    c500="#2f8567",
    c600="#1f6b52",
    c700="#195643",
    c800="#154536",
    c900="#11382c",
    c950="#0a231c",
)
_SAND = colors.Color(
    name="sand",
    c50="#fdfbf7",
    c100="#f7f2ea",
    c200="#ebe3d7",
    c300="#d9cec0",
    c400="#a99c8c",
    c500="#7b6f62",
    c600="#5d5348",
    c700="#453d35",
    c800="#2c2722",
    c900="#211d19",
    c950="#171411",
)


def build_theme() -> gr.themes.Base:
    """The theme of every page of the app."""
    theme = gr.themes.Base(
        primary_hue=_PINE,
        secondary_hue=_PINE,
        neutral_hue=_SAND,
        radius_size=sizes.radius_lg,
        text_size=sizes.text_md,
        # Quicksand is for headings (theme.css); being in this list is what makes it load. Many of
        # the fonts that come with Gradio hold no Latin letters at all; these hold them all.
        font=(
            fonts.LocalFont("IBM Plex Sans", weights=(400, 700)),
            fonts.LocalFont("Quicksand", weights=(700,)),
            "system-ui",
            "sans-serif",
        ),
        font_mono=("ui-monospace", "monospace"),
    )
    return theme.set(**_colours(), **_shapes())


def _colours() -> dict[str, str]:
    return {
        "body_background_fill": "*neutral_100",
        "body_background_fill_dark": "*neutral_950",
        "body_text_color": "*neutral_800",
        "body_text_color_dark": "*neutral_100",
        "body_text_color_subdued": "*neutral_500",
        "body_text_color_subdued_dark": "*neutral_400",
        "background_fill_primary": "white",
        "background_fill_primary_dark": "*neutral_900",
        "background_fill_secondary": "*neutral_50",
        "background_fill_secondary_dark": "*neutral_800",
        "block_background_fill": "white",
        "block_background_fill_dark": "*neutral_900",
        "block_label_text_color": "*neutral_600",
        "block_label_text_color_dark": "*neutral_300",
        "border_color_primary": "*neutral_200",
        "border_color_primary_dark": "*neutral_700",
        "input_background_fill": "white",
        "input_background_fill_dark": "*neutral_800",
        "input_border_color": "*neutral_300",
        "input_border_color_dark": "*neutral_600",
        "input_border_color_focus": "*primary_500",
        "input_border_color_focus_dark": "*primary_400",
        "button_primary_background_fill": "*primary_600",
        "button_primary_background_fill_hover": "*primary_700",
        "button_primary_background_fill_dark": "*primary_300",
        "button_primary_background_fill_hover_dark": "*primary_200",
        "button_primary_text_color": "white",
        "button_primary_text_color_dark": "*primary_950",
        "button_secondary_background_fill": "white",
        "button_secondary_background_fill_hover": "*neutral_50",
        "button_secondary_background_fill_dark": "*neutral_800",
        "button_secondary_background_fill_hover_dark": "*neutral_700",
        "button_secondary_border_color": "*neutral_300",
        "button_secondary_border_color_dark": "*neutral_600",
        "button_secondary_text_color": "*neutral_800",
        "button_secondary_text_color_dark": "*neutral_100",
        "error_background_fill": "#fdf0ee",
        "error_background_fill_dark": "#3a1e1a",
    }


def _shapes() -> dict[str, str]:
    return {
        "block_border_width": "1px",
        "block_shadow": "none",
        "block_label_background_fill": "transparent",
        "block_label_background_fill_dark": "transparent",
        "block_label_border_width": "0px",
        "button_border_width": "1px",
        "button_primary_border_color": "transparent",
        "button_primary_border_color_dark": "transparent",
        "button_large_text_weight": "600",
        "button_medium_text_weight": "600",
        "button_small_text_weight": "400",
        "button_large_radius": "*radius_lg",
        "button_medium_radius": "*radius_lg",
        "button_small_radius": "*radius_md",
        "button_transition": "background-color 0.15s ease, transform 0.1s ease",
        "button_primary_shadow": "0 1px 2px rgb(17 56 44 / 0.25)",
        "button_secondary_shadow": "none",
        "input_border_width": "1px",
        "input_shadow": "none",
        "input_shadow_focus": "0 0 0 3px rgb(47 133 103 / 0.18)",
    }


SHEETS = (
    "theme.css",
    "shell/shell.css",
    *(f"steps/{name}/{name}.css" for name in ("projects", "name", "collect")),
    "phones.css",
    *(f"steps/{name}/{name}.css" for name in ("share", "check")),
)
"""What belongs to the page as a whole, from the general to what overrules it."""


def style_sheet() -> str:
    """The style sheet of the page, with the colours of the classes as variables.

    `.class-0`, `.class-1`, … set `--class-fill` and `--class-text` for what is inside them.
    """
    classes = "\n".join(
        f".class-{index} {{ --class-fill: {colour.fill}; --class-text: {colour.text}; }}"
        for index, colour in enumerate(CLASS_COLOURS)
    )
    return "\n".join([classes, *((FOLDER / name).read_text(encoding="utf-8") for name in SHEETS)])
