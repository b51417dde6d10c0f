from __future__ import annotations

from collections.abc import Mapping

import pytest

from nocode_classifier.check.advice import MOST, advise
from nocode_classifier.check.diagnosis import Advice, Kind, Remedy
from nocode_classifier.check.findings import Findings
from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.check.notices import Notice, Noticed
from nocode_classifier.check.suspects import Suspect, Suspicion
from tests.check_room.answers import many

GOOD = {("cat", "cat"): 60, ("dog", "dog"): 60}


def told(
    check: ModelCheck,
    findings: Findings | None = None,
    counts: Mapping[str, int] | None = None,
) -> tuple[Advice, ...]:
    rows = check.confusion.sum(axis=1).tolist()
    return advise(
        check, findings, counts or dict(zip(check.class_names, rows, strict=True)), curves=None
    )


def test_where_nothing_needs_doing_nothing_is_said() -> None:
    assert told(many(GOOD), Findings()) == ()


def test_sixty_of_a_hundred_on_ten_photos_each_asks_first_of_all_for_more() -> None:
    check = many({("cat", "cat"): 6, ("cat", "dog"): 4, ("dog", "dog"): 6, ("dog", "cat"): 4})
    first, *_ = told(check)
    assert (first.kind, first.press) == (Kind.TOO_FEW_PHOTOS, Remedy.COLLECT)
    assert first.gain > 0.05


def test_the_class_in_which_most_mistakes_are_is_named_and_counted() -> None:
    names = ("cat", "dog", "bird")
    check = many(
        {
            ("cat", "cat"): 58,
            ("dog", "dog"): 40,
            ("bird", "bird"): 58,
            ("dog", "cat"): 12,
            ("dog", "bird"): 8,
            ("cat", "dog"): 2,
        },
        names,
    )
    (advice,) = [one for one in told(check) if one.kind is Kind.MORE_PHOTOS]
    assert advice.sentence == "Add about 60 photos of 'dog': 20 of 22 mistakes are there."
    assert (advice.press, advice.class_names) == (Remedy.COLLECT, ("dog",))


def test_the_same_photo_in_two_classes_is_said_of_a_good_model_too() -> None:
    twins = [
        Suspect("a", "cat", Suspicion.DUPLICATE, 0.99, twin="b", across=True),
        Suspect("b", "dog", Suspicion.DUPLICATE, 0.99, twin="a", across=True),
    ]
    (advice,) = told(many(GOOD), Findings(tuple(twins)))
    assert (advice.kind, advice.view) == (Kind.SAME_PHOTO, "duplicate")
    assert advice.sentence.startswith("The same photo is in two classes")


def test_near_duplicates_within_a_class_are_no_reason_for_advice() -> None:
    twin = Suspect("a", "cat", Suspicion.DUPLICATE, 0.99, twin="b")
    assert told(many(GOOD), Findings((twin,))) == ()


@pytest.mark.parametrize(
    ("noticed", "words", "press"),
    [
        (Noticed(Notice.GIVEN_AWAY, ("cat",)), "told by its background alone", Remedy.COLLECT),
        (Noticed(Notice.HARDLY_TWO, ("cat", "dog")), "hardly told apart", Remedy.REVIEW),
    ],
)
def test_what_is_noticed_about_classes_is_said(noticed: Noticed, words: str, press: Remedy) -> None:
    (advice,) = told(many(GOOD), Findings(noticed=(noticed,)))
    assert words in advice.sentence
    assert advice.press is press


def test_those_mixed_up_are_shown_by_the_numbers_of_their_classes() -> None:
    (advice,) = told(many(GOOD), Findings(noticed=(Noticed(Notice.HARDLY_TWO, ("cat", "dog")),)))
    assert advice.view == "cell:1:2"


def test_what_was_noticed_about_a_class_that_is_gone_is_left_out() -> None:
    assert told(many(GOOD), Findings(noticed=(Noticed(Notice.GIVEN_AWAY, ("cow",)),))) == ()


def test_advice_is_ranked_by_gain_and_not_too_much_of_it() -> None:
    names = tuple("abcdefgh")
    table = {(name, name): 12 for name in names} | {("a", "b"): 6, ("b", "c"): 6}
    odd = tuple(Suspect(f"{n}", "a", Suspicion.ODD, 4.0) for n in range(30))
    noticed = tuple(Noticed(Notice.TWO_GROUPS, (name,), ("x",)) for name in names)
    found = told(many(table, names), Findings(odd, noticed=noticed))
    assert len(found) == MOST
    asked = [one.gain for one in found if one.press is not Remedy.COLLECT]
    assert asked == sorted(asked, reverse=True)
    assert found[0].press is Remedy.COLLECT
