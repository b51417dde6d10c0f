"""The page that runs by itself, in a real Chromium, from a plain web host and without one."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.share.static.static_page import MODEL, write_static_page
from tests.drawing import draw_image, draw_photo
from tests.fakes.static_host import ISOLATED, StaticHost
from tests.odd_photos import encoded, odd_greys, odd_photos

pytestmark = pytest.mark.browser

PLACE = "pages/shapes/"
DROP = """(stage, [data, kind]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "given.jpg", { type: "image/jpeg" }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
    : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  stage.dispatchEvent(event);
}"""
LOOK_FOR_A_NEWER_ONE = """async () => {
  await (await navigator.serviceWorker.getRegistration()).update();
}"""
# As on a slow machine: the page's own files come when the worker of the next page runs already, and
# nobody was there to hear that it took over.
LOAD_ONCE_THE_NEWER_ONE_RUNS = """(() => {
  if (sessionStorage.held) return;
  const { fetch } = window;
  const { serviceWorker } = navigator;
  const overtaken = new Promise((done) => serviceWorker.addEventListener("controllerchange", done));
  serviceWorker.addEventListener = () => {};
  window.fetch = async (...asked) => {
    await (await serviceWorker.getRegistration()).update();
    await overtaken;
    sessionStorage.held = document.title;
    return fetch(...asked);
  };
})()"""
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const { left, right, width } = each.getBoundingClientRect();
  return width && (left < 0 || right > innerWidth);
}).map((each) => each.outerHTML)"""
ASK = """async (input) => {
  const { lookAtFile } = await import(new URL("engine.js", location.href));
  const found = [];
  for (const file of input.files) found.push((await lookAtFile(file)).probabilities);
  return found;
}"""


@pytest.fixture(scope="module")
def site(shapes_model: Path, web_runtime: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_static_page(shapes_model, folder / PLACE, title="Round or straight?", runtime=web_runtime)
    return folder


@pytest.fixture
def host(site: Path) -> Iterator[StaticHost]:
    with StaticHost(site) as host:
        yield host


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Of a browser that was never here: what it fetches and keeps is what is tested."""
    return new_page(stranger=True)


@pytest.fixture
def opened(page: Page, host: StaticHost) -> Page:
    return open_page(page, host)


@pytest.fixture
def forgiving(chromium: Browser) -> Iterator[Page]:
    """A window in which the browser may complain: something is made to go wrong."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def open_page(page: Page, host: StaticHost, place: str = PLACE) -> Page:
    page.goto(host.address + place)
    return wait_until_ready(page)


def wait_until_ready(page: Page) -> Page:
    expect(page.locator("html[data-ready]")).to_be_attached()
    return page


def choose(page: Page, *paths: Path) -> None:
    page.get_by_label("Photos to look at").set_input_files(list(paths))


def verdict(page: Page) -> Locator:
    return page.get_by_role("status").locator(".verdict")


def photo(folder: Path, shape: str, seed: int) -> Path:
    path = folder / f"{shape}-{seed}.jpg"
    path.write_bytes(draw_photo(shape, seed))
    return path


def bars(page: Page) -> Locator:
    return page.get_by_role("list", name="How likely each class is").get_by_role("listitem")


def test_photos_chosen_pasted_and_dropped_are_answered_and_the_page_tells_about_itself(
    opened: Page, tmp_path: Path
) -> None:
    choose(opened, photo(tmp_path, "circle", 900))
    expect(verdict(opened)).to_have_text("circle")
    expect(bars(opened).first).to_contain_text("circle")
    expect(opened.get_by_text("It rolls.")).to_be_visible()
    expect(opened.locator("#heat")).to_be_hidden()
    opened.get_by_label("Show where it looked").check()
    expect(opened.locator("#heat")).to_be_visible()

    for kind, shape in (("paste", "stripes"), ("drop", "circle")):
        data = base64.b64encode(draw_photo(shape, 901)).decode()
        opened.locator("#stage").evaluate(DROP, [data, kind])
        expect(verdict(opened)).to_have_text(shape)

    opened.get_by_role("button", name="About this classifier").click()
    about = opened.get_by_role("dialog")
    expect(about.get_by_text("95% interval")).to_be_visible()
    expect(about.get_by_text("20 photos").first).to_be_visible()
    expect(about.get_by_role("link", name="ONNX Runtime")).to_be_visible()
    about.get_by_role("button", name="Close").click()
    expect(about).to_be_hidden()
    expect_fit_for_the_home_screen(opened)


def expect_fit_for_the_home_screen(opened: Page) -> None:
    session: CDPSession = opened.context.new_cdp_session(opened)
    found: dict[str, Any] = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert '"standalone"' in found["data"]
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error for error in errors if error["errorId"] != "in-incognito"] == []


