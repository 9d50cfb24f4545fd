"""Ledger and plans as files that other tools read."""

import io
import tempfile
from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.hand_made_city import PLAN_ID, day_plan, evidence, make, place


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    city = make(tmp_path_factory.mktemp("city") / "home")
    with TestClient(create_app(city.settings)) as opened:
        yield opened


def table(client: TestClient, name: str, form: str, query: str = "") -> pd.DataFrame:
    answer = client.get(f"/v1/downloads/{name}?format={form}{query}")
    assert answer.status_code == 200, answer.text
    assert f'filename="hand-made-{name}.{form}"' in answer.headers["content-disposition"]
    content = io.BytesIO(answer.content)
    if form == "csv":
        return pd.read_csv(content)
    if form == "parquet":
        return gpd.read_parquet(content)
    with tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
        file.write(answer.content)
        file.flush()
        return pyogrio.read_dataframe(file.name)


@pytest.mark.parametrize("form", ["csv", "gpkg", "parquet"])
def test_every_record_of_the_ledger_is_in_each_format(client: TestClient, form: str) -> None:
    found = table(client, "ledger", form)
    assert set(found["id"]) == {record.id for record in evidence()}
    if form != "csv":
        assert found.crs == "EPSG:4326"
        assert found.geometry.iloc[0].x == pytest.approx(place(0, 0).lon)
    seen = pd.to_datetime(found["seen_at"], utc=True)
    assert set(seen) == {pd.Timestamp(record.seen_at) for record in evidence()}


@pytest.mark.parametrize("form", ["csv", "gpkg", "parquet"])
def test_every_choice_of_a_plan_is_in_each_format(client: TestClient, form: str) -> None:
    found = table(client, "plans", form).set_index("container_id")
    assert len(found) == len(day_plan().choices)
    assert set(found["plan_id"]) == {PLAN_ID}
    second = found.loc["B-03"]
    assert (second["vehicle_id"], second["stop_number"], second["verdict"]) == ("KW-1", 2, "must")
    assert pd.isna(found.loc["B-13", "vehicle_id"])


def test_a_time_without_anything_is_a_table_without_rows(client: TestClient) -> None:
    for name in ("ledger", "plans"):
        for form in ("csv", "gpkg", "parquet"):
            assert len(table(client, name, form, "&datetime=2000-01-01T00:00:00Z")) == 0
