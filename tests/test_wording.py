"""Every choice can be told to a person, in both languages, with its figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city import wording
from city.container import ContainerKind, Gear
from city.fraction import Fraction
from city.plan import Choice, ReasonCode, UnservedCode, Verdict
from city.wording import LANGUAGES, Language, reason_text

FRIDAY = date(2026, 11, 27)
TABLES: tuple[tuple[Mapping[Language, Mapping[Any, str]], type[StrEnum]], ...] = (
    (wording.FRACTION_NAMES, Fraction),
    (wording.KIND_NAMES, ContainerKind),
    (wording.GEAR_NAMES, Gear),
    (wording.VERDICT_NAMES, Verdict),
    (wording.UNSERVED_TEXTS, UnservedCode),
    (wording.REASON_TEXTS, ReasonCode),
)


def choice(reason: ReasonCode = ReasonCode.OVERFLOW_CERTAIN, **changes: Any) -> Choice:
    given: dict[str, Any] = {
        "fill": 0.82,
        "p_overflow": 0.64,
        "days_since_emptied": 9.2,
        "unserved": None,
    }
    return Choice(
        container_id="C1",
        verdict=Verdict.MUST,
        reason=reason,
        fill_low=0.6,
        fill_high=1.0,
        weight_kg=300,
        volume_l=4_000,
        skip_price_cents=900,
        **(given | changes),
    )


def plain(text: str) -> str:
    return text.replace(wording.NBSP, " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("table", "members"), TABLES, ids=lambda each: getattr(each, "__name__", "")
)
def test_every_member_has_words_in_every_language(
    table: Mapping[Language, Mapping[Any, str]], members: type[StrEnum], language: Language
) -> None:
    assert set(table[language]) == set(members)
    assert all(text.strip() for text in table[language].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_members_share_their_words(language: Language) -> None:
    for table, members in TABLES:
        assert len(set(table[language].values())) == len(members)


def test_a_reason_gives_its_figures_in_english() -> None:
    assert plain(reason_text(choice(), "en", FRIDAY)) == (
        "82 % expected full, emptied 9 days ago; "
        "would overflow before Friday with 64 % probability."
    )


def test_a_reason_gives_its_figures_in_dutch() -> None:
    assert plain(reason_text(choice(), "nl", FRIDAY)) == (
        "Naar verwachting 82 % vol, 9 dagen geleden geleegd; "
        "64 % kans dat hij vóór vrijdag overloopt."
    )


def test_one_day_is_one_day() -> None:
    assert "emptied 1 day ago" in reason_text(choice(days_since_emptied=1.1), "en")
    assert "1 dag geleden" in reason_text(choice(days_since_emptied=1.1), "nl")


def test_an_unknown_emptying_is_said_to_be_unknown() -> None:
    assert "last emptying unknown" in reason_text(choice(days_since_emptied=None), "en")
    assert "laatste lediging onbekend" in reason_text(choice(days_since_emptied=None), "nl")


@pytest.mark.parametrize(("p", "said"), [(0.9999, "more than 99 %"), (0.0001, "less than 1 %")])
def test_no_probability_is_said_to_be_certain(p: float, said: str) -> None:
    assert said in plain(reason_text(choice(p_overflow=p), "en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", UnservedCode)
def test_what_could_not_be_served_says_why(code: UnservedCode, language: Language) -> None:
    text = reason_text(choice(ReasonCode.COULD_NOT_SERVE, unserved=code), language)
    assert wording.UNSERVED_TEXTS[language][code] in text


@given(
    st.sampled_from(LANGUAGES),
    st.sampled_from(ReasonCode),
    st.floats(0, 3),
    st.floats(0, 1),
    st.none() | st.floats(0, 400),
    st.none() | st.sampled_from(UnservedCode),
    st.none() | st.dates(date(2020, 1, 1), date(2099, 1, 1)),
)
def test_every_choice_makes_one_whole_sentence(
    language: Language,
    reason: ReasonCode,
    fill: float,
    p: float,
    days: float | None,
    unserved: UnservedCode | None,
    chance: date | None,
) -> None:
    about = choice(reason, fill=fill, p_overflow=p, days_since_emptied=days, unserved=unserved)
    text = reason_text(about, language, chance)
    assert wording.percent(fill) in text
    assert text.endswith(".")
    assert not re.search(r"[{}]|\n|  |\.\.", text)
    assert text[0] == text[0].upper()


def test_dates_are_written_out() -> None:
    assert wording.long_date(FRIDAY, "nl") == "vrijdag 27 november 2026"
    assert wording.long_date(FRIDAY, "en") == "Friday 27 November 2026"


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_and_weekday_has_its_name(month: int) -> None:
    names = ["jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
    assert wording.long_date(date(2026, month, 1), "nl").split()[2].startswith(names[month - 1])
    for offset in range(7):
        day = date(2026, month, 1 + offset)
        assert wording.weekday(day, "en") == f"{day:%A}"


@pytest.mark.parametrize(
    ("time_s", "said"),
    [
        (0, "00:00"),
        (24_120, "06:42"),
        (86_399, "23:59"),
        (87_000, "00:10 +1"),
        (172_800, "00:00 +2"),
    ],
)
def test_a_time_of_day_says_when_it_is_tomorrow(time_s: int, said: str) -> None:
    assert plain(wording.clock(time_s)) == said


def test_numbers_are_written_as_the_language_does() -> None:
    assert wording.number(1234.56, 1, "nl") == "1.234,6"
    assert wording.number(1234.56, 1, "en") == "1,234.6"
