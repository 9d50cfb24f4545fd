"""Serving: the next free port where one is taken, and the map's own letters."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.glyphs import glyphs
from api.serve import listen
from api.vendored import vendored
from city.errors import BadInput
from operations.settings import Settings


def test_a_taken_port_is_passed_over() -> None:
    with listen("127.0.0.1", 18_000) as first, listen("127.0.0.1", 18_000) as second:
        ports = first.getsockname()[1], second.getsockname()[1]
        assert ports[0] < ports[1] < 18_020


def test_no_answer_waits_for_its_headers_to_be_acknowledged() -> None:
    with listen("127.0.0.1", 18_700) as listener:
        reader = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        reader.close()
        accepted.close()


def test_a_host_of_another_machine_is_named() -> None:
    with pytest.raises(BadInput, match=r"192\.0\.2\.1:8000"):
        listen("192.0.2.1", 8000)


def test_ports_end_where_ports_end() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 65_535))
        taken.listen()
        with pytest.raises(BadInput, match="65535"):
            listen("127.0.0.1", 65_535)


def test_letters_are_signed_distances_that_cross_the_outline_at_the_cutoff() -> None:
    font = vendored("source-sans-regular.otf")
    content = glyphs(font, "Source Sans Regular", 0)
    assert content[:1] == b"\x0a"
    assert b"Source Sans Regular" in content
    letters = dict(_glyphs(content))
    assert {ord(letter) for letter in "Aäß9 "} <= letters.keys()
    letter = letters[ord("I")]
    width, height = letter.numbers[3] + 6, letter.numbers[4] + 6
    field = np.frombuffer(letter.field, dtype=np.uint8).reshape(height, width)
    assert field[height // 2, width // 2] > 192
    assert field[0, 0] < 192
    assert letters[ord(" ")].field == b""
    assert letters[ord("W")].numbers[7] > letters[ord("i")].numbers[7]


def test_only_letters_and_files_that_the_pages_use_are_served(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(home=tmp_path / "home"))) as client:
        assert client.get("/glyphs/Source%20Sans%20Regular/256-511.pbf").status_code == 200
        assert client.get("/glyphs/Arial/0-255.pbf").status_code == 404
        assert client.get("/glyphs/Source%20Sans%20Regular/1-256.pbf").status_code == 404
        assert client.get("/assets/maplibre-gl.js").status_code == 200
        assert client.get("/assets/__init__.py").status_code == 404
        assert client.get("/static/../app.py").status_code == 404
        assert client.get("/static/..%2fapp.py").status_code == 404


@dataclass(frozen=True)
class Glyph:
    """One letter, read from the protocol buffer independently of the code that wrote it."""

    numbers: dict[int, int]
    field: bytes


def _glyphs(content: bytes) -> Iterator[tuple[int, Glyph]]:
    (stack,) = (value for key, value in _read(content) if key == 1 and isinstance(value, bytes))
    for key, value in _read(stack):
        if key == 3 and isinstance(value, bytes):
            parts = list(_read(value))
            numbers = {k: v for k, v in parts if isinstance(v, int)}
            field = b"".join(v for _, v in parts if isinstance(v, bytes))
            yield numbers[1], Glyph(numbers, field)


def _read(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        value, at = _varint(message, at)
        if key & 7 == 2:
            yield key >> 3, message[at : at + value]
            at += value
        else:
            yield key >> 3, value


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (message[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if message[at - 1] < 0x80:
            return value, at
