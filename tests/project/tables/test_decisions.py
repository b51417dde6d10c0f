from __future__ import annotations

import pytest

from nocode_classifier.errors import NotFound
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, PhotoState

BINNED, KEPT = PhotoState.BINNED, PhotoState.KEPT


def kept(project: Project) -> dict[str, list[int]]:
    """Numbers of the kept photos by class name."""
    return {label.name: [p.id for p in project.photos(label.id)] for label in project.classes()}


def test_moving_and_removing_is_one_step_that_undo_takes_back(pets: Project) -> None:
    before, dogs = kept(pets), pets.class_named("dogs").id
    first, third = pets.photos()[0].id, pets.photos()[2].id
    decisions = [Decision(first, class_id=dogs), Decision(third, state=BINNED)]
    assert pets.apply(decisions, "Sorted 2 photos") == 2
    assert kept(pets) == {"cats": [5], "dogs": [1, 2, 4, 6]}
    assert pets.can_undo() == "Sorted 2 photos"
    assert pets.undo() == "Sorted 2 photos"
    assert kept(pets) == before
    assert (pets.can_undo(), pets.undo()) == (None, None)


def test_a_decision_that_changes_nothing_is_no_step(pets: Project) -> None:
    photo = pets.photos()[0]
    assert pets.apply([Decision(photo.id, photo.class_id, KEPT), Decision(photo.id)], "x") == 0
    assert pets.apply([], "x") == 0
    assert pets.can_undo() is None


def test_a_plan_with_a_photo_that_is_gone_changes_nothing(pets: Project) -> None:
    before, photo = kept(pets), pets.photos()[0].id
    for wrong in (Decision(999, state=BINNED), Decision(photo, class_id=999)):
        with pytest.raises(NotFound):
            pets.apply([Decision(photo, state=BINNED), wrong], "x")
    assert kept(pets) == before
    assert pets.can_undo() is None


def test_two_decisions_about_one_photo_are_undone_to_the_start(pets: Project) -> None:
    before, photo, dogs = kept(pets), pets.photos()[0].id, pets.class_named("dogs").id
    pets.apply([Decision(photo, class_id=dogs), Decision(photo, state=BINNED)], "x")
    assert pets.photo(photo).state is BINNED
    pets.undo()
    assert kept(pets) == before


def test_a_confirmed_photo_is_one_until_it_is_taken_back(pets: Project) -> None:
    photo, fingerprint = pets.photos()[0], pets.models.fingerprint()
    assert not photo.is_confirmed
    assert pets.apply([Decision(photo.id, confirmed=True)], "Marked 1 photo as right") == 1
    assert pets.photo(photo.id).is_confirmed
    assert pets.apply([Decision(photo.id, confirmed=True)], "x") == 0
    assert pets.apply([Decision(photo.id, confirmed=False)], "Took it back") == 1
    assert pets.photo(photo.id).confirmed is None
    assert pets.apply([Decision(photo.id, confirmed=False)], "x") == 0
    assert pets.models.fingerprint() == fingerprint


def test_undo_takes_a_confirmation_back_and_brings_it_back(pets: Project) -> None:
    pets.apply([Decision(number, confirmed=True) for number in (1, 3)], "Marked 2 photos as right")
    pets.apply([Decision(1, confirmed=False), Decision(3, state=BINNED)], "x")
    pets.undo()
    assert [photo.id for photo in pets.photos() if photo.is_confirmed] == [1, 3]
    pets.undo()
    assert not any(photo.is_confirmed for photo in pets.photos())


def test_a_confirmation_holds_only_in_the_class_it_was_given_for(pets: Project) -> None:
    cats, dogs = (label.id for label in pets.classes())
    pets.apply([Decision(1, confirmed=True)], "x")
    pets.apply([Decision(1, class_id=dogs)], "x")
    assert not pets.photo(1).is_confirmed
    assert pets.apply([Decision(1, confirmed=False)], "x") == 0
    pets.apply([Decision(1, class_id=cats)], "x")
    assert pets.photo(1).is_confirmed
    pets.apply([Decision(1, class_id=dogs, confirmed=True)], "Moved 1 photo")
    assert (pets.photo(1).class_id, pets.photo(1).is_confirmed) == (dogs, True)
    pets.undo()
    assert (pets.photo(1).class_id, pets.photo(1).is_confirmed) == (cats, True)


