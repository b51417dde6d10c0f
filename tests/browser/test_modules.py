"""Modules of the page by themselves, in a blank page of a real Chromium."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from nocode_classifier.ui.kit.part import part
from nocode_classifier.ui.kit.scripts import module_address, modules
from nocode_classifier.ui.steps.train.past_runs import PastRun, past_value

pytestmark = pytest.mark.browser

BASE = "http://modules.test"
MODULES = {BASE + module_address(path): content for path, content in modules().items()}


def answer(route: Route) -> None:
    if (content := MODULES.get(route.request.url)) is not None:
        route.fulfill(body=content, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><body></body>", content_type="text/html")


@pytest.fixture
def blank(page: Page) -> Page:
    page.route(f"{BASE}/**", answer)
    page.goto(BASE)
    return page


def told(page: Page, path: str, names: str, program: str) -> Any:
    """What a program answers that uses some names of a module."""
    imported = f"const {{ {names} }} = await import({module_address(path)!r});"
    return page.evaluate(f"async () => {{ {imported} {program} }}")


def test_photos_are_chosen_with_the_habits_of_a_file_manager(blank: Page) -> None:
    program = """
      let told = 0;
      const chosen = makeSelection(() => { told += 1; });
      const order = [1, 2, 3, 4, 5], seen = [];
      const look = () => seen.push(chosen.ids());
      chosen.reach(order, 2, false); look();  // without an anchor it is a plain press
      chosen.reach(order, 4, false); look();
      chosen.reach(order, 1, false); look();  // from the same anchor, the other way
      chosen.toggle(5); look();
      chosen.reach(order, 4, true); look();
      chosen.clear(); look();
      chosen.clear();  // nothing was chosen, nothing is told
      return [seen, told];
    """
    seen, changes = told(blank, "kit/photo_grid/selection.js", "makeSelection", program)
    assert seen == [[2], [2, 3, 4], [1, 2], [1, 2, 5], [1, 2, 5, 4], []]
    assert changes == 6


def test_a_choice_is_kept_for_the_project_and_shared_with_another_grid(blank: Page) -> None:
    program = """
      const make = () => makeSelection(() => {});
      const [one, other] = [make(), make()];
      document.addEventListener("photos-chosen", other.hear);
      for (const each of [one, other]) each.open("a", false);
      one.add([1, 2, 3]);
      one.only(5, [3, 4, 5]);  // 1 and 2 are not shown, so they stay
      one.drop([9]);
      const seen = [one.ids(), other.ids(), one.away([5, 6])];
      one.open("a", true);  // the bin is apart
      one.add([7]);
      seen.push(one.ids(), other.ids());
      one.open("b", false);
      seen.push(one.ids());
      const later = make();
      later.open("a", false);
      later.replace([4], [3, 4, 5]);
      return [...seen, later.ids(), other.ids()];
    """
    seen = told(blank, "kit/photo_grid/selection.js", "makeSelection", program)
    assert seen == [[1, 2, 5], [1, 2, 5], [1, 2], [7], [1, 2, 5], [], [1, 2, 4], [1, 2, 4]]


def test_what_is_pressed_is_seen_before_python_answers(blank: Page) -> None:
    program = """
      const photo = (id, class_id) => ({ id, class_id, confirmed: false });
      const value = (revision, view = "all") => {
        const photos = [photo(1, 1), photo(2, 1), photo(3, 2)];
        const further = [{ name: "odd" }];
        return { project_id: "a", revision, view, page: 0, further, total: 3, photos };
      };
      const told = ({ photos }) => photos.map((one) => `${one.id}:${one.class_id}${one.confirmed}`);
      const guess = makeGuess(() => {});
      const seen = [told(guess.after(value(7), "move", [1], 2))];
      seen.push(told(guess.after(value(7, "odd"), "confirm", [1, 3], null)));
      const asked = (revision, view) => guess.outdated(value(revision, view), value(7));
      seen.push([asked(7), asked(8), asked(9), asked(7, "bin")]);  // two presses: 9 has both
      guess.settle(value(9));
      return [...seen, asked(7)];
    """
    seen = told(blank, "kit/photo_grid/guess.js", "makeGuess", program)
    assert seen == [
        ["1:2false", "2:1false", "3:2false"],
        ["2:1false"],
        [True, True, False, False],
        False,
    ]


def test_projects_are_drawn_anew_around_what_is_open_and_typed(blank: Page) -> None:
    program = """
      const sent = [];
      let drawn = () => {};
      const info = (id, name, photos = 0) => {
        return { id, name, photos, problem: "", classes: [], trained: false, cover: [] };
      };
      const drawings = { welcome: "<svg/>", "no-photos": "<svg/>" };
      const props = { value: null }, constants = { templates: [], drawings };
      const element = document.body;
      start({
        element, props, constants,
        trigger: (_, data) => sent.push(data), watch: (_, then) => { drawn = then; },
      });
      const draw = (...projects) => {
        props.value = { projects, binned: [], undo: null, bin_open: false };
        drawn();
      };
      const card = (name) => element.querySelector(`article[aria-label="${name}"]`);
      const open = () => {
        const menus = [...element.querySelectorAll("details[open]")];
        return menus.map((one) => one.closest("article").ariaLabel);
      };
      draw(info("1", "<img src=x>"), info("2", "Birds"));
      const seen = [open(), element.querySelectorAll("img").length];
      card("Birds").querySelector("summary").click();
      const name = card("Birds").querySelector("input");
      name.focus();
      name.value = "Garden birds";
      draw(info("3", "Cats"), info("2", "Birds", 7), info("1", "Bears"));
      seen.push(open(), document.activeElement === name, name.value);
      const create = element.querySelector("form.new-card");
      create.querySelector("input").value = "Pets";
      card("Birds").querySelector("form").requestSubmit();
      for (const _ of [1, 2]) create.requestSubmit();  // a double click; the first empties it
      return [...seen, open(), sent];
    """
    seen = told(blank, "steps/projects/project_cards.js", "start", program)
    assert seen == [
        *([], 0, ["Birds"], True, "Garden birds", []),
        [
            {"action": "rename", "project": "2", "value": "Garden birds"},
            {"action": "create", "value": "Pets"},
        ],
    ]


def test_what_is_typed_into_a_class_stays_and_what_was_refused_is_put_back(blank: Page) -> None:
    program = """
      const sent = [];
      let drawn = () => {};
      const props = { value: null }, constants = { longest: 300, most: 2 };
      start({
        element: document.body, props, constants,
        trigger: (_, data) => sent.push(data), watch: (_, then) => { drawn = then; },
      });
      const draw = (...labels) => {
        const classes = labels.map(([id, name, ...hints]) => {
          return { id, name, hints, photos: 0, style: "" };
        });
        props.value = { project: "Pets", classes, removed: "", problem: "", missing: "" };
        drawn();
      };
      const field = (label) => document.querySelector(`[aria-label="${label}"]`);
      const type = (label, value) => { field(label).focus(); field(label).value = value; };
      const leave = (label) => {
        field(label).dispatchEvent(new Event("change"));
        field(label).blur();
      };
      draw([1, "cat"], [2, "dog"]);
      type("Name of the class cat", "DOG");
      leave("Name of the class cat");
      type("Add a hint for dog", "Says wo");
      draw([3, "ant"], [1, "cat"], [2, "dog"]);
      const seen = [field("Name of the class cat").value, field("Add a hint for dog").value];
      leave("Add a hint for dog");
      seen.push(field("Add a hint for dog").value);
      draw([1, "cat"], [2, "dog", "Says wo", "Says 'woof'."]);
      return [...seen, field("Hint 2 for dog").value, field("Add a hint for dog"), sent];
    """
    *seen, sent = told(blank, "steps/name/class_rows.js", "start", program)
    assert seen == ["cat", "Says wo", "", "Says 'woof'.", None]
    assert sent == [
        {"action": "rename", "class": 1, "value": "DOG"},
        {"action": "add-hint", "class": 2, "value": "Says wo"},
    ]


def test_names_typed_one_right_after_the_other_are_all_added_and_a_double_press_adds_one(
    blank: Page,
) -> None:
    program = """
      const sent = [];
      const value = { project: "Pets", classes: [], removed: "", problem: "", missing: "" };
      start({
        element: document.body, props: { value }, constants: { longest: 300, most: 2 },
        trigger: (_, data) => sent.push(data.value), watch() {},
      });
      const field = document.querySelector('[aria-label="Name of a new class"]');
      const left = [];
      for (const name of ["cat", "", "dog", "dog, bird", " "]) {
        field.value = name || field.value;
        field.form.requestSubmit();
        left.push(field.value);
      }
      return [sent, left];
    """
    sent, left = told(blank, "steps/name/class_rows.js", "start", program)
    assert sent == ["cat", "dog", "dog, bird"]
    assert left == [""] * 5


def test_what_was_drawn_before_a_press_or_between_two_does_not_undo_the_last(blank: Page) -> None:
    program = """
      const sent = [], classes = [{ id: 1 }, { id: 2 }, { id: 3 }];
      const make = () => {
        const element = document.body.appendChild(document.createElement("main"));
        return makeChosenClass({ element, trigger: (name, press) => sent.push(press), draw() {} });
      };
      const cards = make(), camera = make();
      const follow = (chosen, turn, project_id = "a", there = classes) => {
        const value = { project_id, classes: there, chosen, turn };
        for (const one of [cards, camera]) one.follow(value);
        return [cards.id, camera.id];
      };
      const seen = [follow(1, 0)];
      cards.choose(2);
      camera.choose(3);
      seen.push(follow(1, 0), follow(3, 2), follow(2, 1), follow(1, 0), follow(1, 2));
      camera.choose(2);
      seen.push(follow(1, 2, "a", classes.slice(0, 1)));  // which was deleted
      seen.push(follow(3, 0, "b"));
      return [seen, sent];
    """
    seen, sent = told(blank, "steps/collect/files/chosen_class.js", "makeChosenClass", program)
    assert [both[0] for both in seen] == [1, 3, 3, 3, 3, 1, 1, 3]
    assert all(cards == camera for cards, camera in seen)
    assert sent == [{"id": 2, "turn": 1}, {"id": 3, "turn": 2}, {"id": 2, "turn": 3}]


def test_what_is_kept_is_asked_in_turn_whoever_answers_first(blank: Page) -> None:
    program = """
      const log = [], answers = [];
      const keeping = makeKeeping((asked) => {
        log.push(`ask ${asked}`);
        return new Promise((done, fail) => answers.push({ done, fail }));
      });
      const first = keeping.keep(1).catch(() => {});
      const second = keeping.keep(2).then((said) => log.push(said));
      await Promise.resolve();
      const before = [...log, keeping.waits, keeping.settled];
      answers[0].fail(new Error("refused"));
      await first;
      while (!answers[1]) await Promise.resolve();
      answers[1].done("kept");
      await second;
      await keeping.done;
      keeping.yield();
      return [before, log, keeping.waits, keeping.settled];
    """
    before, log, waits, settled = told(blank, "kit/keeping.js", "makeKeeping", program)
    assert before == ["ask 1", True, False]
    assert log == ["ask 1", "ask 2", "kept"]
    assert (waits, settled) == (False, True)


def test_files_are_sorted_out_before_they_are_uploaded(blank: Page) -> None:
    program = """
      const found = [
        ["10.jpg", "a"], ["2.jpg", "a"], [".DS_Store", "a"], ["empty.png", ""], ["all.rar", "a"],
        ["film.mp4", "a", "video/mp4"], ["all.zip", "aaa"], ["huge.jpg", "a".repeat(9)],
        ["many.tar.gz", "a".repeat(9)],
      ].map(([name, content, type]) => {
        return { relative: name, file: new File([content], name, { type }) };
      });
      found.push({ relative: "gone.jpg", reason: "It could not be read from your disk." });
      const { wanted, refused } = sortOut(found, { photo_bytes: 5, archive_bytes: 8 });
      const said = refused.map(({ name, reason }) => `${name}: ${reason}`);
      return [wanted.map(({ relative }) => relative), said];
    """
    wanted, refused = told(blank, "steps/collect/files/incoming.js", "sortOut", program)
    assert wanted == ["10.jpg", "2.jpg", "all.zip"]
    begun = ["empty.png: The file is empty", "all.rar: This kind", "film.mp4: This is not a photo"]
    begun += ["huge.jpg: It has 0 MB", "many.tar.gz: This archive", "gone.jpg: It could not"]
    assert all(itertools.starmap(str.startswith, zip(refused, begun, strict=True)))


def test_a_folder_comes_in_the_order_people_count(blank: Page) -> None:
    program = """
      const file = (value) =>
        Object.defineProperty(new File(["a"], "a"), "webkitRelativePath", { value });
      const pasted = new DataTransfer();
      pasted.items.add(new File(["a"], "image.png"));
      pasted.items.add(new File(["a"], "bear.png"));
      return [fromInput([file("cats/10.jpg"), file("cats/2.jpg")]), fromClipboard(pasted)]
        .map((found) => found.map(({ relative }) => relative));
    """
    names = "fromInput, fromClipboard"
    folder, pasted = told(blank, "steps/collect/files/incoming.js", names, program)
    assert folder == ["cats/2.jpg", "cats/10.jpg"]
    assert pasted[0].startswith("pasted ")
    assert pasted[1] == "bear.png"


def test_a_list_is_read_whichever_program_wrote_it(blank: Page) -> None:
    program = """
      const bytes = [[0xff, 0xfe, 0xe4, 0], [0xfe, 0xff, 0, 0xe4], [0xc3, 0xa4], [0xe4], []];
      return bytes.map((one) => decode(new Uint8Array(one).buffer));
    """
    assert told(blank, "steps/collect/links/link_list.js", "decode", program) == [*"ääää", ""]


def test_numbers_are_said_as_people_say_them(blank: Page) -> None:
    counts = told(
        blank, "kit/dom.js", "counted", 'return [0, 1, 1204].map((n) => counted(n, "photo"));'
    )
    assert counts == ["0 photos", "1 photo", "1,204 photos"]
    sizes = told(blank, "kit/panel.js", "megabytes", "return [10, 99999, 17.06e6].map(megabytes);")
    assert sizes == ["1 kB", "100 kB", "17.1 MB"]
    shares = told(blank, "kit/dom.js", "inPercent", "return [0, 0.5, 1].map(inPercent);")
    assert shares == ["under 1%", "50%", "over 99%"]


STARTED = """
  const sent = [], element = document.body, props = { value: first };
  let drawn = () => {};
  start({
    element, props, constants,
    trigger: (_, data) => sent.push(data), watch: (_, then) => { drawn = then; },
  });
  const draw = (value) => {
    props.value = value;
    drawn();
  };
  const named = (name) => [...document.querySelectorAll("button")].find(
    (one) => (one.ariaLabel ?? one.textContent) === name
  );
  const text = () => element.textContent.trim();
