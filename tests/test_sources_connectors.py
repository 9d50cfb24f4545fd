"""Connectors, against a server on this machine that speaks the documented shapes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from city.container import Container, ContainerKind
from city.errors import Broken
from city.evidence import EvidenceKind
from city.fraction import Fraction
from city.municipality import Municipality
from city.place import Bounds
from city.sources import amsterdam, fiware, signalen
from city.sources.fields import RD, place
from city.sources.http import Manners, Server
from city.store import Store, cases, containers, imports, ledger, municipalities, open_store
from operations.import_records import ImportReport, containers_at, import_pages, tell_reporters
from operations.import_sources import (
    import_amsterdam,
    import_fiware,
    import_signalen,
    tell_signalen,
)
from operations.merge_evidence import merge_evidence, record_visit
from tests.local_server import Answer, Asked, local_server

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CITY = Municipality(
    "amsterdam", "Amsterdam", "Europe/Amsterdam", Bounds(4.72, 52.27, 5.08, 52.44), (), NOW
)
X, Y = 121_391.0, 487_361.0
HASTY = Manners(attempts=3, first_wait_s=1.0, per_second=1e9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "city.sqlite", CITY.id)
    municipalities.put(opened, CITY)
    yield opened
    opened.close()


def stood(name: str, x: float, fraction: Fraction = Fraction.RESIDUAL) -> Container:
    at = place(x, Y, RD, CITY.bounds, name)
    return Container(name, at, fraction, ContainerKind.UNDERGROUND, 5000)


def rd_point(x: float = X, y: float = Y) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


def dso(tables: dict[str, list[Any]], per_page: int = 2) -> Callable[[Asked], Answer]:
    """Answer as Amsterdam's API does: embedded rows, a link to the next page."""

    def answer(asked: Asked) -> Answer:
        path, _, query = asked.path.partition("?")
        table = path.rpartition("/")[2]
        number = int(query.partition("page=")[2].partition("&")[0] or 1)
        rows = tables[table][(number - 1) * per_page : number * per_page]
        links = {"self": {"href": asked.path}}
        if number * per_page < len(tables[table]):
            links["next"] = {"href": f"http://{asked.headers['Host']}{path}?page={number + 1}"}
        return Answer({"_links": links, "_embedded": {table: rows}})

    return answer


def weighed(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": f"{number}~2026-11-20~09:12:03~26", "clusterId": f"{X}|{Y}",
        "datumWeging": "2026-11-20", "tijdstipWeging": f"09:{number:02}:03",
        "fractieCode": 1, "fractieOmschrijving": "Rest",
        "eersteWeging": 820, "tweedeWeging": 745, "nettoGewicht": 75, "geometrie": rd_point(),
    } | changed  # fmt: skip


def import_weighings(store: Store, address: str) -> ImportReport:
    with Server(address, manners=HASTY, sleep=lambda s: None) as server:
        at = containers_at(store)
        return import_pages(
            store,
            "amsterdam/weging",
            lambda start: amsterdam.weighings(server, CITY, at, start),
        )


def test_amsterdams_containers_come_with_the_volume_of_their_type(store: Store) -> None:
    tables = {
        "containertype": [{"id": 7, "naam": "Ondergronds 5m3", "volumeM3": 4.5}],
        "container": [
            {"id": 1, "idNummer": "REK1", "status": 1, "fractieOmschrijving": "Glas",
             "containertypeId": "7", "geometrie": rd_point()},
            {"id": 2, "status": 1, "fractieOmschrijving": "Rest", "geometrie": rd_point(Y, X)},
            {"id": 3, "status": 2, "fractieOmschrijving": "Rest", "geometrie": rd_point()},
            {"id": 4, "status": 1, "fractieOmschrijving": "Brood", "geometrie": rd_point()},
        ],
    }  # fmt: skip
    with local_server(dso(tables)) as there, Server(there.address, manners=HASTY) as server:
        report = import_pages(store, "c", lambda start: amsterdam.containers(server, CITY, start))
    (found,) = containers.every(store)
    assert (found.id, found.volume_l, found.fraction) == ("1", 4500, Fraction.GLASS)
    assert (report.read, report.added, report.set_aside) == (4, 1, 2)
    assert report.reasons == {"coordinates-swapped": 1, "unknown-fraction": 1}


