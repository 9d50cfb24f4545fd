"""The interface's words and colours: whole in both languages, legible on their grounds."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from api.pages.account_words import ACCOUNT_WORDS
from api.pages.driver_words import DRIVER_WORDS
from api.pages.measure_words import MEASURE_WORDS
from api.pages.nearby_words import NEARBY_WORDS
from api.pages.planner_words import PLANNER_FAULTS, PLANNER_WORDS
from api.pages.review_words import REVIEW_WORDS, SENT_TO_REVIEW
from api.pages.what_if_words import WHAT_IF_WORDS
from api.pages.words import (
    CATEGORY_NAMES,
    EVIDENCE_TEXTS,
    PLANNER_RULES,
    SENT_TO_SCRIPTS,
    WORDS,
)
from city.evidence import EvidenceKind
from city.wording import LANGUAGES
from routing.constraints import CONSTRAINTS
from vision.classes import NAMES

PAGES = Path(__file__).resolve().parents[1] / "api"
FAULTS = PAGES.parent / "docs/reference/faults.md"
SCRIPTS = sorted((PAGES / "static").glob("*.js"))
TOKENS = dict(
    re.findall(r"--stadsronde-([\w-]+): (#[0-9a-f]{6});", (PAGES / "static/tokens.css").read_text())
)
SAID_BY_NAME = (
    *("step_", "show_", "state_", "version_", "published_text", "replaced_text"),
    *("agreed_", "policy_"),
)
TIME_LINE_COLUMNS = ("truck", "start", "trips", "disposal", "break", "end", "stops")
VERDICTS = ("must", "chosen", "skip", "carried")
LEGIBLE = [
    ("color-ink", "color-ground"),
    ("color-ink-soft", "color-ground"),
    ("color-ink-soft", "color-ground-soft"),
    ("color-ink-soft", "color-brand-soft"),
    ("color-link", "color-ground"),
    ("color-link", "color-ground-soft"),
    ("notice-color", "notice-background-color"),
    ("color-ground", "color-brand"),
    *((f"verdict-{v}-color", f"verdict-{v}-background-color") for v in VERDICTS),
    *(("color-ground", f"truck-{i}-color") for i in range(1, 9)),
]


def test_every_word_is_there_in_every_language_with_the_same_gaps() -> None:
    for words in (WORDS, DRIVER_WORDS):
        dutch, english = words["nl"], words["en"]
        assert dutch.keys() == english.keys()
        for key in dutch:
            assert _gaps(dutch[key]) == _gaps(english[key]), key


def test_the_drivers_page_has_every_word_that_it_says_and_no_other() -> None:
    sources = [*(PAGES / "static/driver").glob("*.js"), PAGES / "templates/driver.html"]
    text = "\n".join(source.read_text() for source in sources)
    said = set(re.findall(r'say\("([\w-]+)"', text)) | set(re.findall(r"\bw\.(\w+)", text))
    assert said <= DRIVER_WORDS["nl"].keys()
    # The name of a remark or a look is put together; others stand in a table, as words.
    whole = {word for word in DRIVER_WORDS["nl"] if not word.startswith(("remark_", "look_"))}
    unsaid = {word for word in whole - said if not re.search(rf"\b{word}\b", text)}
    assert unsaid == PUT_TOGETHER


PUT_TOGETHER = {
    *(f"{step}_name" for step in ("quarter", "half", "three_quarters", "full")),
    *("said_emptied_kg", "said_unloaded_kg", "not_emptied", "nav_drive"),
}
"""The driver's words that no script has whole: it adds their ending."""


def test_no_desk_says_something_else_with_a_word_of_another() -> None:
    desks = (
        ACCOUNT_WORDS,
        MEASURE_WORDS,
        NEARBY_WORDS,
        PLANNER_WORDS,
        REVIEW_WORDS,
        WHAT_IF_WORDS,
    )
    for one, other in combinations(desks, 2):
        both = one["en"].keys() & other["en"].keys()
        assert [key for key in both if one["en"][key] != other["en"][key]] == []
    said = {key: text for desk in desks for key, text in desk["en"].items()}
    assert {key: WORDS["en"][key] for key in said} == said


def test_evidence_and_categories_have_words_in_every_language() -> None:
    for language in LANGUAGES:
        assert EVIDENCE_TEXTS[language].keys() == set(EvidenceKind)
        assert CATEGORY_NAMES[language].keys() == set(NAMES)


def test_the_browser_gets_the_words_that_it_says_and_no_others() -> None:
    said = set()
    for script in SCRIPTS:
        said |= set(re.findall(r'say\("(\w+)"', script.read_text()))
    said |= {
        "left_px",
        "top_px",
        "width_px",
        "height_px",
        "step_",
        "step_roads",
        "step_solve",
        "step_sheets",
        "planned",
        "planned_same",
        "depot",
        "disposal",
        "leave",
        "return",
        "empty_at",
        *(f"col_{name}" for name in TIME_LINE_COLUMNS),
    }
    assert set(SENT_TO_SCRIPTS) | set(SENT_TO_REVIEW) == said
    assert said <= WORDS["nl"].keys()


def test_every_rule_that_a_hand_can_break_has_words_in_every_language() -> None:
    for language in LANGUAGES:
        assert PLANNER_RULES[language].keys() == {rule.NAME for rule in CONSTRAINTS}


def test_every_fault_that_is_translated_exists_and_is_so_in_every_language() -> None:
    codes = set(re.findall(r"^\| `([\w-]+)`", FAULTS.read_text(), re.MULTILINE))
    for language in LANGUAGES:
        assert PLANNER_FAULTS[language].keys() == PLANNER_FAULTS["en"].keys() <= codes


def test_no_word_is_left_that_nobody_says() -> None:
    texts = [path.read_text() for path in (*PAGES.rglob("*.html"), *SCRIPTS, *PAGES.rglob("*.py"))]
    everything = "\n".join(text for text in texts if "WORDS: dict" not in text)
    unsaid = [key for key in WORDS["en"] if not re.search(rf"\b{key}\b", everything)]
    assert [key for key in unsaid if not key.startswith(SAID_BY_NAME)] == []


@pytest.mark.parametrize(("text", "ground"), LEGIBLE)
def test_text_has_the_contrast_that_wcag_asks_for(text: str, ground: str) -> None:
    light, dark = sorted((_luminance(TOKENS[text]), _luminance(TOKENS[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def _gaps(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def _luminance(colour: str) -> float:
    """Return relative luminance, as WCAG 2.1 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
