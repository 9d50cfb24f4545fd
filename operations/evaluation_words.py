"""The words of an evaluation's page, in Dutch and in English."""

from __future__ import annotations

from city.wording import Language

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Evaluation of the detector",
        "made": "Made {made_at}, on {photos} photos of {truth}.",
        "how": "Precision, recall and F1 count detections that score {score} and more and overlap "
        "a true box by at least half. Intervals (95 %) come from drawing the photos again, "
        "{resamples} times. Only classes that the truth names are scored.",
        "model": "model",
        "class": "class",
        "slice": "slice",
        "boxes": "true boxes",
        "classes_head": "By class",
        "parts_head": "By light, size of the object and neighbourhood",
        "types_head": "Recall by type of container",
        "differences_head": "AP50 of {0} less that of {1}",
        "differences_note": "In bold where the interval leaves out zero.",
        "curves_head": "Precision over recall",
        "calibration_head": "Can the numbers be trusted?",
        "calibration_note": "A score of the detector is no probability, as the first drawing "
        "shows. P(overflowing) is one where it was calibrated. A container that was not seen "
        "counts as the base rate, a box of nothing as not overflowing.",
        "confusion_head": "What is taken for what",
        "confusion_note": "Rows are what is there, columns what was found.",
        "gallery_head": "The worst mistakes",
        "gallery_note": "Green is what is there, red what was found. People and plates are "
        "blurred.",
        "true": "there",
        "found": "found",
        "score": "score",
        "all_classes": "all classes",
        "any_container": "any container",
        "nothing": "nothing (more)",
        "recall": "recall",
        "precision": "precision",
        "said": "said",
        "came_true": "came true",
        "score_right": "score, and how often it is right",
        "p_overflowing": "P(overflowing), and how often it is so",
        "score ECE": "calibration error of the score (ECE, 15 bins)",
        "P(overflowing) ECE": "calibration error of P(overflowing) (ECE, 15 bins)",
        "P(overflowing) Brier skill": "Brier skill of P(overflowing) over the base rate",
        "n": "n",
        "no_mistakes": "None.",
    },
    "nl": {
        "title": "Beoordeling van de detector",
        "made": "Gemaakt {made_at}, op {photos} foto's van {truth}.",
        "how": "Precisie, recall en F1 tellen detecties met een score van {score} of meer die een "
        "echt kader voor minstens de helft overlappen. Intervallen (95 %) komen van het "
        "{resamples} keer opnieuw trekken van de foto's. Alleen klassen die de waarheid noemt "
        "tellen mee.",
        "model": "model",
        "class": "klasse",
        "slice": "deel",
        "boxes": "echte kaders",
        "classes_head": "Per klasse",
        "parts_head": "Naar licht, grootte van het voorwerp en buurt",
        "types_head": "Recall naar type container",
        "differences_head": "AP50 van {0} min die van {1}",
        "differences_note": "Vet waar het interval nul uitsluit.",
        "curves_head": "Precisie tegen recall",
        "calibration_head": "Zijn de getallen te vertrouwen?",
        "calibration_note": "Een score van de detector is geen kans, zoals de eerste tekening "
        "toont. P(overvol) is dat wel waar hij is geijkt. Een container die niet is gezien telt "
        "als het gemiddelde, een kader om niets als niet overvol.",
        "confusion_head": "Wat waarvoor wordt gehouden",
        "confusion_note": "Rijen zijn wat er is, kolommen wat werd gevonden.",
        "gallery_head": "De ergste vergissingen",
        "gallery_note": "Groen is wat er is, rood wat werd gevonden. Mensen en kentekens zijn "
        "onherkenbaar gemaakt.",
        "true": "is er",
        "found": "gevonden",
        "score": "score",
        "all_classes": "alle klassen",
        "any_container": "container, overvol of niet",
        "nothing": "niets (meer)",
        "recall": "recall",
        "precision": "precisie",
        "said": "gezegd",
        "came_true": "kwam uit",
        "score_right": "score, en hoe vaak die klopt",
        "p_overflowing": "P(overvol), en hoe vaak het zo is",
        "score ECE": "ijkfout van de score (ECE, 15 vakken)",
        "P(overflowing) ECE": "ijkfout van P(overvol) (ECE, 15 vakken)",
        "P(overflowing) Brier skill": "Brier-winst van P(overvol) op het gemiddelde",
        "n": "n",
        "no_mistakes": "Geen.",
    },
}

PARTS: dict[Language, dict[str, str]] = {
    "en": {
        "small": "small (under 32² px)",
        "medium": "medium",
        "large": "large (over 96² px)",
    },
    "nl": {
        "all": "alles",
        "day": "dag",
        "night": "nacht",
        "small": "klein (onder 32² px)",
        "medium": "middelgroot",
        "large": "groot (boven 96² px)",
        "underground": "ondergronds",
        "bank": "bak",
        "other": "overig",
    },
}