def test_weighings_become_emptyings_of_the_containers_that_stand_there(store: Store) -> None:
    containers.put(store, [stood("A", X), stood("B", X + 2), stood("P", X + 3, Fraction.PAPER)])
    with local_server(dso({"weging": [weighed(n) for n in range(5)]})) as there:
        first = import_weighings(store, there.address)
        again = import_weighings(store, there.address)
    records = ledger.since(store, NOW - timedelta(days=9), NOW)
    assert (first.read, first.added, first.set_aside) == (5, 10, 0)
    assert (again.added, again.known) == (0, 10)
    assert {(r.container_id, r.value) for r in records} == {("A", 37.5), ("B", 37.5)}
    assert records[0].seen_at == datetime(2026, 11, 20, 8, 0, 3, tzinfo=UTC)


def test_every_broken_weighing_is_kept_with_its_reason_and_the_others_are_taken(
    store: Store,
) -> None:
    rows: list[Any] = [
        weighed(1),
        weighed(2, nettoGewicht=-40),
        weighed(3, fractieOmschrijving="Kerstboom"),
        weighed(4, datumWeging="2026-11-29"),
        weighed(5, datumWeging="2026-03-29", tijdstipWeging="02:30:00"),
        weighed(6, geometrie=None, clusterId=None),
        weighed(7, geometrie=rd_point(4.89, 52.37)),
        weighed(1, nettoGewicht=80),
        weighed(8, nettoGewicht="heavy"),
        weighed(9, nettoGewicht=None),
        "not even a record",
    ]
    with local_server(dso({"weging": rows})) as there:
        report = import_weighings(store, there.address)
        again = import_weighings(store, there.address)
    assert (report.read, report.added, report.set_aside) == (11, 2, 9)
    assert set(report.reasons) == {
        "negative-net-weight", "unknown-fraction", "time-in-future", "time-skipped-by-clock",
        "record-without-position", "wrong-crs", "duplicate-id", "not-a-number", "record-shape",
    }  # fmt: skip
    kept = imports.aside(store)
    assert len(kept) == 9
    assert "not even a record" in [record.raw for record in kept]
    assert all(fault.remedy for record in kept for fault in record.faults)
    assert (again.added, len(imports.aside(store))) == (0, 9)


def test_a_weighing_without_geometry_is_where_its_cluster_is(store: Store) -> None:
    containers.put(store, [stood("A", X)])
    with local_server(dso({"weging": [weighed(1, geometrie=None)]})) as there:
        import_weighings(store, there.address)
    (record,) = ledger.since(store, NOW - timedelta(days=9), NOW)
    assert record.container_id == "A"


def test_an_import_that_broke_off_goes_on_where_it_was(store: Store) -> None:
    answer, down = dso({"weging": [weighed(n) for n in range(8)]}), [True]

    def failing(asked: Asked) -> Answer:
        return Answer("busy", 503) if "page=3" in asked.path and down[0] else answer(asked)

    with local_server(failing) as there:
        with pytest.raises(Broken, match="no answer in 3 attempts"):
            import_weighings(store, there.address)
        assert len(ledger.since(store, NOW - timedelta(days=9), NOW)) == 4
        down[0] = False
        there.asked.clear()
        report = import_weighings(store, there.address)
    assert [asked.path.partition("?")[2] for asked in there.asked] == ["page=3", "page=4"]
    assert (report.read, report.added) == (4, 4)
    assert len(ledger.since(store, NOW - timedelta(days=9), NOW)) == 8


def test_inspectors_tell_what_lies_there_and_what_is_full(store: Store) -> None:
    containers.put(store, [stood("A", X), stood("P", X + 3, Fraction.PAPER)])
    rows = [
        {"id": "i1", "datumWaarneming": "2026-11-20", "tijdWaarneming": "10:00:00",
         "geometrie": rd_point(), "grof": True, "papiervol": True, "restvol": False},
        {"id": "i2", "datumWaarneming": "2026-11-21", "tijdWaarneming": "10:00:00",
         "geometrie": rd_point(), "grof": False},
    ]  # fmt: skip
    with (
        local_server(dso({"bijplaatsingen": rows})) as there,
        Server(there.address, manners=HASTY) as server,
    ):
        at = containers_at(store)
        import_pages(store, "i", lambda start: amsterdam.inspections(server, CITY, at, start))
    told = [(r.kind, r.value, r.container_id)
            for r in ledger.since(store, NOW - timedelta(days=9), NOW)]  # fmt: skip
    assert sorted(told, key=str) == sorted([
        (EvidenceKind.SIDE_WASTE, 1.0, None),
        (EvidenceKind.REPORT, 1.0, "P"),
        (EvidenceKind.SIDE_WASTE, 0.0, None),
    ], key=str)  # fmt: skip


