"""Training a project: the old model stays until the new one is whole."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from nocode_classifier.check.diagnosis import Kind, diagnose
from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.curves import Curves, Epoch
from nocode_classifier.errors import Cancelled, InputError, NotReady
from nocode_classifier.jobs import JobRunner, JobState
from nocode_classifier.learn.features import Extractor
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.learn.recording import Recording
from nocode_classifier.learn.settings import Augmentation, Mode, Settings
from nocode_classifier.learn.train import TrainedModel
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, PhotoState
from nocode_classifier.project.tables.runs import RunOutcome
from tests.drawing import draw_folder, draw_photo
from tests.learning import MemoryStore
from tests.patience import PATIENCE


@pytest.fixture
def project(
    temporary_home: Path,
    tmp_path: Path,
    trained: TrainedModel,
    store: MemoryStore,
    extractor: Extractor,
) -> Project:
    """Six stripes and six circles, all of them looked at for the model of the session."""
    project = Library(temporary_home).create("Shapes", ["stripes", "circle"])
    folder = draw_folder(tmp_path / "photos", {"circle": 6, "stripes": 6})
    add_photos(project, from_folder(folder), class_id=None)
    project.save_features(extractor.key, store.features)
    return project


def test_the_model_is_adopted_with_its_held_out_answers(
    project: Project, backbone_cache: Path
) -> None:
    project.set_hints(project.class_named("circle").id, ["It rolls."])
    trained = train_project(project, backbone_cache)
    assert project.models.folder() == trained.folder
    assert not project.models.is_stale()
    answers = project.models.held_out()
    assert [answer.sha256 for answer in answers] == [
        p.sha256 for p, _ in project.training_set().photos
    ]
    assert sum(answer.true == answer.predicted for answer in answers) == trained.accuracy.correct
    predictor = Predictor(trained.folder)
    assert (predictor.card["name"], predictor.classes) == ("Shapes", ["stripes", "circle"])
    assert predictor.predict(draw_photo("circle", 404)).hint == "It rolls."


def test_a_change_makes_the_model_stale_until_it_is_trained_again(
    project: Project, backbone_cache: Path
) -> None:
    first = train_project(project, backbone_cache).folder
    gone = Decision(project.photos()[0].id, state=PhotoState.BINNED)
    project.apply([gone], "Removed 1 photo")
    assert project.models.is_stale()
    second = train_project(project, backbone_cache)
    assert not project.models.is_stale()
    assert project.models.folder() == second.folder != first
    assert second.accuracy.photos == 11


def test_what_changes_during_training_is_not_taken_for_learned(
    project: Project, backbone_cache: Path
) -> None:
    def meddle(progress: Progress) -> None:
        if progress.stage == "Putting the model together" and len(project.classes()) == 2:
            project.rename_class(project.class_named("circle").id, "disc")

    train_project(project, backbone_cache, report=meddle)
    assert project.models.is_stale()


def test_the_old_model_stays_when_training_is_stopped(
    project: Project, backbone_cache: Path
) -> None:
    folder = train_project(project, backbone_cache).folder
    answers = project.models.held_out()
    with pytest.raises(Cancelled):
        train_project(project, backbone_cache, should_stop=lambda: True)
    assert (project.models.folder(), project.models.held_out()) == (folder, answers)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_every_training_goes_into_the_history(project: Project, backbone_cache: Path) -> None:
    trained = train_project(project, backbone_cache)
    with pytest.raises(Cancelled):
        train_project(project, backbone_cache, should_stop=lambda: True)
    with project.database.writing() as connection:
        connection.execute("DELETE FROM features")
    project.path_of(project.photos()[3]).write_bytes(b"lost")
    with pytest.raises(InputError) as error:
        train_project(project, backbone_cache)
    failed, stopped, done = project.models.runs()
    assert (done.outcome, done.current) == (RunOutcome.ADOPTED, True)
    assert (done.sentence, done.settings["mode"]) == (trained.sentence, "quick")
    assert (done.correct, done.photos) == (trained.accuracy.correct, trained.accuracy.photos)
    assert (done.low, done.high) == (trained.accuracy.low, trained.accuracy.high)
    assert 0 < done.seconds < 600
    assert (stopped.outcome, stopped.model, stopped.accuracy) == (RunOutcome.STOPPED, False, None)
    assert (failed.outcome, failed.sentence) == (RunOutcome.FAILED, str(error.value))


@pytest.mark.slow
def test_a_tuned_network_that_is_no_better_leaves_the_quick_model_and_its_curves_in_the_history(
    project: Project, backbone_cache: Path
) -> None:
    hasty = Settings(Mode.THOROUGH, epochs=2, rate=1.0, augmentation=Augmentation())
    trained = train_project(project, backbone_cache, settings=hasty)
    (run,) = project.models.runs()
    assert (run.outcome, run.current) == (RunOutcome.KEPT, True)
    assert run.settings == trained.settings.to_json()
    assert (run.settings["mode"], run.settings["rate"]) == ("thorough", 1.0)
    assert trained.card["mode"] == "quick"
    assert trained.comparison is not None
    assert run.sentence == trained.comparison.sentence
    assert run.curves == trained.curves
    (finding, *_) = diagnose(run.curves, {}, project.models.held_out(), trained.figures)
    assert finding.kind is Kind.RATE_TOO_HIGH


def test_the_curves_of_a_training_that_was_stopped_are_kept(project: Project) -> None:
    curves = Curves(5, 1e-3, (Epoch(1.0, 1.0, 0.5, 2.0),))
    recording = Recording(project, Settings(Mode.THOROUGH), ignore)
    recording.report(Progress("Learning", curves=curves))
    recording.report(Progress("Checking"))
    with pytest.raises(Cancelled), recording.of_what_fails():
        raise Cancelled
    (run,) = project.models.runs()
    assert (run.curves, run.settings["mode"]) == (curves, "thorough")


def test_a_training_nobody_asked_for_leaves_a_trace_only_when_it_succeeds(
    project: Project, backbone_cache: Path
) -> None:
    train_project(project, backbone_cache)
    with pytest.raises(Cancelled):
        train_project(project, backbone_cache, automatic=True, should_stop=lambda: True)
    for _ in range(2):
        train_project(project, backbone_cache, automatic=True)
    assert [(run.automatic, run.current) for run in project.models.runs()] == [
        (True, True),
        (False, False),
    ]


def test_the_old_model_stays_when_a_photo_is_damaged(
    project: Project, backbone_cache: Path
) -> None:
    folder = train_project(project, backbone_cache).folder
    with project.database.writing() as connection:
        connection.execute("DELETE FROM features")
    photo = project.photos()[3]
    project.path_of(photo).write_bytes(b"lost")
    with pytest.raises(InputError, match=rf"'{photo.name}' in 'circle' can't be read any more"):
        train_project(project, backbone_cache)
    assert project.models.folder() == folder
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_an_empty_project_says_what_to_add_and_leaves_no_folder(
    temporary_home: Path, backbone_cache: Path
) -> None:
    project = Library(temporary_home).create("Pets", ["cats", "dogs"])
    with pytest.raises(NotReady, match="Add 2 more of 'cats' and 2 more of 'dogs'"):
        train_project(project, backbone_cache)
    assert not list((project.folder / "models").iterdir())
    assert project.models.runs() == []


def test_a_job_that_is_stopped_keeps_the_old_model_and_can_be_started_again(
    project: Project, backbone_cache: Path
) -> None:
    folder = train_project(project, backbone_cache).folder
    runner, reached = JobRunner(), threading.Event()

    def work(report: Report, should_stop: ShouldStop) -> TrainedModel:
        def linger(progress: Progress) -> None:
            reached.set()
            job.wait(0.05)

        return train_project(project, backbone_cache, report=linger, should_stop=should_stop)

    job = runner.start(project.id, "train", work)
    assert reached.wait(PATIENCE)
    job.stop()
    assert job.wait(PATIENCE)
    assert (job.state, job.message) == (JobState.STOPPED, "Stopped.")
    assert project.models.folder() == folder
    again = runner.start(project.id, "train", lambda *ways: train_project(project, backbone_cache))
    assert again.wait(PATIENCE)
    assert again.state is JobState.DONE


def test_shots_of_a_burst_count_as_one_photo(project: Project, backbone_cache: Path) -> None:
    with project.database.writing() as connection:
        connection.execute("UPDATE photos SET burst = 'held down' WHERE class_id = 1 AND id % 2")
    trained = train_project(project, backbone_cache)
    assert trained.accuracy.photos == 12
    assert trained.accuracy.independent < 12


def test_a_class_of_one_burst_is_learnt_and_not_said_to_be_wrong(
    project: Project, backbone_cache: Path
) -> None:
    with project.database.writing() as connection:
        connection.execute("UPDATE photos SET burst = 'held down' WHERE class_id = 1")
    trained = train_project(project, backbone_cache)
    assert trained.figures.overall is None
    assert "'stripes' was seen in one scene only" in trained.sentence
    assert {answer.true for answer in project.models.held_out()} == {"circle"}
    (run,) = project.models.runs()
    assert (run.current, run.accuracy, run.sentence) == (True, None, trained.sentence)
    assert Predictor(trained.folder).predict(draw_photo("circle", 404)).label == "circle"
