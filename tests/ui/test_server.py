from __future__ import annotations

import hashlib
import io
import socket
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from nocode_classifier import main
from nocode_classifier.errors import InputError
from nocode_classifier.listening import FIRST_PORT, listen
from nocode_classifier.own_pages import Names, OwnPagesOnly
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import NewPhoto
from nocode_classifier.project.store.thumbnails import make_thumbnail
from nocode_classifier.ui.routes.changes import add_news_route
from nocode_classifier.ui.routes.photos import add_photo_routes
from nocode_classifier.ui.routes.project_file import add_export_route
from nocode_classifier.ui.state import NAME, Services

HERE = "http://127.0.0.1:7860"


def keep(project: Project, form: str, suffix: str) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(buffer, form)
    data = buffer.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    photo = NewPhoto(
        data, sha256, suffix, 64, 48, "0" * 16, make_thumbnail(data), "a" + suffix, "upload"
    )
    project.add_photo(photo, project.classes()[0].id)
    return sha256


@pytest.fixture
def project(services: Services) -> Project:
    return services.library.create("Pets", ["cat", "dog"])


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    server = FastAPI()
    add_photo_routes(server, services)
    add_export_route(server, services)
    add_news_route(server, services)
    server.add_middleware(OwnPagesOnly)
    with TestClient(server, base_url=HERE) as client:
        yield client


def test_a_thumbnail_is_served_once_and_for_all(client: TestClient, project: Project) -> None:
    sha256 = keep(project, "JPEG", ".jpg")
    answer = client.get(f"/thumbnails/{project.id}/{sha256}")
    assert answer.headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]
    again = client.get(
        f"/thumbnails/{project.id}/{sha256}", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("form", "suffix", "kind"),
    [("PNG", ".png", "image/png"), ("TIFF", ".tif", "image/jpeg")],
)
def test_a_photo_is_served_in_a_form_that_browsers_show(
    client: TestClient, project: Project, form: str, suffix: str, kind: str
) -> None:
    answer = client.get(f"/photos/{project.id}/{keep(project, form, suffix)}")
    assert answer.headers["content-type"] == kind
    assert Image.open(io.BytesIO(answer.content)).size == (64, 48)


@pytest.mark.parametrize("sha256", ["0" * 64, "..%2Fproject.sqlite3", "x"])
@pytest.mark.parametrize("route", ["thumbnails", "photos"])
def test_a_photo_that_is_not_there_is_not_found(
    client: TestClient, project: Project, route: str, sha256: str
) -> None:
    assert client.get(f"/{route}/{project.id}/{sha256}").status_code == 404
    assert client.get(f"/{route}/nothere/{sha256}").status_code == 404


def test_the_news_of_a_project_are_others_after_a_change(
    client: TestClient, project: Project
) -> None:
    asked: dict[str, str | int] = {"project": project.id, "step": NAME}
    before = client.get("/news", params=asked)
    assert (before.status_code, before.headers["cache-control"]) == (200, "no-store")
    assert client.get("/news", params=asked).json() == before.json()
    project.add_class("bird")
    assert client.get("/news", params=asked).json()["mark"] != before.json()["mark"]
    assert client.get("/news").status_code == 422
    gone = client.get("/news", params={"project": "not-there", "step": NAME})
    assert gone.status_code == 200, "a beat says what became of it"


def test_a_project_is_downloaded_under_its_name(client: TestClient, project: Project) -> None:
    answer = client.get(f"/export/{project.id}")
    assert "Pets.nocode" in answer.headers["content-disposition"]
    assert answer.content[:2] == b"PK"
    assert client.get("/export/nothere").status_code == 404


OTHERS_PAGES = [
    {"Origin": "https://example.com"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "https://127.0.0.1:7860"},
    {"Origin": "http://localhost:7860"},
    {"Origin": "http://127.0.0.1:7860@example.com"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "iframe"},
]
OTHERS_NAMES = [
    *("example.com:7860", "127.0.0.1.example.com", "localhost.example.com", "", "127.0.0.1:7860/x"),
    *("user@127.0.0.1:7860", "127.0.0.1:7860,example.com", "[::1].example.com", "evil", "0x7f.1"),
]


@pytest.mark.parametrize("headers", OTHERS_PAGES)
@pytest.mark.parametrize("names", [Names(), Names.of([], "0.0.0.0")])
def test_pages_of_others_are_refused(
    client: TestClient, names: Names, headers: dict[str, str]
) -> None:
    open_to_others = TestClient(OwnPagesOnly(client.app, names), base_url=HERE)
    assert open_to_others.get("/photos/a/b", headers=headers).status_code == 403
    assert open_to_others.post("/photos/a/b", headers=headers).status_code == 403


@pytest.mark.parametrize("host", OTHERS_NAMES)
@pytest.mark.parametrize("names", [Names(), Names.of(["birds.example.org"], "0.0.0.0")])
def test_a_name_that_others_may_own_is_refused(names: Names, host: str) -> None:
    assert not names.has(host)


@pytest.mark.parametrize("host", ["192.168.1.5:7860", "[fe80::1]", "Birds.example.org.:7860"])
def test_open_to_others_it_goes_by_numbers_and_by_the_names_that_were_given(host: str) -> None:
    assert Names.of(["birds.example.org"], "0.0.0.0").has(host)
    assert not Names().has(host)
    own = socket.gethostname().partition(".")[0]
    assert Names.of([], "0.0.0.0").has(f"{own.upper()}:7860")


@pytest.mark.parametrize("name", ["http://birds.example.org", "birds:80", "", "1.2.3.4", "a b"])
def test_an_allowed_host_that_is_no_name_is_a_sentence(name: str) -> None:
    with pytest.raises(InputError, match="--allowed-host takes a name"):
        Names.of([name], "0.0.0.0")


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST.:80", "[::1]:7860"])
def test_the_apps_own_page_may_ask(client: TestClient, host: str) -> None:
    origin = f"http://{host.lower()}"
    for headers in ({"Host": host}, {"Host": host, "Origin": origin, "Sec-Fetch-Site": "none"}):
        assert client.get("/photos/a/b", headers=headers).status_code == 404


def test_no_other_website_may_show_the_app_or_a_photo_in_itself(client: TestClient) -> None:
    for path in ("/photos/a/b", "/nothing", "/news", "/export/x"):
        headers = client.get(path).headers
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_who_opens_the_app_to_others_is_warned(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "serve", lambda _, listener, __: listener.close())
    monkeypatch.setattr(main, "keep_to_itself", lambda: None)
    main.run("127.0.0.1", 0, open_browser=False)
    assert capsys.readouterr().err == ""
    main.run("0.0.0.0", 0, open_browser=False)
    assert "everyone in your network" in capsys.readouterr().err


def test_a_link_from_elsewhere_may_be_followed(client: TestClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    assert client.get("/photos/a/b", headers=headers).status_code == 404
    assert client.post("/photos/a/b", headers=headers).status_code == 403


def test_a_taken_port_is_a_sentence_and_without_a_wish_the_next_is_found() -> None:
    with listen("127.0.0.1", None) as first, listen("127.0.0.1", None) as second:
        taken = first.getsockname()[1]
        assert FIRST_PORT <= taken < second.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {taken} is taken"):
            listen("127.0.0.1", taken)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("192.0.2.1", 0)])
def test_what_can_not_be_listened_on_is_a_sentence(host: str, port: int) -> None:
    with pytest.raises(InputError):
        listen(host, port)


def test_a_listener_is_closed_when_nobody_holds_it() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert isinstance(listener, socket.socket)