def test_a_busy_server_is_given_time_and_asked_again() -> None:
    answers = [Answer("", 429, {"Retry-After": "7"}), Answer("", 502), Answer({"ok": True})]
    waits: list[float] = []
    with local_server(lambda asked: answers.pop(0)) as there:
        server = Server(there.address, manners=HASTY, sleep=waits.append)
        with server:
            assert server.get("/x")[0] == {"ok": True}
    assert [wait for wait in waits if wait >= 1.0] == [7.0, 2.0]


def test_requests_keep_their_distance() -> None:
    waits: list[float] = []
    with (
        local_server(lambda asked: Answer({})) as there,
        Server(there.address, manners=Manners(per_second=0.1), sleep=waits.append) as server,
    ):
        server.get("/a")
        server.get("/b")
    assert len(waits) == 1
    assert 5.0 < waits[0] <= 10.0


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer("no", 404), "404"),
        (Answer("who?", 401), "refuses the token"),
        (Answer("<html>"), "not JSON"),
        (Answer("", 302, {"Location": "http://127.0.0.1:9/"}), "302"),
    ],
)
def test_what_a_server_will_not_give_is_said_at_once(answer: Answer, said: str) -> None:
    with (
        local_server(lambda asked: answer) as there,
        Server(there.address, manners=HASTY) as server,
        pytest.raises(Broken, match=said),
    ):
        server.get("/x")
    assert len(there.asked) == 1


def test_a_server_that_is_not_there_is_named() -> None:
    with (
        Server("http://127.0.0.1:9", manners=HASTY, sleep=lambda s: None) as server,
        pytest.raises(Broken, match=r"127\.0\.0\.1:9"),
    ):
        server.get("/x")


def test_a_token_is_never_sent_to_another_server() -> None:
    with (
        local_server(lambda asked: Answer({})) as other,
        local_server(lambda asked: Answer({})) as there,
        Server(there.address, token="secret", manners=HASTY) as server,
    ):
        with pytest.raises(Broken, match="another server"):
            server.get(f"{other.address}/x")
        server.get("/x")
    assert other.asked == []
    assert there.asked[0].headers["Authorization"] == "Bearer secret"


def signal(number: int, slug: str = "huisafval", **changed: Any) -> dict[str, Any]:
    return {
        "id": number, "text": "Bags at my door, call me", "created_at": "2026-11-20T10:00:00+01:00",
        "incident_date_start": "2026-11-20T09:00:00+01:00", "status": {"state": "m"},
        "category": {"sub_slug": slug}, "reporter": {"email": "a@example.org"},
        "location": {"geometrie": {"type": "Point", "coordinates": [4.8936, 52.3731]}},
    } | changed  # fmt: skip


