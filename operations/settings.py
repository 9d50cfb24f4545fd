"""Settings, constructed and handed on; never imported as a global."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from city.errors import BadInput, Fault
from city.fraction import Fraction

MOST_POSITION_MINUTES = 24 * 60
"""The planner of the day needs no other day's positions."""

DaysByFraction = tuple[tuple[Fraction, int], ...]
Weekdays = tuple[int, ...]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _days_by_fraction(text: str) -> tuple[tuple[Fraction, int], ...]:
    pairs = (part.split("=") for part in text.split(",") if part.strip())
    return tuple((Fraction(name.strip()), int(days)) for name, days in pairs)


def _weekdays(text: str) -> Weekdays:
    return tuple(sorted({WEEKDAYS.index(d.strip()) for d in text.lower().split(",") if d.strip()}))


def _yes_or_no(text: str) -> bool:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
        text.strip().lower()
    ]


_READ: dict[str, Callable[[str], Any]] = {
    "Path": Path,
    "str": str,
    "int": int,
    "float": float,
    "bool": _yes_or_no,
    "DaysByFraction": _days_by_fraction,
    "Weekdays": _weekdays,
}

_FORMS = {
    "bool": "must be yes or no.",
    "DaysByFraction": "must be fractions with days, such as organic=7,glass=28.",
    "Weekdays": "must be weekdays, such as tue,fri.",
}


