"""How the trainer treats what was not labelled; runs in the training environment only."""

from pathlib import Path

import pytest

pytest.importorskip("ultralytics", reason="needs the training environment: make train-env")

import numpy as np
import torch
from ultralytics.cfg import get_cfg
from ultralytics.utils.instance import Instances

from vision.classes import CONTAINER, CONTAINER_OVERFLOWING, NAMES, class_id
from vision.trainer import OneSourceMosaic, StreetModel, _lay_on_side, load_fitting

pytestmark = pytest.mark.filterwarnings("default")


def class_gradients(file_name: str, labelled: int) -> torch.Tensor:
    """How much each class logit (c, anchors) would be moved by one photo with one box."""
    torch.manual_seed(1)
    model = StreetModel("yolov5n.yaml", nc=len(NAMES), verbose=False)
    model.args = get_cfg()
    batch = {
        "img": torch.rand(1, 3, 96, 96),
        "im_file": [file_name],
        "batch_idx": torch.zeros(1),
        "cls": torch.tensor([[float(labelled)]]),
        "bboxes": torch.tensor([[0.5, 0.5, 0.5, 0.5]]),
    }
    model.train()
    planes = model(batch["img"])
    planes["scores"].retain_grad()
    loss, _ = model.loss(batch, planes)
    loss.sum().backward()
    gradients: torch.Tensor = planes["scores"].grad[0].abs()
    return gradients


def test_a_class_that_a_source_did_not_label_is_not_pushed_down() -> None:
    moved = class_gradients("streetbins__1.jpg", CONTAINER).sum(dim=1)
    assert moved[class_id("bag")] == 0
    assert moved[class_id("bulky")] == 0
    assert moved[class_id("pile")] > 0
    assert moved[class_id("person")] > 0


def test_a_bag_that_was_pasted_into_a_source_without_bags_is_learnt_where_it_lies() -> None:
    moved = class_gradients("streetbins__1.jpg", class_id("bag"))[class_id("bag")]
    assert (moved > 0).any()
    assert (moved == 0).any()


def test_where_overflow_could_not_be_seen_a_container_teaches_neither() -> None:
    known = class_gradients("amsterdam__1.jpg", CONTAINER)[CONTAINER_OVERFLOWING]
    unclear = class_gradients("unclear__1.jpg", CONTAINER)[CONTAINER_OVERFLOWING]
    assert (known > 0).all()
    assert (unclear == 0).any()
    assert (unclear > 0).any()


def test_a_photo_laid_on_its_side_keeps_its_boxes_on_what_they_show() -> None:
    for _ in range(8):
        image = np.zeros((40, 80, 3), np.uint8)
        image[10:20, 8:40] = 255
        box = np.array([[24 / 80, 15 / 40, 32 / 80, 10 / 40]], np.float32)
        own = Instances(box, np.zeros((0, 10, 2)), bbox_format="xywh", normalized=True)
        labels = {"img": image, "resized_shape": (40, 80), "instances": own}
        _lay_on_side(labels)
        rows, columns = np.nonzero(labels["img"][..., 0])
        x, y, w, h = labels["instances"].bboxes[0] * [40, 80, 40, 80]
        assert (rows.min(), rows.max() + 1) == pytest.approx((y - h / 2, y + h / 2))
        assert (columns.min(), columns.max() + 1) == pytest.approx((x - w / 2, x + w / 2))
        assert labels["resized_shape"] == (80, 40)


def test_a_mosaic_takes_its_partners_from_one_source() -> None:
    class Photos:
        cache = "ram"
        indexes_of = {"streetbins": [0, 1, 2], "amsterdam": [3]}  # noqa: RUF012

    mosaic = OneSourceMosaic(Photos(), imgsz=64, p=0.0)
    mosaic({"im_file": "amsterdam__1.jpg"})
    assert set(mosaic.get_indexes()) == {3}


def test_the_shipped_weights_are_a_start_to_train_on_from() -> None:
    weights = Path(__file__).resolve().parents[1] / "models" / "detector" / "detector.pt"
    model = StreetModel("yolov5n.yaml", nc=len(NAMES), verbose=False)
    assert load_fitting(model, weights) == len(model.state_dict())
