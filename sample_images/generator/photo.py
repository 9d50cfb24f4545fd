"""From linear light to the JPEG of a phone: exposure, noise, vignette, and EXIF."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational
from recipe import CAMERA_HEIGHT_M, Recipe


def developed(light: np.ndarray, recipe: Recipe) -> Image.Image:
    """Expose linear light ``(height, width, 3)`` as a phone does and return the picture."""
    chance = np.random.default_rng(recipe.seed)
    night = recipe.sky == "night"
    luminance = light @ np.array([0.2126, 0.7152, 0.0722])
    middle = float(np.exp(np.log(luminance[luminance.shape[0] // 3 :] + 1e-4).mean()))
    gain = (0.06 if night else 0.15) / middle * 2.0**recipe.phone.exposure
    exposed = bloom(light * gain) * white_balance(light) * vignette(light.shape[:2])
    toned = curve(exposed)
    sigma = 0.013 if night else 0.008
    grain = chance.normal(0, sigma, toned.shape) * 0.6 + chance.normal(
        0, sigma, (*toned.shape[:2], 1)
    )
    toned = sharpened(toned + grain * (1.15 - toned))
    return Image.fromarray((np.clip(toned, 0, 1) * 255 + 0.5).astype(np.uint8))


def white_balance(light: np.ndarray) -> np.ndarray:
    """Return the gains that pull the mean colour part of the way to grey."""
    mean = light.reshape(-1, 3).clip(0, np.percentile(light, 98)).mean(axis=0)
    gains = (mean.mean() / mean) ** 0.5
    return gains / gains[1]


def vignette(shape: tuple[int, int]) -> np.ndarray:
    """Return the lens's fall-off of light towards the corners."""
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    return (1 - 0.13 * (x**2 + y**2))[..., None]


def bloom(light: np.ndarray) -> np.ndarray:
    """Let what is far too bright spill over, as in a small lens."""
    bright = np.clip(light - 2.5, 0, 12)
    spilled = np.zeros_like(light)
    for radius, share in ((3, 0.05), (14, 0.03), (48, 0.015)):
        for c in range(3):
            spilled[..., c] += share * blurred(bright[..., c], radius)
    return light + spilled


def blurred(plane: np.ndarray, radius: int) -> np.ndarray:
    """Blur a plane with three box filters."""
    for _ in range(3):
        for axis in (0, 1):
            padded = np.pad(
                plane, [(radius + 1, radius) if a == axis else (0, 0) for a in (0, 1)], "edge"
            )
            total = np.cumsum(padded, axis=axis)
            n = 2 * radius + 1
            plane = (
                np.take(total, range(n, total.shape[axis]), axis)
                - np.take(total, range(total.shape[axis] - n), axis)
            ) / n
    return plane


def curve(light: np.ndarray) -> np.ndarray:
    """Return display values: a filmic shoulder and toe, then sRGB's gamma built in.

    Source: J. Hable's and K. Narkowicz's rational fits of film curves.
    """
    x = np.clip(light, 0, None) * 0.85
    film = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14)
    film = np.clip(film, 0, 1)
    return np.where(film <= 0.0031308, 12.92 * film, 1.055 * film ** (1 / 2.4) - 0.055)


def sharpened(picture: np.ndarray) -> np.ndarray:
    """Sharpen a little too much, as phones do."""
    soft = np.stack([blurred(picture[..., c], 1) for c in range(3)], axis=-1)
    return picture + 0.35 * (picture - soft)


def sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Return degrees, minutes and seconds as EXIF wants them."""
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = (degrees - whole - minutes / 60) * 3600
    return (
        IFDRational(whole, 1),
        IFDRational(minutes, 1),
        IFDRational(round(seconds * 10000), 10000),
    )


def exif(recipe: Recipe) -> Image.Exif:
    """Return what a phone writes about where, when and how it took the picture."""
    lon, lat = recipe.site.lonlat(recipe.phone.x, recipe.phone.y)
    moment = f"{recipe.taken_at:%Y:%m:%d %H:%M:%S}"
    made = Image.Exif()
    base = ExifTags.Base
    made[base.ImageDescription] = "Rendered image"
    made[base.Make], made[base.Model] = "Stadsronde", "Stadsronde renderer"
    made[base.Software] = "Blender Cycles"
    made[base.DateTime] = moment
    made[base.Orientation] = 1
    detail = made.get_ifd(ExifTags.IFD.Exif)
    detail[base.DateTimeOriginal] = moment
    detail[base.OffsetTimeOriginal] = f"{recipe.taken_at:%z}"[:3] + ":00"
    detail[base.FocalLengthIn35mmFilm] = recipe.phone.f35_mm
    detail[0x9405] = IFDRational(round(recipe.phone.pitch_deg * 100), 100)
    gps = made.get_ifd(ExifTags.IFD.GPSInfo)
    tags = ExifTags.GPS
    gps[tags.GPSVersionID] = b"\x02\x03\x00\x00"
    gps[tags.GPSLatitudeRef], gps[tags.GPSLatitude] = "N", sexagesimal(lat)
    gps[tags.GPSLongitudeRef], gps[tags.GPSLongitude] = "E", sexagesimal(lon)
    gps[tags.GPSImgDirectionRef] = "T"
    gps[tags.GPSImgDirection] = IFDRational(round(recipe.heading_deg * 100), 100)
    gps[tags.GPSAltitudeRef], gps[tags.GPSAltitude] = (
        b"\x00",
        IFDRational(round((8 + CAMERA_HEIGHT_M) * 10), 10),
    )
    return made


def write(picture: Image.Image, recipe: Recipe, path: Path) -> None:
    """Write the JPEG with its EXIF."""
    picture.save(path, quality=90, subsampling=2, optimize=True, exif=exif(recipe))
