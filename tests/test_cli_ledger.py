"""The ledger on the command line: sources come in, cases are read, undone, visited and told."""

import json
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from city.municipality import Municipality
from city.place import Bounds
from city.store import cases, ledger, municipalities, open_store
from operations.cli import main
from operations.cli_output import console
from operations.settings import Settings
from tests.local_server import Answer, Asked, local_server

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
X, Y = 121_391.0, 487_361.0


@dataclass(frozen=True)
class Town:
    """A town in a folder, and its command line; run here, as a process a call takes seconds."""

    home: Path
    monkeypatch: pytest.MonkeyPatch

    def run(self, *words: str | Path, code: int = 0, token: str = "") -> str:
        where = ("--home", self.home, "--municipality", "town")
        argv = ["stadsronde", *map(str, words), *map(str, where)]
        self.monkeypatch.setattr(sys, "argv", argv)
        self.monkeypatch.setenv("STADSRONDE_SIGNALEN_TOKEN", token)
        self.monkeypatch.setattr(console, "_width", 200)
        with redirect_stdout(StringIO()) as out, pytest.raises(SystemExit) as left:
            main(lambda _settings, _port: None)
        assert (left.value.code or 0) == code, out.getvalue()
        return out.getvalue()


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    home = tmp_path / "town"
    home.mkdir()
    opened = open_store(Settings(home=home).database, "town")
    bounds = Bounds(4.72, 52.27, 5.08, 52.44)
    municipalities.put(
        opened, Municipality("town", "Town", "Europe/Amsterdam", bounds, stopped_at=NOW)
    )
    opened.close()
    return Town(home, monkeypatch)


