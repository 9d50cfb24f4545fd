"""A draft for the Dutch Algorithm Register, filled in as far as a model's files say it.

What only the municipality can declare (contact, legal basis, impact assessments) stays open, in square
brackets. The register is in Dutch, so the draft is.

Source: Algoritmeregister, publicatiestandaard 1.0 (algoritmes.overheid.nl).
"""
# ruff: noqa: E501 (each text is one field of a form)

from __future__ import annotations

from dataclasses import dataclass

from vision.describe import Known, Told


@dataclass(frozen=True)
class Field:
    """One field of the register: its name in the standard, its label, and our text."""

    name: str
    label: str
    text: str


def register_draft(known: Known, organisation: str = "", contact: str = "") -> tuple[Field, ...]:
    """Return the fields of the draft, in the order of the register's form."""
    made = str(known.record["made_at"])[:7]
    rows = (
        ("standard_version", "Versie van de standaard", "1.0"),
        ("lang", "Taal", "NLD"),
        ("name", "Naam", "Afval zien en ophaalrondes plannen (Stadsronde)"),
        ("organization", "Organisatie", organisation or "[naam van de gemeente]"),
        ("description_short", "Korte beschrijving", SHORT),
        ("status", "Status", "[in ontwikkeling, in gebruik of buiten gebruik]"),
        ("begin_date", "Begindatum", f"[begin van het gebruik; het model is van {made}]"),
        ("contact_email", "Contactgegevens", contact or "[e-mailadres]"),
        ("category", "Thema", "Natuur en milieu; Verkeer"),
        ("publication_category", "Publicatiecategorie", CATEGORY),
        ("goal", "Doel en impact", GOAL),
        ("proportionality", "Afwegingen", PROPORTIONALITY),
        ("human_intervention", "Menselijke tussenkomst", HUMAN),
        ("risks", "Risicobeheer", _risks(known)),
        ("lawful_basis", "Wettelijke basis", LAWFUL_BASIS),
        ("lawful_basis_link", "Links naar wettelijke basis", LAWFUL_LINKS),
        ("impacttoetsen", "Impacttoetsen", "[DPIA: datum en uitkomst; verder wat is gedaan]"),
        ("source_data", "Gegevens", SOURCE_DATA),
        ("methods_and_models", "Technische werking", _methods(known)),
        ("provider", "Leverancier", "Geen: vrije software (AGPL-3.0), Stadsronde"),
        ("source_id", "Identifier", str(known.record["version"])),
    )
    return tuple(Field(*row) for row in rows)


def as_markdown(fields: tuple[Field, ...]) -> str:
    """Return the draft as a page to read and correct."""
    parts = [f"## {field.label}\n`{field.name}`\n\n{field.text}\n" for field in fields]
    return "# Concept voor het Algoritmeregister\n\n" + HEAD + "\n" + "\n".join(parts)


HEAD = """Geschreven door `stadsronde register` uit wat bij het model bekend is. Wat tussen vierkante haken
staat kan alleen de gemeente invullen; lees ook de rest na voordat u publiceert.
"""

