"""Procedural materials: brick, paving, asphalt, metal, plastic, foil, cardboard, cloth, glass."""

from __future__ import annotations

import bpy
from shading import Colour, Graph, Palette, Socket

Material = bpy.types.Material


def masonry(
    palette: Palette,
    name: str,
    one: Colour,
    two: Colour,
    mortar: Colour,
    *,
    size: tuple[float, float] = (0.21, 0.065),
    joint: float = 0.005,
    upright: bool = True,
    offset: float = 0.5,
    wear: float = 0.35,
    depth: float = 0.006,
    rough: float = 0.85,
    wet: float = 0.0,
) -> Material:
    """Bricks on a wall (``upright``) or stones in the ground, with joints, stains and wear."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    place = g.world_place() if not upright else g.place()
    axes = g.node("SeparateXYZ", Vector=place).outputs
    wobble = g.node("TexNoise", Vector=place, Scale=3.0).outputs["Color"]
    across = g.sum("ADD", axes[0], axes[1]) if upright else axes[0]
    flat = g.node("CombineXYZ", X=across, Y=axes[2] if upright else axes[1]).outputs[0]
    bent = g.node("VectorMath", operation="MULTIPLY_ADD").inputs
    g.feed(bent[0], wobble)
    g.feed(bent[1], (0.006, 0.006, 0.0))
    g.feed(bent[2], flat)
    bricks = g.node(
        "TexBrick", offset=offset, Vector=bent[0].node.outputs[0], Scale=1.0, Color1=one,
        Color2=two, Mortar=mortar, Mortar_Size=joint, Mortar_Smooth=0.25, Bias=0.0,
        Brick_Width=size[0], Row_Height=size[1],
    )  # fmt: skip
    stain = g.ramp(g.noise(0.55, place, 4.0, 0.65), 0.35, 0.68, (1.0 - wear, 1.08))
    grain = g.ramp(g.noise(55.0, place, 2.0, 0.7), 0.3, 0.7, (0.8, 1.2))
    colour = g.blend(1.0, bricks.outputs[0], grey(g, g.sum("MULTIPLY", stain, grain)), "MULTIPLY")
    if upright:
        splash = g.ramp(axes[2], 0.0, 1.1, (0.62, 1.0))
        colour = g.blend(1.0, colour, grey(g, splash), "MULTIPLY")
    height = g.sum("SUBTRACT", g.sum("MULTIPLY", g.noise(60.0, place, 1.0), 0.5), bricks.outputs[1])
    sheen: Socket | float = rough
    if wet:
        sheen, colour = wetness(g, place, wet, rough, colour)
    mean = tuple(0.45 * (a + b) for a, b in zip(one, two, strict=True))
    palette.finish(
        g, far=mean, Base_Color=colour, Roughness=sheen, Normal=g.bump(height, depth, 0.9)
    )
    return material


def grey(g: Graph, value: Socket) -> Socket:
    """Turn a number into a grey colour."""
    return g.node("CombineColor", Red=value, Green=value, Blue=value).outputs[0]


def wetness(
    g: Graph, place: Socket, wet: float, rough: float, colour: Socket
) -> tuple[Socket, Socket]:
    """Return roughness and colour of a ground that is damp all over and wet in patches."""
    level = 0.72 - 0.3 * wet
    patch = g.ramp(g.noise(0.4, place, 3.0, 0.5), level - 0.1, level + 0.12, (0.0, 1.0))
    damp = g.sum("MAXIMUM", patch, wet * 0.45)
    sheen = g.ramp(damp, 0.0, 1.0, (rough, 0.16))
    dark = g.blend(g.sum("MULTIPLY", damp, 0.5), colour, (0.012, 0.012, 0.012))
    return sheen, dark


def asphalt(palette: Palette, wet: float = 0.0) -> Material:
    """Asphalt with aggregate, patches, cracks and tyre tracks."""
    if "asphalt" in palette.made:
        return palette.made["asphalt"]
    material, g = palette.start("asphalt")
    place = g.world_place()
    stones = g.node("TexVoronoi", Vector=place, Scale=130.0).outputs["Color"]
    base = g.blend(g.ramp(g.noise(0.35, place, 4.0), 0.3, 0.7, (0.0, 1.0)),
                   (0.04, 0.04, 0.041), (0.105, 0.103, 0.1))  # fmt: skip
    colour = g.blend(0.4, base, g.node("RGBToBW", Color=stones).outputs[0], "OVERLAY")
    bent = g.node("MixRGB", Fac=0.12, Color1=place)
    g.feed(bent.inputs[2], g.node("TexNoise", Vector=place, Scale=1.6, Detail=3.0).outputs["Color"])
    cells = g.node("TexVoronoi", feature="DISTANCE_TO_EDGE", Vector=bent.outputs[0], Scale=0.45)
    crack = g.ramp(cells.outputs["Distance"], 0.0, 0.012, (0.45, 0.0))
    crack = g.sum("MULTIPLY", crack, g.ramp(g.noise(0.3, place, 1.0), 0.48, 0.6, (0.0, 1.0)))
    colour = g.blend(crack, colour, (0.02, 0.02, 0.02))
    sheen: Socket | float = 0.8
    if wet:
        sheen, colour = wetness(g, place, wet, 0.8, colour)
    height = g.node("TexVoronoi", Vector=place, Scale=130.0).outputs["Distance"]
    palette.finish(
        g,
        far=(0.07, 0.07, 0.07),
        Base_Color=colour,
        Roughness=sheen,
        Normal=g.bump(height, 0.004, 0.6),
    )
    return material


def coated(
    palette: Palette,
    name: str,
    colour: Colour,
    *,
    rough: float = 0.45,
    metal: float = 0.0,
    dirt: float = 0.35,
    coat: float = 0.0,
    scale: float = 1.0,
) -> Material:
    """Paint, plastic or metal with stains, scratches, and grime near the ground."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    place = g.place()
    cloudy = g.ramp(g.noise(1.7 * scale, place, 3.0, 0.5), 0.42, 0.8, (0.0, dirt))
    tall = g.node("Mapping", Vector=place, Scale=(9.0 * scale, 9.0 * scale, 0.6 * scale)).outputs[0]
    streak = g.ramp(g.noise(1.0, tall, 2.0, 0.5), 0.52, 0.85, (0.0, dirt))
    stain = g.sum("MAXIMUM", cloudy, streak)
    low = g.ramp(g.node("SeparateXYZ", Vector=place).outputs[2], 0.0, 0.35, (dirt * 0.8, 0.0))
    low = g.sum("MULTIPLY", low, g.ramp(g.noise(9.0, place, 2.0), 0.3, 0.65, (0.3, 1.0)))
    mud = tuple(0.5 * c + 0.06 * (1 - c) for c in (0.11, 0.095, 0.08))
    shade = g.blend(g.sum("MAXIMUM", stain, low), colour, mud)
    fine = g.ramp(g.noise(5.0 * scale, place, 2.0), 0.3, 0.7, (rough - 0.03, rough + 0.06))
    waves = g.bump(g.noise(1.8, place, 1.0), 0.01, 0.25)
    palette.finish(
        g,
        far=colour, Base_Color=shade, Roughness=fine, Metallic=metal, Coat_Weight=coat,
        Coat_Roughness=0.04, Normal=waves,
    )  # fmt: skip
    return material


