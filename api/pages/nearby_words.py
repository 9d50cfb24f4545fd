"""The words of the page for residents, in Dutch and in English."""

from __future__ import annotations

from city.wording import Language

NEARBY_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "nearby_heading": "Waar is nog plaats?",
        "nearby_intro": "De dichtstbijzijnde container waarvan wordt verwacht dat hij niet vol is. "
        "Het is een verwachting, soms van gisteren: is hij toch vol, neem uw afval dan weer mee.",
        "nearby_waste": "Afval",
        "nearby_address": "Straat, of een deel ervan",
        "nearby_search": "Zoek",
        "nearby_here": "Zoek waar ik ben",
        "nearby_privacy": "Waar u bent, wordt op honderd meter afgerond, eenmaal gebruikt en niet "
        "bewaard.",
        "nearby_no_place": "Op dit adres staat geen container. Probeer een straat in de buurt.",
        "nearby_none": "Geen container van deze soort heeft naar verwachting plaats.",
        "nearby_away": "{m} meter",
        "nearby_fill": "naar verwachting {share} vol",
        "nearby_unknown": "hoe vol hij is, is niet bekend",
        "nearby_report": "Staat u bij een volle? Meld het: wie u bent, wordt niet gevraagd.",
        "nearby_is_full": "Deze is vol",
        "nearby_thanks": "Gemeld, dank u.",
        "nearby_photo": "Foto toevoegen (mensen en kentekens worden onherkenbaar gemaakt)",
        "nearby_photo_sent": "De foto is bewaard.",
        "nearby_photo_unread": "Dit is geen foto die gelezen kan worden. Kies een andere.",
    },
    "en": {
        "nearby_heading": "Where is there room?",
        "nearby_intro": "The nearest container that is expected not to be full. It is an "
        "expectation, sometimes of yesterday: if it is full all the same, take your waste back.",
        "nearby_waste": "Waste",
        "nearby_address": "Street, or part of it",
        "nearby_search": "Search",
        "nearby_here": "Search where I am",
        "nearby_privacy": "Where you are is rounded to a hundred metres, used once and not kept.",
        "nearby_no_place": "No container stands at this address. Try a street nearby.",
        "nearby_none": "No container of this kind is expected to have room.",
        "nearby_away": "{m} metres",
        "nearby_fill": "expected to be {share} full",
        "nearby_unknown": "how full it is, is not known",
        "nearby_report": "Are you at a full one? Report it: nobody asks who you are.",
        "nearby_is_full": "This one is full",
        "nearby_thanks": "Reported, thank you.",
        "nearby_photo": "Add a photo (people and number plates are made unreadable)",
        "nearby_photo_sent": "The photo is kept.",
        "nearby_photo_unread": "This is no photo that can be read. Choose another.",
    },
}
