"""Settings: defaults, the environment, and a line in the docs for each."""

from dataclasses import fields
from pathlib import Path

import pytest

from city.errors import BadInput
from city.fraction import Fraction
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
            "PATH": "/bin",
        }
    )
    assert dict(settings.max_days_by_fraction) == {Fraction.ORGANIC: 7, Fraction.GLASS: 28}
    assert settings.solve_seconds == 30.0
    assert settings.database == Path("city/stadsronde.sqlite")


@pytest.mark.parametrize(
    ("name", "text"),
    [("SOLVE_SECONDS", "soon"), ("SOLVE_SECONDS", "0"), ("LANGUAGE", "fy"),
     ("MUST_P_OVERFLOW", "1.5"), ("MAX_DAYS_UNEMPTIED", "3.5"),
     ("MAX_DAYS_BY_FRACTION", "bread=7"), ("MAX_DAYS_BY_FRACTION", "glass")],
)  # fmt: skip
def test_a_setting_that_cannot_be_names_itself_and_the_remedy(name: str, text: str) -> None:
    with pytest.raises(BadInput, match=f"STADSRONDE_{name}"):
        Settings.from_environment({f"STADSRONDE_{name}": text})