def foil(palette: Palette, name: str, colour: Colour, *, clear: float = 0.0) -> Material:
    """Thin plastic of a refuse bag: glossy, with fine creases."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    place = g.place()
    soft = g.noise(7.0, place, 4.0, 0.62)
    folds = g.node("TexVoronoi", feature="SMOOTH_F1", Vector=place, Scale=13.0, Smoothness=0.25)
    fine = g.node("TexVoronoi", feature="SMOOTH_F1", Vector=place, Scale=31.0, Smoothness=0.1)
    height = g.sum("ADD", soft, g.sum("MULTIPLY", folds.outputs["Distance"], 0.7))
    height = g.sum("ADD", height, g.sum("MULTIPLY", fine.outputs["Distance"], 0.25))
    tone = g.blend(g.ramp(g.noise(3.0, place), 0.35, 0.65, (0.0, 0.35)), colour,
                   tuple(c * 0.55 for c in colour))  # fmt: skip
    palette.finish(
        g, Base_Color=tone, Roughness=0.24, Specular_IOR_Level=0.6, Sheen_Weight=0.02,
        Subsurface_Weight=clear, Subsurface_Radius=(0.05, 0.05, 0.05),
        Normal=g.bump(height, 0.03, 0.8),
    )  # fmt: skip
    return material


def board(palette: Palette, name: str = "cardboard", tint: float = 1.0) -> Material:
    """Corrugated cardboard, a bit stained and damp."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    place = g.place()
    patch = g.ramp(g.noise(3.0, place, 6.0), 0.4, 0.65, (0.0, 0.6))
    base = tuple(c * tint for c in (0.42, 0.27, 0.145))
    colour = g.blend(patch, base, tuple(c * 0.72 for c in base))
    flutes = g.node("TexWave", Vector=place, Scale=40.0, Distortion=0.4).outputs["Fac"]
    bend = g.sum("ADD", g.sum("MULTIPLY", flutes, 0.08), g.noise(5.0, place))
    palette.finish(g, Base_Color=colour, Roughness=0.82, Normal=g.bump(bend, 0.02, 0.5))
    return material