@dataclass(frozen=True)
class Settings:
    """Everything that can be set; each has its line in ``docs/reference/settings.md``.

    Parameters
    ----------
    home : folder that holds all of one city: database, roads, photos, sheets.
    municipality : id of the municipality that is worked for.
    language : of sheets and summaries, ``nl`` or ``en``.
    address : where people reach the server; links that are printed or sent begin with it.
    demo : whether everybody may look on without a password; for a demonstration only.
    open_data : whether anybody may read the containers and how full they are believed to be.
    position_minutes : how long the last place of a truck is kept, whose crew shares it with the
        planner; 0 where none is taken.
    session_hours : how long somebody stays logged in who does nothing.
    oidc_issuer, oidc_client_id, oidc_client_secret : the organisation's own accounts, by OpenID
        Connect; none if empty. A public client has no secret.
    oidc_claim : of the provider's token, that accounts are named by.
    solve_seconds : how long the solver may search for each plan.
    camera_height_m : of the lens above the street.
    field_of_view_deg : along the longer side, of cameras that do not write their focal length.
    gps_error_m, heading_error_deg : standard errors of cameras' positions (per axis) and headings.
    device : that the networks run on, as OpenVINO calls it; ``AUTO`` is a GPU where there is one.
    tile_from_px : photos whose longest side has so many pixels are read in tiles too; 0 is none.
    refuse_without_blur_model : whether photos are refused while the face finder is missing.
    must_p_overflow : probability of overflow from which a container has to be emptied.
    overflow_price_cents : what a certain overflow costs; the price of skipping is its share.
    max_days_unemptied : no container waits longer for an emptying, whatever is believed.
    max_days_by_fraction : the same, of fractions for which it is another: ``organic=7,glass=28``.
    succession_price_cents, truck_price_cents : what the search holds against a stop that another
        stop follows, or another truck serves, than in the rounds that crews know.
    spread_price_cents_per_km, long_day_price_cents_per_hour, crossing_price_cents : the same, for
        a stop's way from the middle of its route, for work beyond the mean of its kind of truck,
        and for a stop that is reached from the other side of its street.
    collection_weekdays : on which trucks come, Monday is 0 (written ``tue,fri``); where none are
        set, the chance after a plan's is taken to be the day after next.
    """

    home: Path = Path(".stadsronde")
    municipality: str = "helsinki-demo"
    language: str = "en"
    address: str = "http://127.0.0.1:8000"
    demo: bool = False
    open_data: bool = False
    position_minutes: int = 0
    session_hours: int = 12
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_claim: str = "email"
    solve_seconds: float = 8.0
    camera_height_m: float = 1.6
    field_of_view_deg: float = 69.4
    gps_error_m: float = 5.0
    heading_error_deg: float = 5.0
    device: str = "CPU"
    tile_from_px: int = 2000
    refuse_without_blur_model: bool = True
    must_p_overflow: float = 0.5
    overflow_price_cents: int = 6_000
    max_days_unemptied: int = 21
    max_days_by_fraction: DaysByFraction = ()
    succession_price_cents: int = 30
    truck_price_cents: int = 60
    spread_price_cents_per_km: int = 10
    long_day_price_cents_per_hour: int = 0
    crossing_price_cents: int = 0
    collection_weekdays: Weekdays = ()

    def __post_init__(self) -> None:
        if self.language not in ("nl", "en"):
            raise BadInput(_fault("language", self.language, "must be 'nl' or 'en'."))
        if self.session_hours < 1:
            raise BadInput(_fault("session_hours", str(self.session_hours), "must be above 0."))
        if not 0 <= self.position_minutes <= MOST_POSITION_MINUTES:
            cause = f"must lie within 0 and {MOST_POSITION_MINUTES}."
            raise BadInput(_fault("position_minutes", str(self.position_minutes), cause))
        if self.oidc_issuer and not self.oidc_client_id:
            raise BadInput(_fault("oidc_client_id", "", "must be given with an issuer."))
        if not self.solve_seconds > 0:
            raise BadInput(_fault("solve_seconds", str(self.solve_seconds), "must be above 0."))
        for field, most in (
            ("camera_height_m", 10.0),
            ("field_of_view_deg", 170.0),
            ("gps_error_m", 100.0),
            ("heading_error_deg", 90.0),
        ):
            value = getattr(self, field)
            if not 0 < value <= most:
                raise BadInput(_fault(field, str(value), f"must lie within 0 and {most:g}."))
        if self.tile_from_px < 0:
            raise BadInput(_fault("tile_from_px", str(self.tile_from_px), "must not be below 0."))
        if not 0 < self.must_p_overflow <= 1:
            raise BadInput(
                _fault("must_p_overflow", str(self.must_p_overflow), "must lie within 0 and 1.")
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the defaults, changed by variables such as ``STADSRONDE_HOME``."""
        changes: dict[str, Any] = {}
        for field in fields(cls):
            text = environment.get(f"STADSRONDE_{field.name.upper()}")
            if text is None:
                continue
            try:
                changes[field.name] = _READ[str(field.type)](text)
            except (ValueError, KeyError):
                raise BadInput(
                    _fault(
                        field.name,
                        text,
                        f"{_FORMS.get(str(field.type), f'must be a {field.type}.')}",
                    )
                ) from None
        return cls(**changes)

    def replace(self, **changes: Any) -> Self:
        """Return the settings with some exchanged."""
        return replace(self, **changes)

    @property
    def session_span(self) -> timedelta:
        """How long a session lives that is not used."""
        return timedelta(hours=self.session_hours)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.home / "stadsronde.sqlite"

    @property
    def roads(self) -> Path:
        """The folder of built road data."""
        return self.home / "roads"

    @property
    def base_maps(self) -> Path:
        """The folder of drawn base maps."""
        return self.home / "base-maps"

    @property
    def own_models(self) -> Path:
        """The folder of what a user's own checkpoints were exported to."""
        return self.home / "own-models"

    @property
    def simulations(self) -> Path:
        """Results of `stadsronde simulate`, a folder each."""
        return self.home / "simulations"

    def agreement(self, municipality_id: str) -> Path:
        """What a municipality agreed on for shadow mode."""
        return self.home / "agreements" / f"{municipality_id}.toml"

    def tokens(self, municipality_id: str) -> Path:
        """A municipality's own colours: a style sheet that sets design tokens anew."""
        return self.home / "tokens" / f"{municipality_id}.css"

    @property
    def evaluations(self) -> Path:
        """The folder of the reports that analysts see, one folder a report."""
        return self.home / "evaluations"

    @property
    def photos(self) -> Path:
        """The folder of blurred photos."""
        return self.home / "photos"

    @property
    def sheets(self) -> Path:
        """The folder of route sheets, one folder a plan."""
        return self.home / "sheets"


def _fault(field: str, value: str, cause: str) -> Fault:
    return Fault(
        code="setting",
        where="settings",
        field=field,
        value=value,
        cause=f"{field} {cause}",
        remedy=f"Change the option or the variable STADSRONDE_{field.upper()}.",
    )
