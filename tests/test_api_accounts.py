"""Who may do what: logging in, tokens, roles, and one municipality that never sees another's."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Mount

from api.app import ROUTERS, create_app
from api.context import Only
from city.account import KeyKind, Role
from city.errors import BadInput
from city.store import Store, accounts, municipalities, open_store
from operations.accounts import (
    add_account,
    choose_password,
    end_tokens,
    first_admin_link,
    make_token,
    one_time_link,
    remove_account,
)
from operations.settings import Settings
from tests.hand_made_city import PHOTO_ID, PLAN_ID, fill, make

ELSEWHERE = "elsewhere"
PASSWORD = "five grey herons"
PUBLIC = {"/v1/health", "/v1/open-data/containers"}
PAGE = {"Accept": "text/html"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make(tmp_path / "home").settings.replace(demo=False)
    store = open_store(made.database, made.municipality)
    town = municipalities.get(store)
    other = Store(store.engine, ELSEWHERE)
    municipalities.put(
        other,
        type(town)(ELSEWHERE, "Elsewhere", town.time_zone, town.bounds, (), town.stopped_at),
    )
    store.close()
    return made


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.database, settings.municipality)
    yield opened
    opened.close()


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), follow_redirects=False) as opened:
        yield opened


def join(store: Store, name: str, *roles: Role) -> None:
    """Let somebody in who has chosen a password."""
    add_account(store, name, roles)
    choose_password(store, one_time_link(store, name).rpartition("/")[2], PASSWORD)


def log_in(client: TestClient, name: str, password: str = PASSWORD, back: str = "/") -> str:
    form = {"name": name, "password": password, "next": back}
    answer = client.post("/log-in", data=form)
    return answer.headers.get("location", answer.text)


def bearer(store: Store, name: str, role: Role | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {make_token(store, name, 'test', role, None)}"}


def test_nobody_sees_anything_without_logging_in(client: TestClient) -> None:
    for path in client.get("/v1/openapi.json").json()["paths"]:
        if path in PUBLIC:
            continue
        address = re.sub(r"\{\w+\}", "x", path)
        answer = client.get(address)
        assert answer.status_code in (401, 405), path
        if answer.status_code == 401:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"] == "Bearer"
    assert client.post("/v1/plans", json={}).status_code == 401
    assert client.post("/v1/photos", content=b"").status_code == 401


def test_every_route_but_the_public_ones_asks_for_a_role() -> None:
    public = PUBLIC | {"/assets/{name}", "/glyphs/{font}/{first}-{last}.pbf",
              "/tokens/{municipality_id}.css", "/log-in", "/log-in/organisation",
              "/log-in/organisation/back",
              "/log-out", "/demo", "/driver-worker.js", "/welcome/{secret}",
              "/nearby", "/v1/resident-reports",
              "/v1/resident-reports/{container_id}/photo"}  # fmt: skip
    routes = [route for router in ROUTERS for route in router.routes]
    assert not [route for route in routes if isinstance(route, Mount)]
    asking = {route.path for route in routes if isinstance(route, APIRoute) and _asks(route)}
    assert {route.path for route in routes if isinstance(route, APIRoute)} - asking == public


def _asks(route: APIRoute) -> bool:
    waiting = list(route.dependant.dependencies)
    while waiting:
        each = waiting.pop()
        if isinstance(each.call, Only):
            return True
        waiting += each.dependencies
    return False


def test_anybody_may_know_whether_all_is_well_but_not_the_parts(
    client: TestClient, store: Store
) -> None:
    assert client.get("/v1/health").json() == {"status": "failing", "parts": [], "versions": {}}
    join(store, "ann", Role.ANALYST)
    assert client.get("/v1/health", headers=bearer(store, "ann")).json()["parts"]


def test_after_logging_in_one_is_where_one_wanted_to_be(client: TestClient, store: Store) -> None:
    join(store, "ann@example.nl", Role.PLANNER)
    asked = f"/plans/{PLAN_ID}?language=nl"
    sent = client.get(asked, headers=PAGE)
    assert sent.status_code == 303
    page = client.get(sent.headers["location"])
    assert '<html lang="nl">' in page.text
    (back,) = re.findall(r'name="next" value="([^"]+)"', page.text)
    assert log_in(client, " Ann@Example.nl", back=back) == asked
    assert client.get(asked, headers=PAGE).status_code == 200


def test_each_municipality_has_its_own_colours(
    client: TestClient, store: Store, settings: Settings
) -> None:
    red = settings.tokens(ELSEWHERE)
    red.parent.mkdir()
    red.write_text(":root { --stadsronde-color-brand: #8a0f2e; }")
    join(store, "ann", Role.PLANNER)
    log_in(client, "ann")
    assert "/tokens/" not in client.get("/photos").text
    join(Store(store.engine, ELSEWHERE), "bob", Role.PLANNER)
    log_in(client, "bob")
    (href,) = re.findall(r'href="(/tokens/[^"]+)"', client.get("/photos").text)
    assert client.get(href).text == red.read_text()
    assert client.get("/tokens/nowhere.css").status_code == 404
    assert client.get("/tokens/..%2F..%2Fstadsronde.sqlite.css").status_code == 404


def test_who_chose_a_language_keeps_it_logged_in_and_out(client: TestClient, store: Store) -> None:
    join(store, "ann", Role.PLANNER)
    assert '<html lang="en">' in client.get("/log-in").text
    assert '<html lang="nl">' in client.get("/log-in?language=nl").text
    assert log_in(client, "ann") == "/"
    assert '<html lang="nl">' in client.get("/").text
    assert '<html lang="nl">' in client.get("/plans/none", headers=PAGE).text
    client.post("/log-out")
    assert '<html lang="nl">' in client.get("/log-in").text
    assert '<html lang="en">' in client.get("/log-in?language=en").text
    assert '<html lang="en">' in client.get("/log-in").text


@pytest.mark.parametrize("back", ["https://example.org", "//example.org", "/\\example.org", ""])
def test_a_link_cannot_lead_away_after_logging_in(
    client: TestClient, store: Store, back: str
) -> None:
    join(store, "ann", Role.PLANNER)
    assert log_in(client, "ann", back=back) == "/"


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "Deze naam en dit wachtwoord horen niet bij elkaar."),
     ("en", "This name and this password do not belong together.")],
)  # fmt: skip
def test_a_wrong_password_is_told_at_its_field_and_the_name_is_kept(
    client: TestClient, store: Store, language: str, said: str
) -> None:
    join(store, "ann", Role.PLANNER)
    for name, password in (("ann", "wrong password"), ("nobody", PASSWORD)):
        form = {"name": name, "password": password, "next": "/photos"}
        answer = client.post(f"/log-in?language={language}", data=form)
        assert answer.status_code == 422
        assert f'id="error-password">{said}' in answer.text
        assert f'value="{name}"' in answer.text
        assert 'value="/photos"' in answer.text
        assert password not in answer.text
        assert "stadsronde-session" not in answer.headers.get("set-cookie", "")


def test_what_is_left_empty_is_told_at_its_field(client: TestClient) -> None:
    page = client.post("/log-in", data={"name": "ann"}).text
    assert 'id="error-password"' in page
    assert 'id="error-name"' not in page


def test_guessing_ends_after_a_few_tries(client: TestClient, store: Store) -> None:
    join(store, "ann", Role.PLANNER)
    join(store, "bob", Role.PLANNER)
    for _ in range(10):
        assert "do not belong together" in log_in(client, "ann", "a wrong password")
    assert "Wait a quarter of an hour" in log_in(client, "ann")
    assert log_in(client, "bob") == "/"


def test_a_session_ends_when_its_owner_logs_out(client: TestClient, store: Store) -> None:
    join(store, "ann", Role.PLANNER)
    log_in(client, "ann")
    kept = dict(client.cookies)
    client.post("/log-out")
    client.cookies.update(kept)
    assert client.get("/v1/plans").status_code == 401


def test_a_session_ends_when_it_is_not_used_and_lives_on_when_it_is(
    client: TestClient, store: Store
) -> None:
    join(store, "ann", Role.PLANNER)
    log_in(client, "ann")
    owner = accounts.get(store, "ann")

    def key(**change: timedelta) -> timedelta:
        (found,) = accounts.keys(store, owner.id, KeyKind.SESSION)
        if change:
            accounts.change_key(store, found.digest, expires_at=found.made_at + change["lasts"])
        assert found.expires_at
        return found.expires_at - found.made_at

    key(lasts=timedelta(hours=1))
    assert client.get("/v1/plans").status_code == 200
    assert key() > timedelta(hours=11)
    key(lasts=-timedelta(hours=1))
    assert client.get("/v1/plans").status_code == 401


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    settings: Settings, store: Store
) -> None:
    join(store, "ann", Role.PLANNER)
    for scheme in ("http", "https"):
        with TestClient(
            create_app(settings), base_url=f"{scheme}://city", follow_redirects=False
        ) as client:
            form = {"name": "ann", "password": PASSWORD}
            cookie = client.post("/log-in", data=form).headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert ("; secure" in cookie) == cookie.startswith("__host-") == (scheme == "https")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Sec-Fetch-Site": "same-origin"}, 202), ({"Sec-Fetch-Site": "none"}, 202), ({}, 202),
     ({"Origin": "http://testserver"}, 202), ({"Sec-Fetch-Site": "cross-site"}, 403),
     ({"Sec-Fetch-Site": "same-site"}, 403), ({"Origin": "http://testserver:81"}, 403),
     ({"Origin": "null"}, 403), ({"Origin": "https://example.org"}, 403)],
)  # fmt: skip
def test_a_page_of_another_site_can_change_nothing(
    client: TestClient, store: Store, headers: dict[str, str], status: int
) -> None:
    join(store, "ann", Role.PLANNER)
    log_in(client, "ann")
    # A day that is over is refused with 422: who gets so far was let in.
    answer = client.post("/v1/plans", json={"day": "2020-01-01"}, headers=headers)
    assert answer.status_code == (422 if status == 202 else status)
    assert answer.headers["content-type"] == "application/problem+json"


def test_roles_decide_what_one_may_do(client: TestClient, store: Store) -> None:
    join(store, "ann", Role.ANALYST)
    join(store, "root", Role.ADMIN)
    asked = {"day": "2020-01-01"}
    analyst, admin = bearer(store, "ann"), bearer(store, "root")
    assert client.get("/v1/plans", headers=analyst).status_code == 200
    assert client.post("/v1/plans", json=asked, headers=analyst).status_code == 403
    assert client.post("/v1/plans", json=asked, headers=admin).status_code == 422
    add_account(store, "ann", {Role.PLANNER})
    assert client.post("/v1/plans", json=asked, headers=analyst).status_code == 422


def test_a_token_gives_no_more_than_it_was_made_for_and_can_be_ended(
    client: TestClient, store: Store
) -> None:
    join(store, "ann", Role.PLANNER, Role.ANALYST)
    token = bearer(store, "ann", Role.ANALYST)
    assert client.get("/v1/plans", headers=token).status_code == 200
    assert client.post("/v1/plans", json={}, headers=token).status_code == 403
    with pytest.raises(BadInput, match="role"):
        make_token(store, "ann", "test", Role.DRIVER, None)
    assert end_tokens(store, "ann", "test") == 1
    assert client.get("/v1/plans", headers=token).status_code == 401


def test_no_secret_is_kept_as_it_is(settings: Settings, client: TestClient, store: Store) -> None:
    join(store, "ann", Role.PLANNER)
    log_in(client, "ann")
    secrets = [*client.cookies.values(), PASSWORD, make_token(store, "ann", "t", None, None)]
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = settings.database.read_bytes()
    assert b"argon2id" in kept
    assert [s for s in secrets if s.encode() in kept] == []


def test_another_municipalitys_ids_are_unknown(client: TestClient, store: Store) -> None:
    join(Store(store.engine, ELSEWHERE), "eve", Role.ADMIN)
    token = bearer(Store(store.engine, ELSEWHERE), "eve")
    for path in (f"plans/{PLAN_ID}", f"plans/{PLAN_ID}/sheets", "containers/B-00",
                 f"photos/{PHOTO_ID}", f"photos/{PHOTO_ID}/image",
                 f"plans/{PLAN_ID}/sheets/en/KW-1.csv"):  # fmt: skip
        assert client.get(f"/v1/{path}", headers=token).status_code == 404, path
    assert client.get("/v1/plans", headers=token).json()["plans"] == []
    assert client.get("/v1/containers", headers=token).json()["features"] == []


def test_who_works_for_two_municipalities_turns_from_one_to_the_other(
    client: TestClient, store: Store
) -> None:
    other = Store(store.engine, ELSEWHERE)
    fill(other)
    join(store, "ann", Role.PLANNER)
    add_account(other, "ann", {Role.ANALYST})
    log_in(client, "ann")
    assert "Handmade" in client.get("/", headers=PAGE).text
    assert client.post("/municipality", data={"municipality": "nowhere"}).status_code == 404
    assert client.post("/municipality", data={"municipality": ELSEWHERE}).status_code == 303
    assert "Elsewhere" in client.get("/", headers=PAGE).text
    assert client.post("/v1/plans", json={}).status_code == 403


def test_the_first_administrator_comes_by_a_link_that_works_once(
    client: TestClient, store: Store
) -> None:
    lost = first_admin_link(store)
    path = first_admin_link(store)
    assert lost
    assert path
    assert client.get(lost).status_code == 404
    assert "Welcome, admin" in client.get(path).text
    short = client.post(path, data={"password": "short"})
    assert short.status_code == 422
    assert 'id="error-password"' in short.text
    assert client.post(path, data={"password": PASSWORD}).headers["location"] == "/"
    assert client.get("/v1/plans").status_code == 200
    assert client.post(path, data={"password": PASSWORD}).status_code == 404
    assert first_admin_link(store) is None


def test_who_is_removed_is_out_at_once(client: TestClient, store: Store) -> None:
    join(store, "ann", Role.PLANNER)
    log_in(client, "ann")
    remove_account(store, "ann")
    assert client.get("/v1/plans").status_code == 401
    assert "do not belong together" in log_in(client, "ann")


def test_in_demo_mode_everybody_looks_on_and_every_page_says_so(settings: Settings) -> None:
    with TestClient(create_app(settings.replace(demo=True))) as client:
        for path in ("/", "/photos"):
            assert "Demo: you look on as planner" in client.get(path, headers=PAGE).text
        assert client.post("/demo", data={"role": "driver"}).status_code == 200
        assert "Demo: you look on as driver" in client.get("/photos", headers=PAGE).text
        assert client.post("/v1/plans", json={}).status_code == 403
        assert client.post("/demo", data={"role": "admin"}).status_code == 200
        assert client.get("/v1/plans").status_code == 200
        kept = dict(client.cookies)
    with TestClient(create_app(settings)) as client:
        client.cookies.update(kept)
        assert client.get("/v1/plans").status_code == 401
        assert client.post("/demo", data={"role": "planner"}).status_code == 403


def test_a_real_city_cannot_be_opened_in_demo_mode(settings: Settings, store: Store) -> None:
    town = municipalities.get(store)
    municipalities.put(store, type(town)(town.id, "Real", town.time_zone, town.bounds))
    with (
        pytest.raises(BadInput, match="demo-mode"),
        TestClient(create_app(settings.replace(demo=True))),
    ):
        pass


def test_open_data_is_there_where_it_is_switched_on_and_tells_nothing_of_people(
    settings: Settings,
) -> None:
    address = "/v1/open-data/containers?limit=10"
    with TestClient(create_app(settings)) as client:
        assert client.get(address).status_code == 404
    with TestClient(create_app(settings.replace(open_data=True))) as client:
        answer = client.get(address)
        first = answer.json()["features"][0]
        assert len(client.get(answer.json()["links"][1]["href"]).json()["features"]) == 4
    assert answer.headers["access-control-allow-origin"] == "*"
    assert first["properties"]["expectedFill"] == pytest.approx(1.0, abs=0.11)
    assert "Gate code" not in answer.text
    assert PHOTO_ID not in answer.text
