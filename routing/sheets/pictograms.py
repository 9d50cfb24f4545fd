"""A colour and a pictogram for each fraction, drawn for this project on a field of 24 by 24.

Colours follow the Dutch habit (residual grey, paper blue, PMD orange, organic green), darkened
until the white drawing on them has a contrast of 4.5 to 1 (WCAG 2.1 AA). They never stand
alone: the fraction's name is always beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

from city.fraction import Fraction


@dataclass(frozen=True)
class Pictogram:
    """A colour (hexadecimal) and the drawing on it as an SVG path."""

    colour: str
    path: str


PICTOGRAMS: dict[Fraction, Pictogram] = {
    # A knotted bag.
    Fraction.RESIDUAL: Pictogram(
        "#4b5661",
        "M9.2 4.4 12 5.6 14.8 4.4 14 7.4H10ZM10 8.6H14C17 10.4 18.4 13 18.4 15.6 18.4 18.6 "
        "16.6 20 12 20S5.600 18.6 5.600 15.6C5.600 13 7 10.4 10 8.600Z",
    ),
    # Two sheets, the front one with a folded corner.
    Fraction.PAPER: Pictogram(
        "#1d5fa6",
        "M5 6.500H6.600V18.400H14.500V20H5ZM8 4H15L19 8V17H8ZM14.300 5.200V8.700H17.800Z",
    ),
    # A bottle.
    Fraction.GLASS: Pictogram(
        "#0f766e",
        "M10.400 3.500H13.600V5.200H13.200V8.200C15 9.200 15.800 10.600 15.800 12.400V19C15.800 "
        "20 15.200 20.500 14.300 20.500H9.700C8.800 20.500 8.200 20 8.200 19V12.400C8.200 10.600 "
        "9 9.200 10.800 8.200V5.200H10.400Z",
    ),
    # A drinks carton with a gable.
    Fraction.PACKAGING: Pictogram(
        "#b45309",
        "M8.500 3.500H15.500V5.500L18 9.500V20.500H6V9.500L8.500 5.500ZM9.700 6.300 8.100 9H15.900"
        "L14.300 6.300Z",
    ),
    # A leaf with its vein.
    Fraction.ORGANIC: Pictogram(
        "#3f7a1f",
        "M19.500 4.500C11 4.500 5.500 8 5.500 14.200 5.500 15.600 5.900 16.800 6.500 17.800L4.300"
        " 20L5.600 21.200 7.800 19C8.800 19.500 9.900 19.800 11 19.800 17 19.800 19.500 13.500"
        " 19.500 4.500ZM8.200 17 15.500 9.200 9.400 18Z",
    ),
    # A shirt.
    Fraction.TEXTILE: Pictogram(
        "#8b3a84",
        "M8.800 4.500C9.600 6.300 14.400 6.300 15.200 4.500L20.500 7.200 19 11.200 16.800 10.400V20"
        "H7.200V10.400L5 11.200 3.500 7.200Z",
    ),
}


def pictogram_svg(fraction: Fraction) -> str:
    """Return the drawing as a whole SVG, white on a rounded square of its colour."""
    drawn = PICTOGRAMS[fraction]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">'
        f'<rect width="24" height="24" rx="5" fill="{drawn.colour}"/>'
        f'<path fill="#fff" fill-rule="evenodd" d="{drawn.path}"/></svg>'
    )
