"""The words of the page of other thresholds, in Dutch and in English."""

from __future__ import annotations

from city.wording import Language

WHAT_IF_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "nav_what_if": "Wat als",
        "what_if_heading": "Wat als de drempel anders was?",
        "what_if_intro": "Voor {day}, met wat bekend was toen het plan werd gemaakt ({made}): de "
        "keuze en de rondes opnieuw, met andere drempels. Het plan verandert niet.",
        "what_if_expected": "Dit zijn verwachtingen, geen uitkomsten: niemand reed deze rondes. "
        "Elke regel is even lang gezocht ({seconds} s), en wat weinig scheelt in kilometers, kan "
        "het geluk van het zoeken zijn.",
        "must_from": "Moet vanaf deze kans op overlopen (%)",
        "overflow_costs": "Een overlopende container mag kosten (€)",
        "work_out": "Reken uit",
        "what_if_none": "Er is nog niets uitgerekend. De eerste keer worden ook de drempels die "
        "nu gelden uitgerekend.",
        "col_must_from": "Moet vanaf",
        "col_overflow_costs": "Overlopen kost",
        "in_force": "geldt nu",
        "col_must": "Moet",
        "col_may": "Loont",
        "col_skipped": "Kan wachten",
        "col_carried": "Past niet",
        "col_expected_overflows": "Overlopen verwacht",
        "what_if_meaning": "Overlopen verwacht: van de containers waar niemand komt, lopen er "
        "gemiddeld zoveel over vóór er weer wagens komen{when}. Hoe duurder overlopen, hoe meer "
        "containers een omweg waard zijn; hoe lager de kans, hoe meer er moeten, wat dat ook kost.",
        "what_if_when": " ({day})",
        "against": "{n} tegen nu",
    },
    "en": {
        "nav_what_if": "What if",
        "what_if_heading": "What if the threshold were another?",
        "what_if_intro": "For {day}, with what was known when the plan was made ({made}): the "
        "choice and the rounds anew, by other thresholds. The plan stays as it is.",
        "what_if_expected": "These are expectations, not outcomes: nobody drove these rounds. "
        "Each line was searched for as long ({seconds} s), and a small difference in kilometres "
        "may be the luck of the search.",
        "must_from": "Must from this chance of overflow (%)",
        "overflow_costs": "An overflowing container may cost (€)",
        "work_out": "Work it out",
        "what_if_none": "Nothing was worked out yet. The first time, the thresholds now in force "
        "are worked out too.",
        "col_must_from": "Must from",
        "col_overflow_costs": "An overflow costs",
        "in_force": "in force",
        "col_must": "Must",
        "col_may": "Worth it",
        "col_skipped": "Can wait",
        "col_carried": "No room",
        "col_expected_overflows": "Overflows expected",
        "what_if_meaning": "Overflows expected: of the containers that nobody comes to, so many "
        "overflow on average before trucks come again{when}. The dearer an overflow, the more "
        "containers are worth a detour; the lower the chance, the more have to be emptied, "
        "whatever it costs.",
        "what_if_when": " ({day})",
        "against": "{n} against now",
    },
}
