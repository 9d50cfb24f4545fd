"""Waste fractions, named as in the Gemeentelijk Gegevensmodel, domain Afval."""

from __future__ import annotations

from enum import StrEnum


class Fraction(StrEnum):
    """A kind of waste that is collected apart from the others."""

    RESIDUAL = "residual"
    PAPER = "paper"
    GLASS = "glass"
    PACKAGING = "packaging"
    ORGANIC = "organic"
    TEXTILE = "textile"


# Loose, as it lies in a container before a truck presses it; kg per litre.
# Source: WRAP, Summary report - Material bulk densities (2010), mid-range values rounded.
DENSITY_KG_PER_L = {
    Fraction.RESIDUAL: 0.10,
    Fraction.PAPER: 0.09,
    Fraction.GLASS: 0.30,
    Fraction.PACKAGING: 0.03,
    Fraction.ORGANIC: 0.25,
    Fraction.TEXTILE: 0.15,
}