def signals(rows: list[dict[str, Any]]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if asked.method == "PATCH":
            taken = not asked.path.endswith("/2")
            return Answer({}) if taken else Answer("state 'a' to 'o' is not allowed", 400)
        second = "page=2" in asked.path
        following = None if second else f"http://{asked.headers['Host']}{signalen.BASE}?page=2"
        half = len(rows) // 2
        return Answer({
            "_links": {"next": {"href": following}}, "count": len(rows),
            "results": rows[half:] if second else rows[:half],
        })  # fmt: skip

    return answer


def test_reports_come_in_and_go_back_as_handled_after_the_visit(store: Store) -> None:
    rows = [signal(1), signal(2), signal(3, "container-is-kapot"), signal(4, status={"state": "a"})]
    with (
        local_server(signals(rows)) as there,
        Server(there.address, token="t", manners=HASTY) as server,
    ):
        report = import_pages(store, "s", lambda start: signalen.reports(server, CITY, start))
        assert (report.read, report.added, report.set_aside) == (4, 2, 0)
        (case,) = merge_evidence(store, NOW).open_cases
        record_visit(store, case.id, at=NOW, by="crew", found=True)
        assert tell_reporters(store, server, NOW) == (1, 1)
    patches = [asked for asked in there.asked if asked.method == "PATCH"]
    assert patches[0].path == "/signals/v1/private/signals/1"
    assert patches[0].content["status"]["state"] == "o"
    assert "23-11-2026" in patches[0].content["status"]["text"]
    (waiting,) = cases.waiting(store, "signalen")
    assert (waiting.ref, waiting.attempts) == ("2", 1)
    assert "not allowed" in waiting.last_error


def test_a_report_without_a_place_is_set_aside_without_who_sent_it(store: Store) -> None:
    rows = [signal(1, location={}), signal(2, created_at="2026-11-30T10:00:00+01:00")]
    with local_server(signals(rows)) as there, Server(there.address, manners=HASTY) as server:
        report = import_pages(store, "s", lambda start: signalen.reports(server, CITY, start))
    assert report.reasons == {"record-without-position": 1, "time-in-future": 1}
    kept = str([record.raw for record in imports.aside(store)])
    assert "'id': 1" in kept
    assert "example.org" not in kept
    assert "door" not in kept


def broker(rows: list[dict[str, Any]]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        offset = int(asked.path.partition("offset=")[2].partition("&")[0])
        return Answer(rows[offset : offset + fiware.PAGE_SIZE])

    return answer


def bin_entity(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "id": name, "type": "WasteContainer", "fillingLevel": 0.7, "storedWasteKind": ["glass"],
        "location": {"type": "Point", "coordinates": [4.8936, 52.3731]},
        "dateObserved": "2026-11-23T07:00:00Z",
    } | changed  # fmt: skip


def test_sensors_tell_fill_levels_in_either_form_and_emptyings_as_visits(store: Store) -> None:
    containers.put(store, [stood("G1", X, Fraction.GLASS)])
    normalized = {
        "id": "urn:x:2", "type": "WasteContainer", "fillingLevel": {"type": "Number", "value": 0.2},
        "location": {"type": "geo:json", "value": {"type": "Point", "coordinates": [4.9, 52.36]}},
        "TimeInstant": {"type": "DateTime", "value": "2026-11-23T06:00:00Z"},
        "dateLastEmptying": {"type": "DateTime", "value": "2026-11-22T06:00:00Z"},
    }  # fmt: skip
    rows = [
        bin_entity("urn:ngsi-ld:WasteContainer:G1"), normalized,
        bin_entity("percent", fillingLevel=70), bin_entity("nowhere", location=None),
        bin_entity("oil", storedWasteKind="oil"),
    ]  # fmt: skip
    with local_server(broker(rows)) as there, Server(there.address, manners=HASTY) as server:
        at = containers_at(store)
        report = import_pages(store, "f", lambda start: fiware.containers(server, CITY, at, start))
    assert report.reasons == {"fill-level": 1, "record-without-position": 1, "unknown-fraction": 1}
    records = ledger.since(store, NOW - timedelta(days=9), NOW)
    assert [(r.value, r.container_id) for r in records] == [(0.2, None), (0.7, "G1")]
    (visit,) = cases.visits(store, NOW - timedelta(days=9))
    assert visit.at == datetime(2026, 11, 22, 6, tzinfo=UTC)
    (percent,) = [r for r in imports.aside(store) if r.raw["id"] == "percent"]
    assert "percent" in percent.faults[0].cause


def test_a_sensor_that_saw_an_emptying_tells_it_of_its_container(store: Store) -> None:
    containers.put(store, [stood("G1", X, Fraction.GLASS)])
    rows = [bin_entity("G1", fillingLevel=None, dateLastEmptying="2026-11-22T06:00:00Z")]
    with local_server(broker(rows)) as there, Server(there.address, manners=HASTY) as server:
        at = containers_at(store)
        for expected in (1, 0):
            report = import_pages(
                store, "f", lambda start: fiware.containers(server, CITY, at, start)
            )
            assert report.added == expected
    (record,) = ledger.since(store, NOW - timedelta(days=9), NOW)
    assert (record.kind, record.container_id) == (EvidenceKind.EMPTIED, "G1")


def test_a_broker_is_asked_page_after_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fiware, "PAGE_SIZE", 2)
    rows = [bin_entity(f"urn:{n}") for n in range(5)]
    with local_server(broker(rows)) as there, Server(there.address, manners=HASTY) as server:
        at = containers_at(store)
        report = import_pages(store, "f", lambda start: fiware.containers(server, CITY, at, start))
    assert (report.read, len(there.asked)) == (5, 3)


def test_each_source_has_a_verb_that_needs_an_address_only(store: Store) -> None:
    tables = {
        "containertype": [{"id": 7, "naam": "Ondergronds", "volumeM3": 5}],
        "container": [{"id": "A", "status": 1, "fractieOmschrijving": "Rest",
                       "containertypeId": 7, "geometrie": rd_point()}],
        "weging": [weighed(1)],
        "bijplaatsingen": [{"id": "i", "datumWaarneming": "2026-11-20", "geometrie": rd_point()}],
    }  # fmt: skip
    with local_server(dso(tables)) as there:
        assert import_amsterdam(store, "containers", there.address).added == 1
        assert import_amsterdam(store, "weighings", there.address).added == 1
        assert import_amsterdam(store, "inspections", there.address).added == 1
    with local_server(signals([signal(1)])) as there:
        assert import_signalen(store, there.address, "t").added == 1
        assert tell_signalen(store, there.address, "t") == (0, 0)
    with local_server(broker([bin_entity("urn:1")])) as there:
        assert import_fiware(store, there.address).added == 1
