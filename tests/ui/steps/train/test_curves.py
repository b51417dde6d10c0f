"""Curves as they are drawn."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

from nocode_classifier.curves import Curves, Epoch, RateSearch
from nocode_classifier.ui.steps.train.curves_view import curves_html
from nocode_classifier.ui.steps.train.plot import Line, Plot, ticks

FALLING = tuple(Epoch(1.2 / n, 1.4 / n, 0.5 / n, 2.0) for n in range(1, 6))
SEARCH = RateSearch((1e-5, 1e-4, 1e-3, 1e-2, 1e-1), (1.5, 1.4, 0.9, 0.8, math.inf), 1e-3)


def drawn(curves: Curves, *, live: bool = False) -> ET.Element:
    return ET.fromstring(curves_html(curves, live=live))


def test_a_round_is_a_point_of_each_line_and_a_row_of_the_table() -> None:
    page = drawn(Curves(5, 1e-3, FALLING, best=4))
    loss, errors = page.findall(".//svg")
    assert len(loss.findall(".//circle")) == 10
    assert len(errors.findall(".//circle")) == 5
    rows = page.findall(".//tbody/tr")
    assert [cell.text for cell in rows[1]] == ["2", "0.60", "0.70", "25%"]


def test_a_chart_says_where_it_stands_to_those_who_cannot_see_it() -> None:
    page = drawn(Curves(8, 1e-3, FALLING), live=True)
    said = [svg.get("aria-label") for svg in page.findall(".//svg")]
    assert said == [
        "Loss after 5 of 8 rounds: 0.28 on photos kept aside.",
        "Mistakes after 5 of 8 rounds: 10% of photos kept aside.",
    ]


def test_while_it_runs_there_is_room_for_the_rounds_to_come() -> None:
    narrow = drawn(Curves(10, 1e-3, FALLING[:2]), live=True).find(".//polyline")
    wide = drawn(Curves(10, 1e-3, FALLING[:2], stopped=True)).find(".//polyline")
    assert narrow is not None
    assert wide is not None
    end = [float(line.get("points", "").split()[-1].split(",")[0]) for line in (narrow, wide)]
    assert end[0] < 100 < end[1]


def test_before_the_first_round_the_charts_are_empty() -> None:
    page = drawn(Curves(4, 1e-3), live=True)
    assert len(page.findall(".//svg")) == 2
    assert page.find(".//polyline") is None
    assert page.find(".//table") is None
    assert curves_html(Curves(4, 1e-3)) == ""


def test_a_training_that_came_apart_is_drawn_up_to_where_it_did() -> None:
    gone = (*FALLING[:2], Epoch(math.inf, math.inf, 0.9, 2.0))
    page = drawn(Curves(5, 1.0, gone, stopped=True))
    assert len(page.findall(".//path[@class='gone']")) == 2
    assert [cell.text for cell in page.findall(".//tbody/tr")[2]][1] == "came apart"


def test_the_round_that_was_kept_is_marked_if_it_is_not_the_last() -> None:
    assert drawn(Curves(5, 1e-3, FALLING, best=4)).find(".//line[@class='mark']") is None
    assert drawn(Curves(5, 1e-3, FALLING, best=2)).find(".//line[@class='mark']") is not None


def test_the_pace_that_was_found_stands_out_where_the_loss_was() -> None:
    page = drawn(Curves(1, 1e-3, search=SEARCH))
    point = page.find(".//circle[@class='point']")
    assert point is not None
    assert abs(float(point.get("cx", "0")) - (42 + (320 - 42 - 12) / 2)) < 0.1
    assert "the pace it took: 0.001" in "".join(page.itertext())


def test_a_search_that_came_apart_at_once_is_not_drawn() -> None:
    lost = RateSearch((1e-5, 1e-4), (math.inf, math.inf), 1e-4)
    assert curves_html(Curves(1, 1e-3, search=lost)) == ""


def test_axes_have_round_numbers_around_what_they_show() -> None:
    assert ticks(0, 1.5) == (0, 0.5, 1, 1.5)
    assert ticks(0, 47) == (0, 20, 40, 60)
    assert ticks(0, 0.013)[-1] >= 0.013


def test_names_in_a_chart_are_text() -> None:
    plot = Plot(((1, "1"), (2, "2")), (0.0, 1.0), words="<b>")
    svg = plot.svg((Line("learnt", ((1, 0.2), (2, 0.1))),), 'a "b" <i>')
    assert ET.fromstring(svg).get("aria-label") == 'a "b" <i>'
