"""Settings: defaults, the environment, and a line in the docs for each."""

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from city.errors import BadInput
from city.fraction import Fraction
from operations.plan_for_day import NEXT_CHANCE_AFTER, next_round
from operations.settings import Settings

DOCS = Path(__file__).resolve().parents[1] / "docs" / "reference" / "settings.md"


def test_every_setting_has_its_line_in_the_docs_with_its_default() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for field in fields(Settings):
        variable = f"STADSRONDE_{field.name.upper()}"
        assert f"| {field.name} | `{variable}` | `{field.default}` |" in text


def test_the_environment_overrules_the_defaults() -> None:
    settings = Settings.from_environment(
        {
            "STADSRONDE_SOLVE_SECONDS": "30",
            "STADSRONDE_HOME": "city",
            "STADSRONDE_MAX_DAYS_BY_FRACTION": "organic=7, glass=28",
            "STADSRONDE_COLLECTION_WEEKDAYS": "fri, Tue",
            "PATH": "/bin",
        }
    )
    assert dict(settings.max_days_by_fraction) == {Fraction.ORGANIC: 7, Fraction.GLASS: 28}
    assert settings.collection_weekdays == (1, 4)
    assert settings.solve_seconds == 30.0
    assert settings.database == Path("city/stadsronde.sqlite")


@pytest.mark.parametrize(
    ("name", "text"),
    [("SOLVE_SECONDS", "soon"), ("SOLVE_SECONDS", "0"), ("LANGUAGE", "fy"),
     ("MUST_P_OVERFLOW", "1.5"), ("MAX_DAYS_UNEMPTIED", "3.5"),
     ("MAX_DAYS_BY_FRACTION", "bread=7"), ("MAX_DAYS_BY_FRACTION", "glass"),
     ("COLLECTION_WEEKDAYS", "someday")],
)  # fmt: skip
def test_a_setting_that_cannot_be_names_itself_and_the_remedy(name: str, text: str) -> None:
    with pytest.raises(BadInput, match=f"STADSRONDE_{name}"):
        Settings.from_environment({f"STADSRONDE_{name}": text})


def test_what_waits_waits_until_the_next_weekday_on_which_trucks_come() -> None:
    friday = date(2026, 11, 27)
    assert next_round(friday, (1, 4), NEXT_CHANCE_AFTER) == date(2026, 12, 1)
    assert next_round(friday, (4,), NEXT_CHANCE_AFTER) == date(2026, 12, 4)
    assert next_round(friday, (), NEXT_CHANCE_AFTER) == date(2026, 11, 29)
