"""The sample pictures: sixteen spots in central Helsinki, each with its own story."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import stories
from bins import Bin
from recipe import Phone, Recipe, Site
from street import Street

HELSINKI = timezone(timedelta(hours=2))


def moment(day: int, hour: int, minute: int) -> datetime:
    """Return a moment of November 2026, Helsinki winter time."""
    return datetime(2026, 11, day, hour, minute, 17, tzinfo=HELSINKI)


def inlet(
    name: str,
    fraction: str,
    x: float,
    y: float,
    fill: float,
    turn: float = 0.0,
    shell: str = "anthracite",
) -> Bin:
    """Describe an inlet column over an underground well; it overflows above 1.04."""
    style = "box" if shell == "anthracite" else "round"
    return Bin(
        name, "underground", fraction, 5000, x, y, turn, fill, shell, style, 0.0, fill > 1.04
    )


def wheelie(
    name: str,
    fraction: str,
    x: float,
    y: float,
    fill: float,
    turn: float,
    shell: str,
    lid: float = 0.0,
    volume: int = 240,
) -> Bin:
    """Describe a wheelie bin; it overflows above 1.04."""
    return Bin(name, "wheelie", fraction, volume, x, y, turn, fill, shell, "box", lid, fill > 1.04)


def bank(name: str, fraction: str, x: float, y: float, fill: float, turn: float, shell: str) -> Bin:
    """Describe a street bank."""
    return Bin(name, "bank", fraction, 3000, x, y, turn, fill, shell)


TILE, CLINKER, SETT = Street(), Street(paving="clinker"), Street(paving="sett")
CLOSED = Street(paving="clinker", open_ends=False)
WIDE = Street(front=9.4)
QUAY = Street(front=9.6, far_kerb=-4.0, far_front=-30.0)
LANE = Street(
    kerb=1.9, front=4.3, far_kerb=-2.0, far_front=-3.6, paving="sett", roadway="clinker", height=0.9
)

SAMPLES: tuple[Recipe, ...] = (
    Recipe(
        "photo_01", 9001, Site("Annankatu", 24.93869, 60.16560, 325.0), moment(20, 10, 12),
        "overcast", Phone(-0.6, -0.6, 58), stories.tidy_columns, TILE, 0.25,
        (inlet("SR-0101", "residual", 2.9, 5.9, 0.42, -3),
         inlet("SR-0102", "paper", 5.0, 5.9, 0.35, -3)),
    ),
    Recipe(
        "photo_02", 9002, Site("Fabianinkatu", 24.94905, 60.17168, 177.0), moment(20, 12, 6),
        "clear", Phone(-0.2, 1.2, 58, -8, 27), stories.side_waste, CLINKER, 0.0,
        (inlet("SR-0201", "residual", 3.9, 6.0, 0.93, 2),),
    ),
    Recipe(
        "photo_03", 9003, Site("Kirkkokatu", 24.95235, 60.17081, 267.0), moment(20, 11, 25),
        "clouds", Phone(0.6, 1.2, 62, -8, 26), stories.overflowing_wheelies, TILE, 0.2,
        (wheelie("SR-0301", "residual", 2.9, 5.95, 1.25, 6, "black", 62),
         wheelie("SR-0302", "residual", 3.75, 6.0, 1.02, -5, "black", 16),
         wheelie("SR-0303", "organic", 4.6, 5.95, 0.4, 3, "green")),
    ),
    Recipe(
        "photo_04", 9004, Site("Kalevankatu", 24.93600, 60.16663, 55.5), moment(20, 13, 40),
        "overcast", Phone(-0.2, -0.4, 58, -5, 26), stories.banks_with_cardboard, WIDE, 0.0,
        (bank("SR-0401", "glass", 2.6, 6.4, 0.55, 2, "green"),
         bank("SR-0402", "paper", 4.9, 6.4, 0.98, -2, "blue")),
    ),
    Recipe(
        "photo_05", 9005, Site("Vuorikatu", 24.94761, 60.17057, 177.0), moment(20, 14, 20),
        "clouds", Phone(0.6, 2.6, 66, -7, 26), stories.bulky_alone, CLINKER,
    ),
    Recipe(
        "photo_06", 9006, Site("Liisankatu", 24.95232, 60.17407, 267.0), moment(21, 10, 48),
        "overcast", Phone(-0.8, -1.6, 62, -3, 28), stories.cluster_behind_car, TILE, 0.5,
        (inlet("SR-0601", "residual", 1.9, 6.1, 0.66),
         inlet("SR-0602", "glass", 3.9, 6.1, 0.3, 0, "grey"),
         inlet("SR-0603", "packaging", 5.9, 6.1, 0.71, 3)),
    ),
    Recipe(
        "photo_07", 9007, Site("Korkeavuorenkatu", 24.94604, 60.16457, 176.0), moment(21, 19, 5),
        "night", Phone(0.4, 1.4, 60, -8, 26), stories.night_side_waste, CLINKER, 0.35,
        (inlet("SR-0701", "residual", 3.7, 6.0, 1.1, 2),),
    ),
    Recipe(
        "photo_08", 9008, Site("Yrjönkatu", 24.93832, 60.16791, 55.7), moment(21, 20, 33),
        "night", Phone(0.9, 1.9, 62, -9, 26), stories.night_wheelies, TILE, 0.3,
        (wheelie("SR-0801", "residual", 3.1, 6.0, 1.2, -4, "grey", 70),
         wheelie("SR-0802", "packaging", 4.0, 6.05, 0.7, 5, "black")),
    ),
    Recipe(
        "photo_09", 9009, Site("Säästöpankinranta", 24.94577, 60.17871, 61.0), moment(22, 17, 15),
        "night", Phone(0.0, 0.0, 58, -5, 27), stories.night_tidy, SETT, 0.7,
        (inlet("SR-0901", "residual", 3.2, 6.0, 0.25),
         inlet("SR-0902", "glass", 5.2, 6.0, 0.5)),
    ),
    Recipe(
        "photo_10", 9010, Site("Snellmaninkatu", 24.95315, 60.17300, 356.4), moment(22, 9, 55),
        "overcast", Phone(0.4, 1.4, 62, -8, 26), stories.paper_overfull, CLINKER, 0.1,
        (inlet("SR-1001", "paper", 3.7, 6.1, 0.99, -2),),
    ),
    Recipe(
        "photo_11", 9011, Site("Siltavuorenpenger", 24.95210, 60.17528, 177.0), moment(22, 12, 10),
        "clear", Phone(1.2, 1.6, 60, -8, 26), stories.tidy_wheelies, TILE, 0.0,
        (wheelie("SR-1101", "organic", 2.7, 5.9, 0.5, 4, "green"),
         wheelie("SR-1102", "residual", 3.5, 5.95, 0.6, -6, "grey"),
         wheelie("SR-1103", "paper", 4.35, 5.9, 0.3, 2, "blue"),
         wheelie("SR-1104", "residual", 5.1, 5.95, 0.75, -3, "black", 0, 120)),
    ),
    Recipe(
        "photo_12", 9012, Site("Rikhardinkatu", 24.94681, 60.16608, 266.3), moment(22, 13, 5),
        "clouds", Phone(0.6, 0.8, 58, -7, 26), stories.pile_and_sofa, TILE, 0.2,
        (inlet("SR-1201", "residual", 3.7, 6.1, 1.05),),
    ),
    Recipe(
        "photo_13", 9013, Site("Simonkatu", 24.93672, 60.16918, 53.0), moment(22, 14, 2),
        "clear", Phone(0.2, 0.0, 55, -5, 26), stories.tidy_banks, QUAY, 0.0,
        (bank("SR-1301", "glass", 3.4, 6.5, 0.45, 3, "green"),
         bank("SR-1302", "textile", 5.7, 6.5, 0.6, -2, "white")),
    ),
    Recipe(
        "photo_14", 9014, Site("Paasivuorenkatu", 24.94824, 60.17850, 267.7), moment(21, 11, 30),
        "overcast", Phone(-0.8, -0.8, 34, -3, 27), stories.nothing_there, CLOSED, 0.3,
    ),
    Recipe(
        "photo_15", 9015, Site("Ludviginkatu", 24.94480, 60.16578, 267.2), moment(21, 12, 50),
        "overcast", Phone(0.2, -0.3, 38, -6, 26), stories.narrow_lane, LANE, 0.3,
        (wheelie("SR-1501", "residual", 4.3, 2.9, 1.3, -8, "grey", 80),
         wheelie("SR-1502", "residual", 5.2, 2.95, 1.0, 4, "grey", 10)),
    ),
    Recipe(
        "photo_16", 9016, Site("Unioninkatu", 24.95020, 60.17514, 177.1), moment(22, 11, 15),
        "clouds", Phone(-1.0, -1.0, 52, -3, 28), stories.far_behind_bicycles, TILE, 0.0,
        (inlet("SR-1601", "residual", 5.3, 6.1, 0.6),
         inlet("SR-1602", "packaging", 7.4, 6.1, 0.45, 0, "white")),
    ),
)  # fmt: skip
