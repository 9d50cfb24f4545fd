"""What else an extract knows about the street: its waste points, addresses and names."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
from numpy.typing import NDArray
from shapely import STRtree, points
from shapely.errors import ShapelyError

from city.errors import BadInput, Fault
from routing.roads.extracts import check_extract

LAYERS_INI = Path(__file__).with_name("osm_layers.ini")
WASTE_AMENITIES = ("waste_basket", "waste_disposal", "recycling")
MAIN_STREETS = ("primary", "secondary", "tertiary", "unclassified", "residential")
METRES_PER_DEGREE = 111_320.0

Lonlat = tuple[float, float]


@dataclass(frozen=True)
class WastePoint:
    """A place for waste that OpenStreetMap knows.

    Parameters
    ----------
    osm_id : such as "node/123"; the same in every extract that holds it.
    amenity : "waste_basket", "waste_disposal" or "recycling".
    name : its name or its operator's; mostly empty.
    accepts : what a recycling point takes, in OpenStreetMap's words ("glass_bottles", "paper").
    lonlat : degrees.
    """

    osm_id: str
    amenity: str
    name: str
    accepts: tuple[str, ...]
    lonlat: Lonlat


@dataclass(frozen=True)
class Address:
    """A house number at its place."""

    street: str
    number: str
    postcode: str
    town: str
    lonlat: Lonlat

    def __str__(self) -> str:
        return f"{self.street} {self.number}"


@dataclass(frozen=True)
class StreetLine:
    """A stretch of a named street: (k, 2) float64 lon/lat degrees."""

    name: str
    highway: str
    lonlat: NDArray[np.float64]


class AddressBook:
    """Addresses that can be asked which is nearest."""

    def __init__(self, known: Sequence[Address]) -> None:
        self._known = tuple(known)
        lonlat = np.array([address.lonlat for address in known], dtype=np.float64).reshape(-1, 2)
        # Degrees of longitude shrink with latitude: measure in degrees of latitude.
        self._squeeze = float(np.cos(np.radians(lonlat[:, 1].mean()))) if len(lonlat) else 1.0
        self._tree = STRtree(points(lonlat * (self._squeeze, 1.0)))

    def __len__(self) -> int:
        return len(self._known)

    def nearest(self, lonlat: Lonlat, within_m: float = 60.0) -> Address | None:
        """Return the nearest address, or None where none lies within ``within_m``."""
        here = points(lonlat[0] * self._squeeze, lonlat[1])
        found = self._tree.query_nearest(here, within_m / METRES_PER_DEGREE, all_matches=False)
        return self._known[int(found[0])] if len(found) else None


def waste_points(extract: Path) -> tuple[WastePoint, ...]:
    """Return every waste basket, waste disposal and recycling point, in order of their ids."""
    found = [
        WastePoint(
            osm_id=row["osm_id"],
            amenity=row["amenity"],
            name=row["name"] or _tags(row["other_tags"]).get("operator", ""),
            accepts=_accepted(_tags(row["other_tags"])),
            lonlat=row["lonlat"],
        )
        for row in _places(extract, ("name", "amenity", "other_tags"))
        if row["amenity"] in WASTE_AMENITIES
    ]
    return tuple(sorted(found, key=lambda point: point.osm_id))


def addresses(extract: Path) -> tuple[Address, ...]:
    """Return every house number that has a street, of doors and of whole buildings."""
    columns = ("addr:street", "addr:housenumber", "addr:postcode", "addr:city")
    found = [
        Address(
            street=row["addr:street"],
            number=row["addr:housenumber"],
            postcode=row["addr:postcode"],
            town=row["addr:city"],
            lonlat=row["lonlat"],
        )
        for row in _places(extract, columns)
        if row["addr:street"] and row["addr:housenumber"]
    ]
    return tuple(sorted(found, key=lambda at: (at.street, at.number, at.lonlat)))


def street_lines(extract: Path) -> tuple[StreetLine, ...]:
    """Return every stretch of street that has a name."""
    frame = read_layer(extract, "lines", ("name", "highway"))
    frame = frame[frame["name"].notna() & frame["highway"].notna()]
    return tuple(
        StreetLine(row.name_, row.highway, np.asarray(row.geometry.coords, dtype=np.float64))
        for row in frame.rename(columns={"name": "name_"}).itertuples()
    )


def street_middles(extract: Path, most: int = 200) -> NDArray[np.float64]:
    """Return (n, 2) lon/lat degrees of places on streets for cars, spread over the extract."""
    frame = read_layer(extract, "lines", ("highway",))
    lines = frame.geometry[frame["highway"].isin(MAIN_STREETS)]
    chosen = lines.iloc[:: max(1, len(lines) // most)]
    middles = [line.interpolate(0.5, normalized=True) for line in chosen]
    return np.array([(at.x, at.y) for at in middles], dtype=np.float64).reshape(-1, 2)


def read_layer(extract: Path, layer: str, columns: Iterable[str]) -> Any:
    """Read a layer of an extract as a GeoDataFrame in lon/lat degrees.

    Geometries that are broken in the extract (cut at its edge) are mended or left out.

    Parameters
    ----------
    layer : "points", "lines" or "multipolygons".
    columns : of those that ``osm_layers.ini`` names.

    Raises
    ------
    BadInput
        When the file is no whole extract.
    """
    check_extract(extract)
    try:
        with warnings.catch_warnings():
            # GDAL tells of every ring that the edge of the extract cuts open.
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(
                extract,
                layer=layer,
                columns=list(columns),
                on_invalid="ignore",
                CONFIG_FILE=str(LAYERS_INI),
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ShapelyError) as error:
        cause = f"GDAL cannot read its {layer}: {error}"
        fault = Fault("extract-damaged", extract.name, cause, "Download the extract again.")
        raise BadInput(fault) from error
    return frame[frame.geometry.notna() & ~frame.geometry.is_empty]


def _places(extract: Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return nodes and areas alike as rows with a ``lonlat``; absent values are empty text."""
    rows: list[dict[str, Any]] = []
    for layer, ids in (("points", ("osm_id",)), ("multipolygons", ("osm_id", "osm_way_id"))):
        frame = read_layer(extract, layer, (*ids, *columns))
        at = frame.geometry.representative_point()
        frame = frame.drop(columns="geometry").astype(object).where(lambda cells: cells.notna(), "")
        for row, lon, lat in zip(frame.to_dict("records"), at.x, at.y, strict=True):
            place = (round(float(lon), 7), round(float(lat), 7))
            rows.append({**row, "osm_id": _osm_id(layer, row), "lonlat": place})
    return rows


def _osm_id(layer: str, row: dict[str, Any]) -> str:
    if layer == "points":
        return f"node/{row['osm_id']}"
    return f"relation/{row['osm_id']}" if row["osm_id"] else f"way/{row['osm_way_id']}"


def _tags(hstore: str) -> dict[str, str]:
    """Read GDAL's text of the tags that have no column: ``"key"=>"value","key"=>"value"``."""
    return dict(re.findall(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"', hstore))


def _accepted(tags: dict[str, str]) -> tuple[str, ...]:
    prefix = "recycling:"
    return tuple(
        sorted(
            key.removeprefix(prefix)
            for key in tags
            if key.startswith(prefix) and tags[key] == "yes"
        )
    )