"""
"""Starts a part with its `first` value; what it sends is in `sent`."""


def test_the_header_leads_to_the_steps_of_an_open_project_and_keeps_the_address(
    blank: Page,
) -> None:
    program = (
        """
      const steps = [{ id: 2, label: "Name" }, { id: 4, label: "Review" }];
      const constants = { app: "App", projects: 1, steps };
      const place = (step, project_id = null, turn = 0) => {
        return { step, project_id, project: project_id ? "<b>" : "", finished: [2], turn };
      };
      const first = place(0);
    """
        + STARTED
        + """
      const seen = [window.location.search];
      named("2Review").click();  // no project is open
      draw(place(2, "p"));
      seen.push(document.title, window.location.search, element.querySelectorAll("b").length);
      const review = named("2Review");
      review.focus();
      review.click();
      draw(place(4, "p"));
      const current = [...document.querySelectorAll('[aria-current="step"]')];
      seen.push(document.activeElement === review, current.map((one) => one.textContent));
      named("Projects").click();
      const back = new Promise((done) => window.addEventListener("popstate", done));
      history.back();
      await back;
      draw(place(4, "p"));  // drawn before it was heard of
      seen.push(window.location.search);
      draw(place(2, "p", 1));
      return [...seen, window.location.search, text(), sent];
    """
    )
    *seen, sent = told(blank, "shell/header.js", "start", program)
    assert seen == [
        *("", "Name · <b> · App", "?project=p&step=2", 0, True, ["2Review"]),
        *("?project=p&step=2", "?project=p&step=2", "App<b>✓Name (done)2Review"),
    ]
    assert sent == [
        {"action": "go", "step": 4},
        {"action": "go", "step": 1},
        {"action": "travel", "query": "?project=p&step=2", "turn": 1},
    ]


def test_stop_keeps_the_focus_while_work_goes_on_and_its_end_is_told(blank: Page) -> None:
    program = (
        """
      const constants = {}, first = null;
      const running = (percent, stopping = false) => {
        const details = `${percent} of 100`;
        return { kind: "running", work: "train", words: "Looking", details, percent, stopping };
      };
    """
        + STARTED
        + """
      const seen = [text()];
      draw(running(10));
      const stop = named("Stop");
      stop.focus();
      draw(running(20));
      const { value, ariaLabel } = element.querySelector("progress");
      seen.push(text(), value, ariaLabel, document.activeElement === stop);
      stop.click();
      draw(running(20, true));
      seen.push(named("Stop") ?? null);
      draw({ kind: "stopped", work: "train", words: "<b>" });
      seen.push(text(), document.querySelectorAll('[role="status"].stopped').length);
      named("Close this message").click();
      draw(null);
      return [...seen, text(), sent.map(({ action }) => action)];
    """
    )
    seen = told(blank, "shell/status_bar.js", "start", program)
    assert seen == [
        *("", "Looking…20 of 10020 %Stop", 20, "Looking", True, None),
        *("■<b>✕", 1, "", ["stop", "dismiss"]),
    ]


def test_past_trainings_are_gone_back_to_and_the_oldest_are_unfolded(blank: Page) -> None:
    runs = [PastRun(n, "Quick", "<b>", "today", "", model=n > 1, current=n == 8) for n in range(9)]
    runs[3] = replace(runs[3], accuracy=0.625, low=0.5, high=0.75, photos=1204)
    values = json.dumps([past_value(some, improves=False) for some in (runs[:1], runs)])
    program = (
        f"const constants = {{}}, first = null, [one, all] = {values};"
        + STARTED
        + """
      const rows = () => [...element.querySelectorAll("tbody tr")];
      const use = (row) => row.querySelector("button, .in-use")?.textContent;
      draw(one);
      const seen = [rows().length, element.querySelector("[role=switch]").ariaChecked];
      element.querySelector("[role=switch]").click();
      draw(all);
      seen.push(rows().length, rows()[3].cells[1].textContent);
      named("Show all 9").click();
      const back = rows()[5].querySelector("button");
      back.focus();
      draw({ ...all, improves: null });
      seen.push(rows().map(use), document.activeElement === back);
      back.click();
      draw(null);
      return [...seen, text(), sent];
    """
    )
    *seen, sent = told(blank, "steps/train/past_runs.js", "start", program)
    uses = [None, None, *["Use this model"] * 6, "In use"]
    figures = "62%between 50% and 75%, 1,204 photos"
    assert seen == [0, "false", 6, figures, uses, True, ""]
    assert sent == [{"action": "improve", "on": "true"}, {"action": "use", "run": 5}]


MOUNT = """(code) => {
  document.body.innerHTML = "<div><button>Close this message</button></div>";
  const element = document.body.firstChild;
  const props = { value: { kind: "note", words: "Told" } };
  window.heard = [];
  const trigger = (name, data) => window.heard.push([name, data]);
  const names = ["element", "trigger", "props", "server", "upload", "watch"];
  Function(...names, code)(element, trigger, props, {}, null, () => {});
  return element.inert;
}"""


def test_a_part_takes_clicks_once_it_can_answer_them(blank: Page) -> None:
    assert blank.evaluate(MOUNT, part("shell/status_bar.js", events=("action",)).js_on_load)
    blank.get_by_role("button").click()
    assert blank.evaluate("window.heard") == [["action", {"action": "dismiss"}]]


def test_a_part_whose_module_is_gone_says_so_and_leads_to_a_new_page(chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.route(f"{BASE}/**", answer)
        page.goto(f"{BASE}/?project=1")
        code = part("shell/status_bar.js", events=("action",)).js_on_load
        assert code is not None
        page.evaluate(
            MOUNT, code.replace(module_address("shell/status_bar.js"), "/modules/old/status_bar.js")
        )
        expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
        page.get_by_role("link", name="Load the page again").click()
        expect(page.get_by_role("alert")).to_be_hidden()
        expect(page).to_have_url(f"{BASE}/?project=1")


def test_every_cell_of_the_matrix_can_be_read_on_its_colour(blank: Page) -> None:
    program = """
      const shares = Array.from({ length: 101 }, (_, part) => part / 100);
      const schemes = ["light", "dark"].flatMap((scheme) => [[scheme, true], [scheme, false]]);
      return schemes.map(([scheme, right]) => Math.min(...shares.map((share) => {
        const { fill, ink } = shade(share, right, scheme);
        return contrast(fill, ink);
      })));
    """
    least = told(blank, "steps/check/shades.js", "shade, contrast", program)
    assert min(least) >= 4.5


def matrix(classes: int) -> dict[str, Any]:
    """Every class recognised twice, and once taken for the next one; the last class is gone."""
    names = [f"class {number}" for number in range(classes)]
    counts = [[2 * (row == column) for column in range(classes)] for row in range(classes)]
    for row in range(classes):
        counts[row][(row + 1) % classes] += 1
    pair = {"true": names[0], "answered": names[1], "count": 1, "photos": 3, "view": "cell:0:1"}
    return {"names": names, "ids": [*range(classes - 1), None], "counts": counts, "pairs": [pair]}


@pytest.mark.parametrize("classes", [2, 50])
def test_a_cell_of_the_matrix_is_chosen_by_mouse_and_by_keys(blank: Page, classes: int) -> None:
    program = (
        f"const constants = {{}}, first = null, value = {json.dumps(matrix(classes))};"
        + STARTED
        + """
      const cells = () => [...element.querySelectorAll("td")];
      const key = (name) => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
      draw(value);
      const seen = [cells().length, cells().filter((cell) => cell.tabIndex === 0).length];
      cells()[0].focus();
      key("ArrowLeft");
      key("ArrowRight");
      key("Enter");
      draw({ ...value, pairs: [] });
      seen.push(document.activeElement.ariaLabel);
      key("End");
      key("PageDown");
      seen.push(document.activeElement === cells().at(-1));
      key("Enter");  // that class is gone: there are no photos to be looked at
      cells()[0].click();
      return [...seen, element.querySelector(".cf-none").hidden, sent];
    """
    )
    *seen, sent = told(blank, "steps/check/confusion.js", "start", program)
    focused = "class 0 taken for class 1: 1 photo, 33%"
    assert seen == [classes**2, 1, focused, True, False]
    looked = ["cell:0:1", "cell:0:0"] if classes > 2 else ["cell:0:0"]
    assert sent == [{"action": "look", "view": view} for view in looked]


def test_the_slider_says_what_a_choice_costs_and_keeps_the_last_one(blank: Page) -> None:
    lines = [(1.0, 0.9), (0.86, 0.974), (0.5, 1.0), (0, 0)]
    choices = [{"share": s, "accuracy": a, "answered": round(100 * s)} for s, a in lines]
    value = {"project_id": "1", "choices": choices, "chosen": 1, "suggested": 1, "note": ""}
    program = (
        f"const constants = {{}}, first = null, value = {json.dumps(value)};"
        + STARTED.replace("props, constants,", "props, constants, server,").replace(
            "const sent",
            "const kept = [], server = { choose: async (a) => kept.push(a) && {} };const sent",
        )
        + """
      draw(value);
      const slider = element.querySelector("input"), usual = named("As suggested");
      const said = () => [element.querySelector(".sl-cost").textContent, usual.disabled];
      const move = (to) => {
        slider.value = to;
        for (const name of ["input", "change"]) slider.dispatchEvent(new Event(name));
      };
      const seen = [said()];
      for (const to of [0, 2, 3]) { move(to); seen.push(said()); }
      draw(value);  // drawn from before the last choice: it stays
      seen.push(slider.value, slider.getAttribute("aria-valuetext"));
      usual.click();
      await new Promise((resolve) => setTimeout(resolve));
      draw({ ...value, project_id: "2", choices: choices.slice(1, 2), chosen: 0, suggested: 0 });
      return [...seen, kept.map(({ index }) => index), slider.hidden];
    """.replace("choices.slice", "value.choices.slice")
    )
    seen = told(blank, "steps/check/sure_slider.js", "start", program)
    assert seen == [
        ["It answers 86 of 100 of your photos, right on 97 of 100 of these.", True],
        ["It answers all of your photos, right on 90 of 100 of these.", False],
        ["It answers 50 of 100 of your photos, right on all of these.", False],
        ["It answers none of your photos.", False],
        *("3", "answers none of your photos", [0, 2, 3, None], True),
    ]
