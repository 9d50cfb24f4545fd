"""Each format holds the whole route in order, and is what it says it is."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from pypdf import PdfReader

from city.fraction import Fraction
from city.place import Position
from city.plan import VisitKind
from city.wording import LANGUAGES, Language
from routing.sheets import FORMATS, Sheet, SheetLine, StopFacts, geojson, gpx, html, pdf
from routing.sheets import csv as csv_format
from routing.sheets.drawing import route_map
from routing.sheets.pictograms import PICTOGRAMS
from tests import sheet_examples as town

GPX = {"g": gpx.NAMESPACE}


class _StopIds(HTMLParser):
    """Reads the container ids of a page: the last bold text of each stop's line."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self._bold: list[str] | None = None
        self._in_stop = self._in_bold = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "div" and given.get("class") == "stop":
            self._in_stop = True
        if tag == "p" and given.get("class") == "what" and self._in_stop:
            self._bold = []
        self._in_bold = tag == "b"

    def handle_endtag(self, tag: str) -> None:
        if tag == "p" and self._bold is not None:
            self.ids.append(self._bold[-1])
            self._bold, self._in_stop = None, False
        self._in_bold = False

    def handle_data(self, data: str) -> None:
        if self._in_bold and self._bold is not None:
            self._bold.append(data)


def from_html(content: bytes, _wanted: list[str]) -> list[str]:
    reader = _StopIds()
    reader.feed(content.decode())
    return reader.ids


def from_gpx(content: bytes, _wanted: list[str]) -> list[str]:
    points = ET.fromstring(content).findall("g:rte/g:rtept", GPX)
    return [p.findtext("g:cmt", "", GPX) for p in points if p.findtext("g:type", "", GPX) == "stop"]


def from_geojson(content: bytes, _wanted: list[str]) -> list[str]:
    features = json.loads(content)["features"]
    stops = [f["properties"] for f in features if f["properties"]["kind"] == "stop"]
    return [each["container_id"] for each in stops]


def from_csv(content: bytes, _wanted: list[str]) -> list[str]:
    return [unguarded(row["container"]) for row in table(content) if row["stop"]]


def from_pdf(content: bytes, wanted: list[str]) -> list[str]:
    """Return those of the wanted ids that follow each other in the text.

    A PDF maps a glyph to text once, so an accent on one letter of a name may come back with the
    same letter elsewhere: only what ids consist of is read.
    """
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    text = re.sub("[^A-Z0-9-]", "", text)
    found: list[str] = []
    for name in wanted:
        before, met, text = text.partition(name)
        if not met:
            return [*found, f"not after: {before[-40:]}"]
        found.append(name)
    return found


READERS: dict[str, Callable[[bytes, list[str]], list[str]]] = {
    "pdf": from_pdf,
    "html": from_html,
    "gpx": from_gpx,
    "geojson": from_geojson,
    "csv": from_csv,
}


