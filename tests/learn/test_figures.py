from __future__ import annotations

import pytest

from nocode_classifier.learn.figures import GOOD, Figures, figures_of, measure


def counted(**right: tuple[int, int]) -> Figures:
    """Figures of so many right answers among so many photos of each class, all unlike."""
    classes = list(right)
    others = dict(zip(classes, classes[1:] + classes[:1], strict=True))
    true = [name for name, (_, photos) in right.items() for _ in range(photos)]
    said = [
        name if number < correct else others[name]
        for name, (correct, photos) in right.items()
        for number in range(photos)
    ]
    return measure(true, said, range(len(true)), classes)


def test_two_photos_that_are_always_wrong_are_not_hidden_by_many_right_ones() -> None:
    found = counted(common=(150, 150), rare=(0, 2))
    assert (found.uneven, found.weakest, found.balanced) == (True, "rare", 0.5)
    assert found.level < 0.5
    assert found.in_words().startswith(
        "Weakest class 'rare': right on 0 of 2 photos it had not seen: 0% (between 0% and 66%). "
        "All classes: right on 150 of 152"
    )


@pytest.mark.parametrize(
    ("found", "least", "most"),
    [
        (counted(a=(20, 20), b=(20, 20)), GOOD, 1.0),
        (counted(a=(150, 150), b=(2, 2)), 0.5, 0.7),  # two photos prove nothing
        (counted(a=(40, 40), b=(0, 40), c=(40, 40)), 0.0, 0.1),
        (counted(**{f"c{n}": (10, 10) for n in range(30)}), 0.7, 0.99),
        (counted(a=(6, 10), b=(6, 10)), 0.3, 0.5),
        (counted(a=(1, 1), b=(1, 1)), 0.2, 0.4),
    ],
)
def test_what_a_model_is_worth_follows_its_weakest_class(
    found: Figures, least: float, most: float
) -> None:
    assert least <= found.worth <= most


def test_classes_without_photos_have_no_figure_and_no_photos_have_none_at_all() -> None:
    found = measure(["a"], ["a"], [0], ["a", "b"])
    assert (found.overall is not None, found.by_class["b"], found.uneven) == (True, None, False)
    one_class = measure(["a"], ["a"], [0], ["a", "b"], fewest=2, reason="No b.")
    assert (one_class.overall, one_class.weakest, one_class.in_words()) == (None, None, "No b.")
    nothing = measure([], [], [], ["a", "b"])
    assert (nothing.overall, nothing.balanced, nothing.worth, nothing.measured) == (
        None,
        None,
        0,
        {},
    )


def test_a_class_that_lags_behind_others_of_its_size_is_named() -> None:
    assert counted(a=(20, 20), b=(9, 20)).in_words().endswith("Weakest class 'b': 9 of 20.")
    assert "Weakest" not in counted(a=(20, 20), b=(19, 20)).in_words()


def test_near_copies_count_once_in_the_interval_of_their_class() -> None:
    alike = measure(["a"] * 40, ["a"] * 40, [n // 20 for n in range(40)], ["a", "b"])
    assert alike.by_class["a"] == alike.overall
    assert (alike.overall and alike.overall.low) == pytest.approx(0.342, abs=1e-3)


def test_the_figures_of_older_cards_are_those_of_their_mix_ups() -> None:
    overall = {"value": 0.75, "low": 0.3, "high": 0.95, "correct": 3, "photos": 4}
    confusion = {"cat": {"cat": 2, "dog": 0}, "dog": {"cat": 1, "dog": 1}}
    found = figures_of({"accuracy": overall, "confusion": confusion})
    assert {name: (one.correct, one.photos) for name, one in found.measured.items()} == {
        "dog": (1, 2),
        "cat": (2, 2),
    }
    assert figures_of({"accuracy": overall}).in_words().startswith("Right on 3 of 4 photos")
    assert figures_of({}) == Figures(None, {})
