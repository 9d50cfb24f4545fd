"""The classes that the detector knows: one table from which everything else derives.

A new waste class is one row here (at the end, so that trained weights keep their order) and a
training run.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DetectedClass:
    """One class of thing that the detector draws boxes around.

    Parameters
    ----------
    name : what predictions call it; its place in `CLASSES` is the model's output channel.
    english, dutch : for people.
    street_bins : its class id in the street_bins labels, where that set labels it.
    amsterdam : its category in the labels of the Amsterdam photos, where that set labels it.
    coco : the COCO class ids that a teacher's boxes of this class come from.
    also : what models and labels of others call it.
    side_waste : waste that lies beside a container.
    private : shows people or what can be traced to them, and is blurred.
    """

    name: str
    english: str
    dutch: str
    street_bins: int | None = None
    amsterdam: str | None = None
    coco: tuple[int, ...] = ()
    also: tuple[str, ...] = ()
    side_waste: bool = False
    private: bool = False


CLASSES = (
    DetectedClass(
        "container",
        "container",
        "container",
        street_bins=1,
        amsterdam="container",
        also=("bin", "waste container", "garbage container", "trash can", "wheelie bin"),
    ),
    DetectedClass(
        "container_overflowing",
        "overflowing container",
        "overvolle container",
        street_bins=2,
        also=("overflow", "overflowing bin", "full bin"),
    ),
    DetectedClass(
        "bag",
        "rubbish bag",
        "vuilniszak",
        amsterdam="bag",
        also=("garbage bag", "trash bag", "bin bag"),
        side_waste=True,
    ),
    DetectedClass("cardboard", "cardboard", "karton", amsterdam="cardboard", side_waste=True),
    DetectedClass(
        "bulky",
        "bulky waste",
        "grofvuil",
        amsterdam="bulky",
        also=("bulky item", "matras", "mattress"),
        side_waste=True,
    ),
    DetectedClass(
        "pile",
        "pile of waste",
        "afvalhoop",
        street_bins=0,
        amsterdam="pile",
        also=("waste pile", "garbage"),
        side_waste=True,
    ),
    DetectedClass("person", "person", "persoon", coco=(0,), also=("pedestrian",), private=True),
    # COCO's car, motorcycle, bus and truck; a bicycle bears no number plate.
    DetectedClass(
        "vehicle",
        "vehicle",
        "voertuig",
        coco=(2, 3, 5, 7),
        also=("car", "motorcycle", "bus", "truck", "van"),
        private=True,
    ),
)

NAMES = tuple(row.name for row in CLASSES)
SIDE_WASTE = tuple(i for i, row in enumerate(CLASSES) if row.side_waste)


def class_id(name: str) -> int:
    """Return the output channel of a class, by its name."""
    return NAMES.index(name)


def class_called(name: str) -> int | None:
    """Return the class that someone means by a name, in any of its spellings; None if none."""
    return _CALLED.get(_plain(name))


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", " ").replace("-", " ")


_CALLED = {
    _plain(name): i
    for i, row in enumerate(CLASSES)
    for name in (row.name, row.english, row.dutch, *row.also)
}


CONTAINER = class_id("container")
CONTAINER_OVERFLOWING = class_id("container_overflowing")
PERSON = class_id("person")
VEHICLE = class_id("vehicle")
CONTAINERS = (CONTAINER, CONTAINER_OVERFLOWING)
