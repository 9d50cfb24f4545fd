"""What went wrong in a form, at its field and in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.pages.account_words import FAULT_TEXTS
from api.pages.words import WORDS
from city.errors import Fault
from city.wording import Language

FormErrors = dict[str, str]
"""One sentence by field; an empty name stands for the whole form."""


def told(faults: Iterable[Fault], language: Language) -> FormErrors:
    """Return what faults say in a language; English where nobody translated them yet."""
    return {
        fault.field: FAULT_TEXTS[language].get(fault.code, f"{fault.cause} {fault.remedy}")
        for fault in faults
    }


def missing(given: Mapping[str, str], language: Language) -> FormErrors:
    """Return an error for each field that is needed and empty."""
    return {name: WORDS[language]["needed"] for name, value in given.items() if not value.strip()}