def table(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    separator = ";" if text.startswith("volgorde") else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    return [dict(zip(csv_format.COLUMNS["en"], row, strict=True)) for row in rows[1:]]


def unguarded(cell: str) -> str:
    return cell.removeprefix("'")


def ids_of(sheet: Sheet) -> list[str]:
    return [line.stop.container_id for line in sheet.stops if line.stop]


def sheet(language: Language = "nl", stops: int = 3, **changes: Any) -> Sheet:
    lines = [SheetLine(VisitKind.START, 21_600, 21_600, place="Werf", position=town.corner(0, 0))]
    for number in range(1, stops + 1):
        facts = StopFacts(
            f"HEL-{number:04d}", town.containers()["C1"].kind, 0.8, 0.6, 1.0, "Vol.", must=True
        )
        lines.append(
            SheetLine(
                VisitKind.STOP,
                21_600 + 300 * number,
                21_700 + 300 * number,
                number=number,
                place=f"Laan {number}",
                position=town.corner(number % 3, number % 2),
                fraction=Fraction.RESIDUAL,
                stop=facts,
                drive_s=120,
                length_m=400,
                load_kg=100 * number,
            )
        )
    lines.append(SheetLine(VisitKind.END, 40_000, 40_000, place="Werf", position=town.corner(0, 0)))
    made = Sheet(
        municipality="town",
        day=town.DAY,
        plan_id="plan-7f3a",
        made_at=town.MADE_AT,
        vehicle_id="truck-1",
        vehicle_name="Kraanwagen 1",
        language=language,
        lines=tuple(lines),
        geometry=tuple((p.lon, p.lat) for p in (town.corner(0, 0), town.corner(2, 1))),
        notices=(town.NOTICES[language],),
        attribution="© OpenStreetMap contributors (ODbL)",
    )
    return replace(made, **changes)


def with_place(made: Sheet, place: str, **facts: Any) -> Sheet:
    """Return the sheet with other texts at its first stop."""
    stop = made.lines[1]
    assert stop.stop is not None
    changed = replace(stop, place=place, stop=replace(stop.stop, **facts))
    return replace(made, lines=(made.lines[0], changed, *made.lines[2:]))


def test_every_format_has_a_reader_here() -> None:
    assert [form.suffix for form in FORMATS] == list(READERS)


@pytest.mark.parametrize("form", [f for f in FORMATS if f.suffix != "pdf"], ids=lambda f: f.suffix)
@given(made=town.sheets())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_stop_is_in_every_format_in_order(form: Any, made: Sheet) -> None:
    assert READERS[form.suffix](form.render(made), ids_of(made)) == ids_of(made)


@given(made=town.sheets())
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
    # Shrinking sets hundreds of documents for little more insight.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
def test_every_stop_is_in_the_pdf_in_order(made: Sheet) -> None:
    assert from_pdf(pdf.render(made), ids_of(made)) == ids_of(made)


# ---- html ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_its_language_and_needs_no_network(language: Language) -> None:
    page = html.render(sheet(language)).decode()
    assert f'<html lang="{language}">' in page
    assert not re.findall(r"""(?:src|href|url\()\s*=?\s*["']?(?!data:)(?:https?:)?//""", page)
    assert town.NOTICES[language] in page
    assert "© OpenStreetMap contributors" in page


def test_the_page_escapes_what_people_typed() -> None:
    nasty = '</li><script>alert("x")</script>'
    page = html.render(with_place(sheet(), nasty, access_note=nasty, reason=nasty)).decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;") >= 3


def test_the_plan_id_cannot_end_the_script() -> None:
    page = html.render(sheet(plan_id="</script><b>")).decode()
    assert page.count("</script>") == 1


def test_a_photo_travels_inside_the_page() -> None:
    made = sheet()
    stop = made.lines[1]
    assert stop.stop is not None
    shown = replace(stop, stop=replace(stop.stop, photo=b"\xff\xd8jpeg"))
    page = html.render(replace(made, lines=(made.lines[0], shown, *made.lines[2:]))).decode()
    assert page.count("data:image/jpeg;base64,/9hqcGVn") == 1


@pytest.mark.parametrize("fraction", Fraction)
def test_white_pictograms_stand_out_from_their_colour(fraction: Fraction) -> None:
    assert contrast("#ffffff", PICTOGRAMS[fraction].colour) >= 4.5


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "white"),
        ("soft", "white"),
        ("petrol", "white"),
        ("white", "petrol"),
        ("ink", "mist"),
        ("soft", "sand"),
        ("amber", "sand"),
    ],
)
def test_the_pages_colours_keep_wcag_aa(ink: str, paper: str) -> None:
    page = html.render(sheet()).decode()
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", page)) | {"white": "#ffffff"}
    assert contrast(colours[ink], colours[paper]) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


# ---- pdf -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pdf_page_is_numbered_and_says_what_readers_must_know(language: Language) -> None:
    reader = PdfReader(io.BytesIO(pdf.render(sheet(language, stops=40))))
    assert len(reader.pages) > 2
    for number, page in enumerate(reader.pages, start=1):
        text = " ".join(page.extract_text().split())
        word = {"nl": "Blad {} van {}", "en": "Page {} of {}"}[language]
        assert word.format(number, len(reader.pages)) in text
        assert town.NOTICES[language] in text
        assert "© OpenStreetMap contributors" in text
        assert page.mediabox.width == pytest.approx(595.28, abs=0.1)


def test_the_pdf_is_tagged_titled_and_in_its_language() -> None:
    reader = PdfReader(io.BytesIO(pdf.render(sheet("nl"))))
    assert reader.metadata is not None
    assert reader.metadata.title == "Routeblad Kraanwagen 1, dinsdag 24 november 2026"
    assert str(reader.root_object["/Lang"]).startswith("nl")
    assert "/Marked" in str(reader.root_object["/MarkInfo"])


def test_the_pdf_claims_the_accessibility_standard() -> None:
    metadata = PdfReader(io.BytesIO(pdf.render(sheet()))).xmp_metadata
    assert metadata is not None
    assert "pdfuaid:part" in metadata.rdf_root.toxml()


@pytest.mark.parametrize("name", ["日本 1", "Laan 😀", "Laan\x1b2"])
def test_a_name_without_glyphs_still_gives_a_sheet(name: str) -> None:
    reader = PdfReader(io.BytesIO(pdf.render(with_place(sheet(), name))))
    assert "HEL-0001" in reader.pages[0].extract_text()


def test_the_pdf_is_set_in_its_own_font() -> None:
    fonts: list[Any] = []
    page = PdfReader(io.BytesIO(pdf.render(sheet()))).pages[0]
    page.extract_text(visitor_text=lambda _text, _cm, _tm, font, _size: fonts.append(font))
    names = {str(font["/BaseFont"]) for font in fonts if font}
    assert names
    assert all("SourceSansPro" in name for name in names)


def test_one_sheet_is_one_pdf_byte_for_byte() -> None:
    assert pdf.render(sheet()) == pdf.render(sheet())


def test_typst_markup_in_names_stays_text() -> None:
    content = pdf.render(with_place(sheet(), "#panic() *Laan* $x$ <a> @b"))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "#panic() *Laan* $x$ <a> @b" in " ".join(text.split())