@pytest.mark.gate
def test_what_is_no_whole_photo_is_refused_in_words_and_of_the_others_each_is_seen_again(
    opened: Page, tmp_path: Path
) -> None:
    circle, bad = photo(tmp_path, "circle", 905), tmp_path / "bad.jpg"
    rows = draw_photo("circle", 906)
    no_photo = b"<!doctype html><title>no photo</title>"
    for data in (no_photo, rows[: len(rows) // 2], rows[: int(len(rows) * 0.9)]):
        bad.write_bytes(data)
        choose(opened, bad)
        expect(opened.get_by_role("alert")).to_contain_text("can’t read this file")
        choose(opened, circle)
        expect(verdict(opened)).to_have_text("circle")
        expect(opened.get_by_role("alert")).to_be_hidden()

    (tmp_path / "turned.webp").write_bytes(odd_photos()["turned.webp"])
    choose(opened, tmp_path / "turned.webp")
    shown = opened.get_by_alt_text("The photo that was asked about")
    expect(shown).to_have_js_property("naturalWidth", 160)  # upright

    again = opened.get_by_role("list", name="Photos so far").get_by_role("button")
    expect(again).to_have_count(4)
    choose(opened, circle, photo(tmp_path, "stripes", 904))
    expect(again).to_have_count(6)
    expect(verdict(opened)).to_have_text("stripes")
    again.last.click()
    expect(verdict(opened)).to_have_text("circle")


def photos_of_odd_sizes(folder: Path) -> list[Path]:
    """Lying on their sides, see-through, grey, with a palette, big, tiny, moving."""
    image = draw_image("stripes", 40, (640, 480))
    see_through = image.convert("RGBA")
    see_through.putalpha(Image.linear_gradient("L").resize(image.size))
    big = draw_image("circle", 41, (2300, 1700))
    turned = Image.Exif()
    turned[0x0112] = 6
    image.save(folder / "upright.jpg")
    image.save(folder / "turned.jpg", exif=turned)
    image.save(folder / "turned.png", exif=turned)
    see_through.save(folder / "see-through.png")
    see_through.save(folder / "see-through.webp", lossless=True)
    image.quantize(32).save(folder / "palette.png", transparency=3)
    image.convert("L").save(folder / "grey.jpg")
    image.quantize(32).save(folder / "moves.gif", save_all=True, append_images=[big.quantize(8)])
    big.save(folder / "big.png")
    image.resize((1, 1)).save(folder / "dot.png")
    return sorted(folder.iterdir())


def asked(page: Page, paths: list[Path]) -> list[list[float]]:
    """The page's probabilities for files, by the page's own means."""
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('input'), "
        "{ type: 'file', multiple: true, id: 'probe' }))"
    )
    page.locator("#probe").set_input_files(paths)
    found: list[list[float]] = page.locator("#probe").evaluate(ASK)
    return found


@pytest.mark.gate
def test_odd_photos_get_the_answers_of_the_app(
    opened: Page, shapes_model: Path, tmp_path: Path
) -> None:
    """The app reduces JPEGs while decoding them, which browsers can't; see pixels.js."""
    predictor = Predictor(shapes_model)
    (tmp_path / "sizes").mkdir()
    paths = photos_of_odd_sizes(tmp_path / "sizes")
    for name, data in (odd_photos() | odd_greys() | all_turns()).items():
        if not name.endswith(".tif"):  # no browser reads those
            (tmp_path / name).write_bytes(data)
    draw_image("stripes", 42, (3000, 2000)).save(tmp_path / "big.jpg", quality=92)
    paths += sorted(path for path in tmp_path.iterdir() if path.is_file())
    differ = {}
    for path, found in zip(paths, asked(opened, paths), strict=True):
        own = predictor.predict(path).probabilities
        pairs = zip(predictor.classes, found, strict=True)
        difference = max(abs(own[name] - probability) for name, probability in pairs)
        if difference > allowed(path):
            differ[path.name] = difference
    assert not differ


def allowed(path: Path) -> float:
    """How far the page's probabilities may be from those of the app."""
    if path.parent.name == "sizes":
        return 1e-3
    # Colours that a file gives by number the browser converts in its own way.
    return 0.01 if path.name.startswith(("p3-numbered", "big")) else 2e-3


def all_turns() -> dict[str, bytes]:
    """Of a picture that no turn leaves as it is, larger than the network needs."""
    found = {}
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = turn
        image = draw_image("stripes", 43, (655, 490))
        found[f"{turn}.png"] = encoded(image, "PNG", exif=exif)
        found[f"{turn}.webp"] = encoded(image, "WEBP", lossless=True, exif=exif)
        # Browsers turn an AVIF themselves, before it is reduced.
        small = image.resize((320, 240))
        found |= {f"{turn}.{form}": encoded(small, form, exif=exif) for form in ("JPEG", "AVIF")}
    return found


def test_the_camera_is_answered_live_and_a_picture_in_full(opened: Page) -> None:
    opened.get_by_role("button", name="Camera").click()
    opened.get_by_role("button", name="Stop the camera").click()
    expect(opened.locator("video")).to_be_hidden()
    expect(opened.get_by_role("heading", name="Is it circle or stripes?")).to_be_visible()
    opened.get_by_role("button", name="Camera").click()
    expect(opened.locator("#stage[data-looks]")).to_be_attached()
    expect(opened.get_by_text("looks a second")).to_be_visible()
    expect(opened.get_by_text("quick looks at small pictures")).to_be_visible()
    looks = opened.locator("#stage").get_attribute("data-looks") or ""
    expect(opened.locator("#stage")).not_to_have_attribute("data-looks", looks)
    opened.get_by_role("button", name="Take this picture").click()
    expect(opened.get_by_alt_text("The photo that was asked about")).to_be_visible()
    expect(verdict(opened)).to_be_visible()
    expect(opened.get_by_text("quick looks at small pictures")).to_be_hidden()


@pytest.mark.parametrize("packs", [False, pytest.param(True, marks=pytest.mark.gate)])
def test_it_works_without_a_connection_after_the_first_visit(
    page: Page, site: Path, tmp_path: Path, packs: bool
) -> None:
    host = StaticHost(site, packs=packs)
    with host:
        opened = open_page(page, host)
        expect(opened.get_by_text("Works without a connection, too.")).to_be_visible()
    assert host.asked[f"/{PLACE}{MODEL}"] == 1, "what is big is fetched once only"
    opened.context.set_offline(True)
    opened.reload()
    wait_until_ready(opened)
    choose(opened, photo(tmp_path, "stripes", 906))
    expect(verdict(opened)).to_have_text("stripes")


def test_a_photo_given_before_all_has_come_is_answered_and_no_other_place_is_asked(
    page: Page, host: StaticHost, tmp_path: Path
) -> None:
    places: set[str] = set()
    page.context.on("request", lambda request: places.add(request.url.split("?")[0]))
    page.goto(host.address + PLACE)
    choose(page, photo(tmp_path, "circle", 902))
    expect(verdict(page)).to_have_text("circle")
    assert page.evaluate("crossOriginIsolated") is False  # a plain host, the first visit
    outside = {place for place in places if not place.startswith((host.address + PLACE, "blob:"))}
    assert not outside


@pytest.mark.gate
def test_from_the_second_visit_on_several_cores_are_used_and_nothing_is_wider_than_the_screen(
    opened: Page, tmp_path: Path
) -> None:
    opened.reload()
    wait_until_ready(opened)
    assert opened.evaluate("crossOriginIsolated") is True
    for path in (None, photo(tmp_path, "circle", 911)):
        if path:
            choose(opened, path)
            expect(verdict(opened)).to_have_text("circle")
        for width, height in ((320, 640), (390, 844), (844, 390), (1280, 800)):
            opened.set_viewport_size({"width": width, "height": height})
            assert opened.evaluate("document.documentElement.scrollWidth") <= width
            assert opened.evaluate(CUT_OFF) == []


@pytest.mark.gate
def test_a_host_may_allow_several_cores_from_the_first_visit_on(
    page: Page, site: Path, tmp_path: Path
) -> None:
    with StaticHost(site, ISOLATED) as host:
        open_page(page, host)
        assert page.evaluate("crossOriginIsolated") is True
        choose(page, photo(tmp_path, "stripes", 908))
        expect(verdict(page)).to_have_text("stripes")


@pytest.mark.gate
def test_what_could_not_be_fetched_can_be_tried_again_and_no_script_of_others_runs(
    forgiving: Page, host: StaticHost, tmp_path: Path
) -> None:
    page = forgiving
    host.lost.add(f"/{PLACE}{MODEL}")
    page.goto(host.address + PLACE)
    expect(page.get_by_role("alert")).to_contain_text("Check the connection")
    host.lost.clear()
    page.get_by_role("button", name="Try again").click()
    wait_until_ready(page)
    choose(page, photo(tmp_path, "circle", 910))
    expect(verdict(page)).to_have_text("circle")
    refused = page.evaluate(
        """() => new Promise((done) => {
          addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
          const script = document.createElement("script");
          script.src = "data:text/javascript,document.title='taken'";
          script.onerror = () => {};
          document.head.append(script);
        })"""
    )
    assert refused == "script-src-elem"
    assert page.title() == "Round or straight?"


@pytest.mark.gate
def test_a_newer_page_is_offered_and_one_that_is_overtaken_while_it_loads_begins_again(
    page: Page, site: Path, shapes_model: Path, web_runtime: Path, tmp_path: Path
) -> None:
    def write(title: str) -> None:
        write_static_page(shapes_model, tmp_path / PLACE, title=title, runtime=web_runtime)

    shutil.copytree(site, tmp_path, dirs_exist_ok=True)
    with StaticHost(tmp_path) as host:
        open_page(page, host)
        expect(page.get_by_text("Works without a connection, too.")).to_be_visible()
        write("New")
        page.evaluate(LOOK_FOR_A_NEWER_ONE)
        newer = page.get_by_role("button", name="There is a newer version")
        expect(newer).to_be_visible()
        newer.click()
        expect(page).to_have_title("New")
        wait_until_ready(page)
        assert host.asked[f"/{PLACE}{MODEL}"] == 1, "what has not changed is not fetched again"

        write("Newest")
        page.add_init_script(LOAD_ONCE_THE_NEWER_ONE_RUNS)
        page.reload()
        expect(page).to_have_title("Newest")
        wait_until_ready(page)
        assert page.evaluate("sessionStorage.held") == "New"


@pytest.mark.gate
def test_two_pages_of_one_host_keep_apart(
    page: Page, site: Path, shapes_model: Path, web_runtime: Path, tmp_path: Path
) -> None:
    shutil.copytree(site, tmp_path, dirs_exist_ok=True)
    write_static_page(shapes_model, tmp_path / "other", title="Other", runtime=web_runtime)
    places = {PLACE: "Round or straight?", "other/": "Other"}
    with StaticHost(tmp_path) as host:
        for place in places:
            open_page(page, host, place)
            expect(page.get_by_text("Works without a connection, too.")).to_be_visible()
    page.context.set_offline(True)
    for place, title in places.items():
        page.goto(f"{host.address}{place}")
        expect(page).to_have_title(title)
