"""A part of a blurred photo, as a driver wants to see it: the container and what is around it."""

from __future__ import annotations

import cv2
import numpy as np

WIDTH_PX, HEIGHT_PX = 480, 360
AROUND = 0.6
JPEG_QUALITY = 82


def crop(blurred_jpeg: bytes, bbox: tuple[float, float, float, float]) -> bytes:
    """Return a JPEG of 480 x 360 pixels around a box of a blurred photo.

    Parameters
    ----------
    blurred_jpeg : a photo as `vision.privacy.encode_blurred` wrote it.
    bbox : left, top, width, height in its pixels; as much again is shown around it.
    """
    picture = cv2.imdecode(np.frombuffer(blurred_jpeg, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("a stored photo cannot be decoded")
    height, width = picture.shape[:2]
    x, y, w, h = bbox
    # The crop has the sheet's shape, holds the box with some street around it, and stays within.
    tall = max(h * (1 + 2 * AROUND), w * (1 + 2 * AROUND) * HEIGHT_PX / WIDTH_PX)
    tall = min(tall, height, width * HEIGHT_PX / WIDTH_PX)
    wide = tall * WIDTH_PX / HEIGHT_PX
    left = int(np.clip(x + w / 2 - wide / 2, 0, width - wide))
    top = int(np.clip(y + h / 2 - tall / 2, 0, height - tall))
    part = picture[top : top + int(tall), left : left + int(wide)]
    scaled = cv2.resize(part, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".jpg", scaled, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return encoded.tobytes()