def test_removing_a_class_and_undoing_it_keeps_what_was_confirmed(pets: Project) -> None:
    pets.apply([Decision(1, confirmed=True)], "x")
    pets.remove_class(pets.class_named("cats").id)
    pets.undo()
    assert [photo.id for photo in pets.photos() if photo.is_confirmed] == [1]


def test_removing_a_class_bins_its_photos_and_undo_brings_all_back(pets: Project) -> None:
    before, classes = kept(pets), pets.classes()
    gone = pets.photos()[0].id
    pets.apply([Decision(gone, state=BINNED)], "Removed 1 photo")
    pets.remove_class(pets.class_named("cats").id)
    assert kept(pets) == {"dogs": [2, 4, 6]}
    assert pets.counts(BINNED) == {1: 3, 2: 0}
    assert pets.class_of(1).name == "cats"
    assert pets.undo() == "Removed the class 'cats' and its 2 photos"
    assert kept(pets)["cats"] == [3, 5]
    assert pets.undo() == "Removed 1 photo"
    assert (kept(pets), pets.classes()) == (before, classes)


def test_restoring_a_photo_brings_its_class_back(pets: Project) -> None:
    photo = pets.photos()[0].id
    pets.remove_class(pets.class_named("cats").id)
    assert pets.add_class("birds").colour == 0
    pets.apply([Decision(photo, state=KEPT)], "Restored 1 photo")
    assert kept(pets) == {"cats": [1], "dogs": [2, 4, 6], "birds": []}
    assert [label.colour for label in pets.classes()] == [2, 1, 0]
    pets.undo()
    assert kept(pets) == {"dogs": [2, 4, 6], "birds": []}


def test_a_new_class_of_the_same_name_takes_the_restored_photos(pets: Project) -> None:
    pets.remove_class(pets.class_named("cats").id)
    new = pets.add_class("Cats")
    pets.apply([Decision(1, state=KEPT)], "Restored 1 photo")
    assert kept(pets) == {"dogs": [2, 4, 6], "Cats": [1]}
    pets.undo()
    pets.undo()
    assert kept(pets) == {"dogs": [2, 4, 6], "Cats": [1, 3, 5]}
    assert pets.photo(1).class_id == new.id


def test_undo_does_not_remove_a_class_that_got_photos_meanwhile(pets: Project) -> None:
    pets.remove_class(pets.class_named("cats").id)
    pets.apply([Decision(1, state=KEPT)], "Restored 1 photo")
    cats = pets.class_named("cats").id
    with pets.database.writing() as connection:  # as another window does when it adds a photo
        connection.execute("UPDATE photos SET class_id = ? WHERE id = 2", (cats,))
    pets.undo()
    assert kept(pets) == {"cats": [2], "dogs": [4, 6]}


def test_a_kept_photo_always_has_a_living_class_whatever_is_done_and_undone(
    pets: Project,
) -> None:
    import random

    chance = random.Random(7)
    for turn in range(120):
        labels = pets.classes()
        match chance.randrange(6):
            case 0 | 1 if labels:
                plan = [
                    Decision(
                        number,
                        chance.choice([None, *(label.id for label in labels)]),
                        chance.choice([None, KEPT, BINNED]),
                        chance.choice([None, True, False]),
                    )
                    for number in chance.sample(range(1, 7), 2)
                ]
                pets.apply(plan, "x")
            case 2 if labels:
                pets.remove_class(chance.choice(labels).id)
            case 3 if len(labels) < 4:
                name = f"class {chance.randrange(6)}"
                if name not in [label.name for label in labels]:
                    pets.add_class(name)
            case _:
                pets.undo()
        living = {label.id for label in pets.classes()}
        assert {photo.class_id for photo in pets.photos()} <= living, turn
        colours = [label.colour for label in pets.classes()]
        assert len(set(colours)) == len(colours)
    while pets.undo():
        pass
    assert len(pets.photos()) == 6
    assert not any(photo.confirmed for photo in pets.photos())