def cloth(palette: Palette, name: str, colour: Colour, weave: float = 160.0) -> Material:
    """Upholstery or mattress ticking: a weave, stains, soft dents."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    place = g.place()
    stain = g.ramp(g.noise(2.2, place, 7.0), 0.5, 0.75, (0.0, 0.55))
    tone = g.blend(stain, colour, tuple(c * 0.55 for c in (0.5, 0.42, 0.3)))
    threads = g.noise(weave, place, 2.0)
    height = g.sum("ADD", g.sum("MULTIPLY", threads, 0.12), g.noise(4.0, place, 3.0))
    palette.finish(
        g, Base_Color=tone, Roughness=0.92, Sheen_Weight=0.2, Normal=g.bump(height, 0.03, 0.6)
    )
    return material


def timber(palette: Palette, name: str, colour: Colour, rough: float = 0.5) -> Material:
    """Wood or veneer with a grain along its length."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    place = g.place()
    long = g.node("Mapping", Vector=place, Scale=(1.0, 14.0, 14.0)).outputs[0]
    grain = g.ramp(g.noise(3.0, long, 6.0), 0.35, 0.65, (0.0, 0.8))
    tone = g.blend(grain, colour, tuple(c * 0.55 for c in colour))
    palette.finish(g, Base_Color=tone, Roughness=rough, Normal=g.bump(grain, 0.002, 0.4))
    return material


def plain(
    palette: Palette,
    name: str,
    colour: Colour,
    *,
    rough: float = 0.6,
    metal: float = 0.0,
    glow: float = 0.0,
) -> Material:
    """A smooth surface of one colour, that may glow."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    palette.finish(
        g, Base_Color=colour, Roughness=rough, Metallic=metal,
        Emission_Color=colour, Emission_Strength=glow,
    )  # fmt: skip
    return material


def pane(palette: Palette, name: str, glow: float = 0.0, warm: float = 0.5) -> Material:
    """A window: reflecting glass before a dim room with curtains, lit or not."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    place = g.place()
    axes = g.node("SeparateXYZ", Vector=place).outputs
    folds = g.node("CombineXYZ", X=axes[0], Y=axes[1]).outputs[0]
    cloths = g.ramp(g.noise(11.0, folds, 2.0), 0.4, 0.6, (0.0, 1.0))
    drawn = g.ramp(g.noise(0.9, folds, 1.0, 0.2), 0.46, 0.5, (0.0, 0.55))
    drape = g.sum("MULTIPLY", drawn, g.sum("ADD", cloths, 0.7))
    room = g.blend(drape, (0.012, 0.013, 0.015), (0.42, 0.41, 0.38))
    tint = (1.0, 0.66 + 0.2 * (1 - warm), 0.34 + 0.4 * (1 - warm))
    inside = g.ramp(g.noise(1.3, place, 2.0), 0.35, 0.65, (0.08, 0.6))
    lamp = g.blend(
        1.0, tint, grey(g, g.sum("ADD", inside, g.sum("MULTIPLY", drape, 0.7))), "MULTIPLY"
    )
    palette.finish(
        g, Base_Color=room, Roughness=0.03, Specular_IOR_Level=0.6, Emission_Color=lamp,
        Emission_Strength=glow, Normal=g.bump(g.noise(0.8, place, 1.0), 0.02, 0.1),
    )  # fmt: skip
    return material


def within(g: Graph, value: Socket, middle: float, half: float) -> Socket:
    """Return 1 where a value lies within ``half`` of ``middle``, else 0."""
    return g.sum("COMPARE", value, middle, half)


def enamel(
    palette: Palette, name: str, colour: Colour, seams: tuple[float, ...], span: tuple[float, float]
) -> Material:
    """Car paint under clear coat; door seams at some x, within a span of z (object metres)."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    axes = g.node("SeparateXYZ", Vector=g.place()).outputs
    line: Socket | float = 0.0
    for x in seams:
        line = g.sum("MAXIMUM", line, within(g, axes[0], x, 0.005))
    line = g.sum("MULTIPLY", line, within(g, axes[2], sum(span) / 2, (span[1] - span[0]) / 2))
    mud = g.ramp(axes[2], 0.25, 0.6, (0.45, 0.0))
    mud = g.sum("MULTIPLY", mud, g.ramp(g.noise(2.0, g.place(), 2.0), 0.3, 0.7, (0.3, 1.0)))
    tone = g.blend(mud, colour, (0.1, 0.09, 0.08))
    tone = g.blend(line, tone, (0.003, 0.003, 0.003))
    palette.finish(
        g,
        far=colour,
        Base_Color=tone,
        Roughness=0.32,
        Metallic=0.15,
        Coat_Weight=1.0,
        Coat_Roughness=0.03,
    )
    return material


def car_glass(palette: Palette, name: str, pillar: float, half: float) -> Material:
    """Dark reflecting glass, with a matt pillar round some x (object metres)."""
    if name in palette.made:
        return palette.made[name]
    material, g = palette.start(name)
    across = g.node("SeparateXYZ", Vector=g.place()).outputs[0]
    post = within(g, across, pillar, half)
    dim = g.ramp(g.noise(3.0, g.place(), 1.0), 0.4, 0.6, (0.004, 0.02))
    palette.finish(
        g, Base_Color=grey(g, dim), Roughness=g.ramp(post, 0.0, 1.0, (0.02, 0.5)),
        Specular_IOR_Level=g.ramp(post, 0.0, 1.0, (0.5, 0.25)),
    )  # fmt: skip
    return material