# ---- map -------------------------------------------------------------------------------------


@given(made=town.sheets())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_all_that_is_drawn_lies_on_the_map(made: Sheet) -> None:
    drawn = ET.fromstring(route_map(made, 400, 300))
    circles = drawn.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == len(made.stops)
    for circle in circles:
        assert 0 <= float(circle.attrib["cx"]) <= 400
        assert 0 <= float(circle.attrib["cy"]) <= 300


def test_a_depot_far_away_does_not_make_the_map_useless() -> None:
    made = sheet(stops=9)
    away = replace(made.lines[0], position=town.corner(200, 0))
    drawn = ET.fromstring(route_map(replace(made, lines=(away, *made.lines[1:])), 400, 300))
    labels = [e.text for e in drawn.findall("{http://www.w3.org/2000/svg}text")]
    assert {"1", "2", "3"} <= set(labels)


# ---- gpx, geojson, csv ------------------------------------------------------------------------


def test_gpx_keeps_the_order_of_its_schema() -> None:
    root = ET.fromstring(gpx.render(sheet()))
    assert root.tag == f"{{{gpx.NAMESPACE}}}gpx"
    assert root.attrib["version"] == "1.1"
    names = [re.sub("{.*}", "", child.tag) for child in root]
    assert list(dict.fromkeys(names)) == ["metadata", "wpt", "rte", "trk"]
    metadata = [re.sub("{.*}", "", child.tag) for child in root[0]]
    assert metadata == ["name", "desc", "copyright", "time"]
    assert root.findtext("g:metadata/g:time", "", GPX) == "2026-11-23T16:05:00Z"


def test_gpx_tracks_the_driven_line_and_names_the_stops() -> None:
    made = sheet()
    root = ET.fromstring(gpx.render(made))
    track = [
        (float(p.attrib["lon"]), float(p.attrib["lat"]))
        for p in root.iter(f"{{{gpx.NAMESPACE}}}trkpt")
    ]
    assert track == [pytest.approx(point, abs=1e-6) for point in made.geometry]
    waypoints = [p.findtext("g:name", "", GPX) for p in root.findall("g:wpt", GPX)]
    assert waypoints == ["Vertrek Werf", "1 Laan 1", "2 Laan 2", "3 Laan 3", "Einde dienst Werf"]


def test_gpx_survives_what_xml_cannot_hold() -> None:
    root = ET.fromstring(gpx.render(with_place(sheet(), "Laan\x00\x0b<&>\ufffe 1")))
    assert "Laan\ufffd\ufffd<&>\ufffd 1" in root.findall("g:wpt", GPX)[1].findtext(
        "g:name", "", GPX
    )


def test_geojson_is_a_line_then_the_lines_in_order() -> None:
    made = sheet()
    rest = SheetLine(VisitKind.BREAK, 30_000, 31_800)
    content = json.loads(
        geojson.render(replace(made, lines=(*made.lines[:2], rest, *made.lines[2:])))
    )
    assert set(content) == {"type", "features", "attribution", "notices", "duties"}
    route, *others = content["features"]
    assert route["geometry"]["type"] == "LineString"
    assert [f["properties"]["order"] for f in others] == list(range(len(others)))
    assert others[2] == {"type": "Feature", "geometry": None, "properties": others[2]["properties"]}
    assert {f["geometry"]["type"] for f in others if f["geometry"]} == {"Point"}
    lon, lat = others[1]["geometry"]["coordinates"]
    at = made.lines[1].position
    assert at is not None
    assert (lon, lat) == pytest.approx((at.lon, at.lat), abs=1e-6)


def test_csv_opens_in_dutch_and_english_excel() -> None:
    dutch, english = csv_format.render(sheet("nl")), csv_format.render(sheet("en"))
    assert dutch.startswith(b"\xef\xbb\xbfvolgorde;stop;")
    assert english.startswith(b"\xef\xbb\xbforder,stop,")
    assert dutch.count(b"\r\n") == len(sheet().lines) + 1
    assert table(dutch)[1]["longitude"] == table(english)[1]["longitude"].replace(".", ",")
    assert table(dutch)[1]["distance_km"] == "0,400"
    assert table(english)[1]["drive_min"] == "2.0"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n=", "＝", "\x00="])
def test_csv_holds_no_formula(start: str) -> None:
    nasty = f"{start}cmd|' /C calc'!A0"
    made = with_place(sheet(), nasty, container_id=nasty, access_note=nasty, reason=nasty)
    row = table(csv_format.render(made))[1]
    for column in ("address", "container", "access_note", "reason"):
        assert row[column].startswith("'")


def test_csv_leaves_negative_coordinates_numbers() -> None:
    made = sheet("en")
    west = replace(made.lines[0], position=Position(-3.188267, 55.953251))
    row = table(csv_format.render(replace(made, lines=(west, *made.lines[1:]))))[0]
    assert (row["longitude"], row["latitude"]) == ("-3.188267", "55.953251")
