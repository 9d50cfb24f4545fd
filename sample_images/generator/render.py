"""Render the sample pictures, or pictures of other seeds, with their truth.

python render.py                        all sample pictures into the folder above
python render.py --only photo_03        one of them
python render.py --seed 123 --out DIR   a chance scene of another seed
python render.py --busy --seed 123 --out DIR    a busy street, for blurring and side waste
python render.py --truth-only           the truth again, pictures stay as they are
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from busy import busy_recipe
from chance import chance_recipe
from containers import stand
from light import camera, flash, sun_position, world
from measure import measured
from photo import developed, write
from recipe import CAMERA_HEIGHT_M, Recipe
from samples import SAMPLES
from stage import Stage, clear
from street import lay
from truth import CATEGORIES, picture_truth

REGISTRY_COLUMNS = ("container_id", "lon", "lat", "fraction", "kind", "volume_l", "street")
HERE = Path(__file__).resolve().parent


def staged(recipe: Recipe) -> Stage:
    """Build the whole scene of a recipe."""
    clear()
    stage = Stage(recipe.seed, night=recipe.sky == "night", wet=recipe.wet)
    lay(stage, recipe.street)
    for container in recipe.bins:
        stand(stage, container)
    recipe.dress(stage)
    bpy.context.view_layer.update()
    measured(stage, recipe.bins)
    up, bearing = sun_position(recipe.taken_at, recipe.site.lon, recipe.site.lat)
    if (recipe.sky == "night") == (up > -4):
        raise ValueError(f"{recipe.name}: sky {recipe.sky} with the sun at {up:.1f} degrees")
    world(stage, recipe.sky, max(up, 1.0), recipe.site.bearing_deg - bearing)
    phone = recipe.phone
    place = camera(phone.x, phone.y, CAMERA_HEIGHT_M, phone.look_deg, phone.pitch_deg, phone.f35_mm)
    if recipe.flash_w:
        flash(place, recipe.flash_w)
    return stage


def settings(width: int, samples: int, folder: Path, *, quick: bool) -> None:
    """Set Cycles up to write linear light and the object index as OpenEXR files."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples = "CPU", samples
    scene.cycles.use_denoising, scene.cycles.denoiser = True, "OPENIMAGEDENOISE"
    scene.cycles.use_adaptive_sampling, scene.cycles.adaptive_threshold = True, 0.03
    scene.cycles.max_bounces, scene.cycles.diffuse_bounces = (2, 1) if quick else (4, 2)
    if quick:
        scene.cycles.denoising_prefilter = "FAST"
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    scene.cycles.sample_clamp_indirect = 4.0
    scene.render.resolution_x, scene.render.resolution_y = width, width * 9 // 16
    scene.render.resolution_percentage = 100
    bpy.context.view_layer.use_pass_object_index = True
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers = tree.nodes.new("CompositorNodeRLayers")
    out = tree.nodes.new("CompositorNodeOutputFile")
    out.base_path = str(folder)
    out.format.file_format, out.format.color_depth = "OPEN_EXR", "32"
    out.file_slots.clear()
    for name, socket in (("light", "Image"), ("index", "IndexOB")):
        out.file_slots.new(name)
        tree.links.new(layers.outputs[socket], out.inputs[name])


def pixels(path: Path) -> np.ndarray:
    """Read an OpenEXR file as (height, width, 4) float32, top row first."""
    image = bpy.data.images.load(str(path))
    image.colorspace_settings.name = "Non-Color"
    flat = np.empty(image.size[0] * image.size[1] * 4, np.float32)
    image.pixels.foreach_get(flat)
    return flat.reshape(image.size[1], image.size[0], 4)[::-1]


def rendered(
    recipe: Recipe, out: Path, width: int, samples: int, *, quick: bool, truth_only: bool
) -> dict[str, Any]:
    """Render one recipe, write its picture, return its truth."""
    stage = staged(recipe)
    with tempfile.TemporaryDirectory() as folder:
        settings(width, samples, Path(folder), quick=quick)
        bpy.context.scene.cycles.seed = recipe.seed
        bpy.ops.render.render()
        light = pixels(next(Path(folder).glob("light*.exr")))[..., :3].astype(float)
        index = np.rint(pixels(next(Path(folder).glob("index*.exr")))[..., 0]).astype(int)
    if not truth_only:
        write(developed(light, recipe), recipe, out / f"{recipe.name}.jpg")
    return picture_truth(recipe, stage, index)


def collected(parts: Path, out: Path) -> None:
    """Gather what is known of each picture into truth.json (COCO) and registry.csv."""
    made = [json.loads(part.read_text()) for part in sorted(parts.glob("*.json"))]
    images, annotations, rows = [], [], {}
    for number, one in enumerate(made, start=1):
        images.append({"id": number, **one["image"]})
        for annotation in one["annotations"]:
            annotations.append({"id": len(annotations) + 1, "image_id": number, **annotation})
        seen = {a.get("container_id") for a in one["annotations"]}
        rows |= {r["container_id"]: r for r in one["registry"] if r["container_id"] in seen}
    truth = {
        "info": {"description": "Rendered images, not photos; see README.md", "version": "1"},
        "licenses": [{"id": 1, "name": "AGPL-3.0-or-later"}],
        "categories": [{"id": i, "name": name} for i, name in enumerate(CATEGORIES, start=1)],
        "images": images,
        "annotations": annotations,
    }
    (out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
    with (out / "registry.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, REGISTRY_COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows[key] for key in sorted(rows))


def main() -> None:
    """Render what was asked for; each picture's truth goes beside it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=HERE.parent)
    options.add_argument("--only", nargs="*", help="names of sample pictures")
    options.add_argument("--seed", type=int, nargs="*", help="seeds of chance scenes")
    options.add_argument("--busy", action="store_true", help="make the chance scenes busy ones")
    options.add_argument("--truth-only", action="store_true", help="write no pictures")
    options.add_argument("--width", type=int, default=1280)
    options.add_argument("--samples", type=int, default=64)
    options.add_argument("--quick", action="store_true", help="less light, coarser denoising")
    given = options.parse_args()
    if given.seed:
        thrown = busy_recipe if given.busy else chance_recipe
        recipes = [thrown(seed) for seed in given.seed]
    else:
        recipes = [r for r in SAMPLES if not given.only or r.name in given.only]
    parts = given.out / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    for recipe in recipes:
        begun = time.monotonic()
        made = rendered(
            recipe,
            given.out,
            given.width,
            1 if given.truth_only else given.samples,
            quick=given.quick,
            truth_only=given.truth_only,
        )
        (parts / f"{recipe.name}.json").write_text(json.dumps(made, indent=1))
        print(
            f"{recipe.name}: {time.monotonic() - begun:.0f} s, {len(made['annotations'])} things",
            flush=True,
        )
        collected(parts, given.out)


if __name__ == "__main__":
    main()