SHORT = (
    "Het systeem herkent afvalcontainers en afval ernaast op foto's van de straat, legt dat naast meldingen, "
    "wegingen en inspecties, schat hoe vol elke container is en stelt ophaalrondes voor."
)
CATEGORY = (
    "Overige algoritmes [ga na: het systeem neemt geen besluiten over personen, maar foto's van de straat "
    "zijn persoonsgegevens totdat ze onherkenbaar zijn gemaakt]"
)
GOAL = (
    "Containers worden geleegd voordat ze overlopen, zonder ritten voor niets. Het systeem gaat over containers "
    "en plekken, niet over personen, en wordt niet gebruikt om te handhaven. Bewoners merken het doordat "
    "containers op andere dagen worden geleegd dan voorheen."
)
PROPORTIONALITY = (
    "Foto's zijn nodig om te zien wat meldingen en wegingen niet zeggen: wat uitsteekt en wat ernaast staat. "
    "Hoofden en kentekens worden in het geheugen onherkenbaar gemaakt voordat een foto ergens wordt "
    "weggeschreven; van de opnamegegevens blijven alleen plaats, tijd en richting. Zonder foto's werkt het "
    "systeem ook, met meer onzekerheid."
)
HUMAN = (
    "Een planner ziet bij elke container waarom hij is gekozen of overgeslagen, kan dat veranderen en stelt het "
    "plan vast. Een chauffeur kan van de ronde afwijken en meldt wat hij aantreft. Valt het systeem uit, dan "
    "geldt het vaste schema."
)
LAWFUL_BASIS = (
    "[door de gemeente vast te stellen, bijvoorbeeld de zorgplicht voor huishoudelijk afval (Wet "
    "milieubeheer, artikel 10.21) en de AVG, artikel 6 lid 1 onder e]"
)
LAWFUL_LINKS = "[https://wetten.overheid.nl/BWBR0003245/]"
SOURCE_DATA = (
    "Foto's van de straat met plaats en tijd; het containerregister; meldingen van bewoners en medewerkers; "
    "wegingen; sensoren en inspecties waar die er zijn; wat chauffeurs vastleggen; wegen uit OpenStreetMap. "
    "[vul aan welke bronnen de gemeente aansluit en hoe lang foto's worden bewaard]"
)


def _methods(known: Known) -> str:
    record = known.record
    scores = "; ".join(
        f"{row['class']} {_number(row['ap50'], 2)} ({row['set']}, {row['boxes']} kaders)"
        for row in record["scores"]
    )
    return (
        f"Een neuraal netwerk (YOLO, {record['side']} beeldpunten) geeft kaders om containers, overvolle "
        "containers, zakken, karton, grofvuil, hopen, mensen en voertuigen; de laatste twee alleen om ze "
        f"onherkenbaar te maken. Versie {record['version']}, gemaakt {str(record['made_at'])[:10]}. Gemiddelde "
        f"precisie bij halve overlap (AP50, Engelse klassenamen) op foto's die niet zijn geleerd: {scores}. "
        f"{_calibrated(known)} Waarnemingen en meldingen van dezelfde plek worden samengevoegd; een kansmodel "
        "per container schat de vulling, met de onzekerheid erbij; een wiskundig zoekprogramma (OR-Tools) "
        "stelt rondes voor die een los programma controleert."
    )


def _calibrated(known: Known) -> str:
    if not known.scored:
        return "De kans dat een container overvol is, is voor deze versie niet geijkt."
    row = _whole(known)
    return (
        "De kans dat een container overvol is, is geijkt: gemiddelde afwijking (ECE, 15 vakken) "
        f"{_number(row['ece'], 3)}, Brier-winst op het gemiddelde {_number(row['brier_skill'], 2)}, op "
        f"{row['n']} containers en loze kaders die niet voor het ijken zijn gebruikt, de niet geziene "
        "meegerekend."
    )


def _risks(known: Known) -> str:
    seen = _whole(known) if known.scored else None
    share = (
        f" In de proef werden {seen['not_seen']} van {seen['n'] - seen['false']} containers niet gezien en "
        f"ging het {seen['false']} keer om niets."
        if seen
        else ""
    )
    return (
        "Het systeem mist containers en ziet er waar ze niet zijn."
        + share
        + " Daarom weegt een foto minder naarmate "
        "hij onzekerder is, staat bij elke schatting hoe zeker zij is, en wordt wat is voorspeld naast wegingen en "
        "vastgelegde vullingen gelegd. Een hoofd of kenteken kan leesbaar blijven; hoe vaak is gemeten en "
        "staat in de documentatie. [vul aan: wie ziet toe, en hoe vaak wordt opnieuw gemeten]"
    )


def _whole(known: Known) -> Told:
    """Return the figures that count every container, those not seen as the base rate."""
    return next(row for row in known.scored if "base rate" in row["counted"])


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")
