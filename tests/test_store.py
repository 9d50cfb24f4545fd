"""What the store keeps comes back as it was, once, and only to its own municipality."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from city.container import Container, ContainerKind, Gear
from city.errors import Broken, NotFound
from city.evidence import Evidence, EvidenceKind
from city.fleet import Fleet, Site, Vehicle, Window
from city.fraction import Fraction
from city.municipality import Municipality
from city.photo import PhotoRecord, SeenObject
from city.place import Bounds, Position
from city.plan import Choice, DayPlan, Plan, ReasonCode, Route, Verdict, Visit, VisitKind
from city.store import (
    Store,
    containers,
    fleets,
    ledger,
    municipalities,
    open_store,
    photos,
    plans,
)
from city.store.tables import metadata

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SQUARE = Position(24.94, 60.17)
BIN = Container("B-1", SQUARE, Fraction.GLASS, ContainerKind.BANK, 3000, address="Torikatu 1")


def town(name: str) -> Municipality:
    return Municipality(
        name, name.title(), "Europe/Helsinki", Bounds(24, 60, 25, 61), (("en", "Simulated."),)
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "town.sqlite", "town")
    municipalities.put(opened, town("town"))
    yield opened
    opened.close()


def day_plan() -> DayPlan:
    visits = (Visit(VisitKind.START, "depot", 0, 0), Visit(VisitKind.END, "depot", 60, 60, 60, 9))
    choice = Choice(
        "B-1", Verdict.MUST, ReasonCode.OVERFLOW_SEEN, 0.9, 0.8, 1.1, 0.97, 50, 2700, 900
    )
    plan = Plan((Route("KW-1", visits),), ())
    return DayPlan("P1", "town", date(2026, 11, 23), NOON, "by hand", plan, (choice,))


def test_migrations_make_exactly_the_tables_that_the_code_describes(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_every_table_but_that_of_people_names_its_municipality() -> None:
    named = {t.name for t in metadata.tables.values() if "municipality_id" in t.c}
    # An account may work for several; its duties say for which.
    assert metadata.tables.keys() - named == {"municipality", "account"}


def test_opening_twice_keeps_what_is_there(store: Store, tmp_path: Path) -> None:
    containers.put(store, [BIN])
    again = open_store(tmp_path / "town.sqlite", "town")
    assert containers.every(again) == (BIN,)
    again.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("these are notes, not a database, " * 100)
    with pytest.raises(Broken, match=r"notes\.sqlite"):
        open_store(path, "town")


def test_nouns_come_back_as_they_were(store: Store) -> None:
    vehicle = Vehicle("KW-1", "Crane", "D", (Fraction.GLASS,), Gear.CRANE, 9000, 60_000,
                      Window(6 * 3600, 15 * 3600))  # fmt: skip
    fleet = Fleet((vehicle,), (Site("D", "Depot", SQUARE),), ())
    photo = PhotoRecord("ab", "a.jpg", NOON, NOON, SQUARE, None, 640, 480, 0.01, "m",
                        (SeenObject("bag", (1.0, 2.0, 3.0, 4.0), 0.5, "B-1"),))  # fmt: skip
    containers.put(store, [BIN])
    fleet_id = fleets.put(store, fleet)
    photos.put(store, photo)
    plans.add(store, day_plan(), b"problem", {"model": "m"})
    assert municipalities.get(store) == town("town")
    assert containers.get(store, "B-1") == BIN
    assert fleets.get(store) == (fleet_id, fleet)
    assert photos.get(store, "ab") == photo
    assert plans.get(store, "P1") == day_plan()
    assert plans.problem(store, "P1") == b"problem"
    assert plans.provenance(store, "P1") == {"model": "m"}


def test_the_ledger_counts_the_same_record_once(store: Store) -> None:
    record = Evidence(EvidenceKind.REPORT, 1.0, NOON, NOON, "citizen", "r/1", SQUARE, 15.0, "B-1")
    assert ledger.add(store, [record, record]) == 1
    assert ledger.add(store, [record]) == 0
    assert ledger.since(store, NOON - timedelta(days=1), NOON) == (record,)


def test_what_was_heard_later_is_not_known_yet(store: Store) -> None:
    late = Evidence(
        EvidenceKind.REPORT, 1.0, NOON, NOON + timedelta(days=1), "citizen", "r/2", SQUARE, 15.0
    )
    ledger.add(store, [late])
    assert ledger.since(store, NOON - timedelta(days=1), NOON) == ()


def test_another_municipality_sees_nothing_of_it(store: Store) -> None:
    containers.put(store, [BIN])
    plans.add(store, day_plan(), b"", {})
    other = Store(store.engine, "village")
    municipalities.put(other, town("village"))
    assert containers.every(other) == ()
    assert plans.ids(other) == ()
    with pytest.raises(NotFound):
        plans.get(other, "P1")


def test_rows_of_an_unknown_municipality_are_refused(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        containers.put(Store(store.engine, "nowhere"), [BIN])
