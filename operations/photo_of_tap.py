"""Verb: take in the photo of a tap, through the same eyes as any other photo."""

from __future__ import annotations

from city.errors import NotFound
from city.place import Position
from city.store import Store, containers, plans, taps
from city.tap import Tap
from operations.read_sidecar import GivenWith
from operations.receive_photo import PhotoDesk, ReceivedPhoto


def photo_of_tap(store: Store, desk: PhotoDesk, key: str, data: bytes) -> ReceivedPhoto:
    """Keep the blurred copy of a photo, taken where and when the tap was made.

    Raises
    ------
    NotFound
        The tap is not kept.
    BadInput
        It is no photo, or nobody knows where the stop is; nothing of it is kept then.
    """
    tap = taps.get(store, key)
    name = f"{tap.vehicle_id} {tap.ref}.jpg"
    received = desk.take(data, name, GivenWith(_where(store, tap), taken_at=tap.at))
    taps.put_photo(store, key, received.record.id)
    return received


def _where(store: Store, tap: Tap) -> Position | None:
    try:
        return containers.get(store, tap.ref).position
    except NotFound:
        pass
    try:
        loose = plans.get(store, tap.plan_id).loose_waste
    except NotFound:
        return None
    return next((place.position for place in loose if place.id == tap.ref), None)
