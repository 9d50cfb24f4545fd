"""Roads that a truck may lawfully drive: an OpenStreetMap extract through OSRM."""

from routing.problem import UNREACHABLE
from routing.roads.build import build_roads
from routing.roads.extracts import OSM_ATTRIBUTION, demo_extract
from routing.roads.features import (
    Address,
    AddressBook,
    WastePoint,
    addresses,
    street_lines,
    waste_points,
)
from routing.roads.matrix import Matrix, Snapping
from routing.roads.profile import CRANE_TRUCK, REAR_LOADER, SMALL_REAR_LOADER, TruckProfile
from routing.roads.roads import Roads
from routing.roads.route import Leg, Route, Step

__all__ = [
    "CRANE_TRUCK",
    "OSM_ATTRIBUTION",
    "REAR_LOADER",
    "SMALL_REAR_LOADER",
    "UNREACHABLE",
    "Address",
    "AddressBook",
    "Leg",
    "Matrix",
    "Roads",
    "Route",
    "Snapping",
    "Step",
    "TruckProfile",
    "WastePoint",
    "addresses",
    "build_roads",
    "demo_extract",
    "street_lines",
    "waste_points",
]