def amsterdam(tables: dict[str, list[Any]]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        table = asked.path.partition("?")[0].rpartition("/")[2]
        return Answer({"_links": {}, "_embedded": {table: tables[table]}})

    return answer


def point(x: float = X, y: float = Y) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


def weighed(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": str(number), "datumWeging": "2026-11-20", "tijdstipWeging": "09:12:03",
        "fractieOmschrijving": "Rest", "nettoGewicht": 75, "geometrie": point(),
    } | changed  # fmt: skip


def signal(number: int, east: float = 0.0, slug: str = "huisafval") -> dict[str, Any]:
    return {
        "id": number, "created_at": "2026-11-22T10:00:00+01:00", "status": {"state": "m"},
        "category": {"sub_slug": slug},
        "location": {"geometrie": {"type": "Point", "coordinates": [4.8936 + east, 52.3731]}},
    }  # fmt: skip


def signalen(rows: list[dict[str, Any]]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != "Bearer secret":
            return Answer("no", 401)
        if asked.method == "PATCH":
            taken = not asked.path.endswith("/2")
            return Answer({}) if taken else Answer("not from this state", 400)
        return Answer({"_links": {"next": {"href": None}}, "results": rows})

    return answer


def test_amsterdams_data_come_in_once_and_what_is_wrong_can_be_listed(
    town: Town, tmp_path: Path
) -> None:
    tables = {
        "containertype": [{"id": 7, "naam": "Ondergronds", "volumeM3": 5}],
        "container": [{"id": "A", "status": 1, "fractieOmschrijving": "Rest",
                       "containertypeId": 7, "geometrie": point()}],
        "weging": [weighed(1), weighed(2, nettoGewicht=-40), weighed(3, geometrie=point(Y, X))],
        "bijplaatsingen": [],
    }  # fmt: skip
    with local_server(amsterdam(tables)) as there:
        first = town.run("import", "amsterdam", "--address", there.address)
        again = town.run("import", "amsterdam", "weighings", "--address", there.address)
    assert re.search(r"amsterdam/containers.*: 1 read, 1 added", first)
    assert re.search(r"amsterdam/weighings.*: 3 read, 1 added, 0 known already, 2 set aside", first)
    assert "The two coordinates seem to be exchanged." in first
    assert "3 read, 0 added, 1 known already, 2 set aside" in again
    listed = town.run("import", "aside")
    assert "negative-net-weight" in listed
    assert "coordinates-swapped" in listed
    one = town.run("import", "aside", "--reason", "negative-net-weight")
    assert "weging 2" in one
    assert "weging 3" not in one
    town.run("import", "aside", "--out", tmp_path / "aside.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "aside.jsonl").read_text().splitlines()]
    assert {line["raw"]["id"] for line in lines} == {"2", "3"}


def test_a_source_that_breaks_off_says_how_to_go_on(town: Town) -> None:
    with local_server(lambda asked: Answer("gone", 404)) as there:
        said = town.run(
            "import", "amsterdam", "weighings", "--address", there.address, code=3
        )  # fmt: skip
    assert "run it again to go on" in said
    assert "404" in said


def test_sensors_and_tables_come_in_by_address_and_by_mapping(town: Town, tmp_path: Path) -> None:
    entity = {
        "id": "urn:1", "type": "WasteContainer", "fillingLevel": 0.7,
        "location": {"type": "Point", "coordinates": [4.8936, 52.3731]},
        "dateObserved": "2026-11-23T07:00:00Z",
    }  # fmt: skip
    with local_server(lambda asked: Answer([entity])) as there:
        assert "1 read, 1 added" in town.run("import", "fiware", there.address)
    (tmp_path / "w.csv").write_text("nr,at,kg,x,y\n1,2026-11-20T09:00,75,121391,487361\n")
    (tmp_path / "w.toml").write_text(
        'source = "w"\ngives = "evidence"\nkind = "emptying"\ncrs = "EPSG:28992"\n'
        '[columns]\nid = "nr"\nseen_at = "at"\nvalue = "kg"\nx = "x"\ny = "y"\n'
    )
    said = town.run("import", "table", tmp_path / "w.csv", "--mapping", tmp_path / "w.toml")
    assert "1 read, 1 added" in said


def test_a_case_is_read_taken_apart_put_together_visited_and_told(town: Town) -> None:
    rows = [signal(1), signal(2, 0.00002), signal(3, 0.01)]
    with local_server(signalen(rows)) as there:
        refused = town.run("import", "signalen", there.address, token="wrong", code=3)
        assert "refuses the token" in refused
        assert "3 added" in town.run("import", "signalen", there.address, token="secret")

        listed = town.run("cases", "list")
        assert len(listed.splitlines()) == 3
        both, records = _case_with(town, listed, 2)
        assert "times as probable as the next best case" in both or "far more probable" in both

        parted = town.run("cases", "part", records[0], "--by", "Jo", "--why", "across the street")
        assert "put here by Jo: across the street" in parted
        assert len(town.run("cases", "list").splitlines()) == 4
        assert "in a case" in town.run("cases", "undo", "zzzz", "--by", "Jo", code=1)
        town.run("cases", "undo", records[0], "--by", "Jo")
        again, _ = _case_with(town, town.run("cases", "list"), 2)
        assert "put here" not in again

        case_id = re.findall(r"Case (\w+)", again)[0]
        visited = town.run("cases", "visited", case_id, "--by", "truck 12", "--found")
        assert "2 reporters newly queued" in visited
        assert len(town.run("cases", "list").splitlines()) == 2
        assert "truck" not in town.run("cases", "list", "--closed", "--matter", "full")
        told = town.run("cases", "tell", there.address, code=1, token="secret")
    assert "1 reports set to handled, 1 refused" in told
    assert "report 2: " in told
    assert "not from this state" in told
    assert "secret" not in told


def test_a_record_is_moved_into_another_case_by_hand(town: Town) -> None:
    with local_server(signalen([signal(1), signal(2, 0.01)])) as there:
        town.run("import", "signalen", there.address, token="secret")
    one, two = (line.split()[0] for line in town.run("cases", "list").splitlines()[1:])
    record = _records(town.run("cases", "show", one))[0]
    moved = town.run("cases", "move", record, two, "--by", "Jo")
    assert moved.count("signalen:") == 2
    assert "put here by Jo" in moved
    store = open_store(Settings(home=town.home).database, "town")
    (decision,) = cases.decisions(store)
    assert len(ledger.since(store, NOW - timedelta(days=9), NOW)) == 2
    store.close()
    assert decision.by == "Jo"


def _records(shown: str) -> list[str]:
    return re.findall(r"^(\w{8}) +signalen:", shown, re.MULTILINE)


def _case_with(town: Town, listed: str, records: int) -> tuple[str, list[str]]:
    for line in listed.splitlines()[1:]:
        shown = town.run("cases", "show", line.split()[0])
        if len(_records(shown)) == records:
            return shown, _records(shown)
    raise AssertionError(f"No case of {records} records in:\n{listed}")
