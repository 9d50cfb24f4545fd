"""Light of day and night, and the phone's camera."""

from __future__ import annotations

import math
from datetime import datetime

import bpy
from mathutils import Matrix
from shading import Graph, Socket
from stage import Stage


def sun_position(when: datetime, lon: float, lat: float) -> tuple[float, float]:
    """Return the sun's elevation and bearing in degrees, to about half a degree.

    Source: the low-precision formulas of the Astronomical Almanac, section C.
    """
    days = when.timestamp() / 86400.0 - 10957.5
    mean = math.radians((280.460 + 0.9856474 * days) % 360)
    anomaly = math.radians((357.528 + 0.9856003 * days) % 360)
    ecliptic = mean + math.radians(1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    tilt = math.radians(23.439)
    right = math.atan2(math.cos(tilt) * math.sin(ecliptic), math.cos(ecliptic))
    lift = math.asin(math.sin(tilt) * math.sin(ecliptic))
    hour = math.radians((280.46062 + 360.98564737 * days + lon) % 360) - right
    north = math.radians(lat)
    up = math.asin(
        math.sin(north) * math.sin(lift) + math.cos(north) * math.cos(lift) * math.cos(hour)
    )
    bearing = math.atan2(
        -math.sin(hour), math.tan(lift) * math.cos(north) - math.sin(north) * math.cos(hour)
    )
    return math.degrees(up), math.degrees(bearing) % 360


def world(stage: Stage, sky: str, sun_up_deg: float, sun_turn_deg: float) -> None:
    """Light the scene: sky is clear, clouds, overcast or night.

    ``sun_turn_deg`` is the sun's direction in the street's frame, counter-clockwise from x.
    """
    made = bpy.data.worlds.new("world")
    bpy.context.scene.world = made
    made.use_nodes = True
    made.cycles.sampling_method, made.cycles.sample_map_resolution = "MANUAL", 256
    g = Graph(made.node_tree)
    colour: Socket | tuple[float, float, float]
    if sky == "night":
        colour = (0.011, 0.01, 0.012)
    else:
        colour = daylight(g, stage, sky, sun_up_deg, sun_turn_deg)
    background = g.node("Background", Color=colour)
    g.tree.links.new(background.outputs[0], g.node("OutputWorld").inputs["Surface"])


def daylight(g: Graph, stage: Stage, sky: str, up_deg: float, turn_deg: float) -> Socket:
    """Return the colour of the sky in each direction."""
    blue = g.node(
        "TexSky",
        sky_type="NISHITA",
        sun_disc=sky != "overcast",
        sun_elevation=math.radians(up_deg),
        sun_rotation=math.radians(90.0 - turn_deg),
        sun_intensity=0.6 if sky == "clouds" else 1.0,
        air_density=1.2,
        dust_density=1.5,
        ozone_density=1.0,
    ).outputs[0]
    if sky == "clear":
        return blue
    way = g.node("TexCoord").outputs["Generated"]
    axes = g.node("SeparateXYZ", Vector=way).outputs
    rise = g.sum("MAXIMUM", axes[2], 0.02)
    flat = g.node(
        "CombineXYZ",
        X=g.sum("DIVIDE", axes[0], g.sum("ADD", rise, 0.12)),
        Y=g.sum("DIVIDE", axes[1], g.sum("ADD", rise, 0.12)),
        Z=float(stage.seed % 17),
    ).outputs[0]
    puffs = g.noise(0.9, flat, 5.0, 0.58)
    if sky == "overcast":
        lightness = g.sum(
            "MULTIPLY", g.ramp(rise, 0.0, 1.0, (0.55, 1.25)), g.ramp(puffs, 0.3, 0.7, (0.75, 1.2))
        )
        return g.blend(1.0, grey3(g, lightness), (0.94, 0.97, 1.0), "MULTIPLY")
    cover = g.ramp(puffs, 0.46, 0.62, (0.0, 0.95))
    return g.blend(cover, blue, grey3(g, g.ramp(puffs, 0.45, 0.75, (1.6, 0.7))))


def grey3(g: Graph, value: Socket) -> Socket:
    """Turn a number above 1 into a colour without clamping."""
    return g.node("CombineXYZ", X=value, Y=value, Z=value).outputs[0]


def flash(place: Matrix, watts: float) -> None:
    """Light what stands before the camera, as a phone's lamp does."""
    light = bpy.data.lights.new("flash", "SPOT")
    light.energy, light.spot_size, light.spot_blend, light.shadow_soft_size = (
        watts,
        math.radians(75),
        0.9,
        0.01,
    )
    light.color = (0.95, 0.97, 1.0)
    made = bpy.data.objects.new("flash", light)
    bpy.context.scene.collection.objects.link(made)
    made.matrix_world = place @ Matrix.Translation((0.02, -0.02, 0))


def camera(x: float, y: float, z: float, look_deg: float, pitch_deg: float, f35_mm: int) -> Matrix:
    """Put up the camera; return its place."""
    data = bpy.data.cameras.new("phone")
    data.sensor_width, data.lens, data.clip_start = 36.0, f35_mm, 0.05
    made = bpy.data.objects.new("phone", data)
    scene = bpy.context.scene
    scene.collection.objects.link(made)
    turn = Matrix.Rotation(math.radians(look_deg - 90), 4, "Z")
    place = (
        Matrix.Translation((x, y, z)) @ turn @ Matrix.Rotation(math.radians(90 + pitch_deg), 4, "X")
    )
    made.matrix_world = place
    scene.camera = made
    return place
