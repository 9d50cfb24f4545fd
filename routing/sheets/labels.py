"""The fixed words of a sheet in Dutch and English, and how figures are written on it.

A dataclass with two instances, so that a text missing in one language is a type error.
"""

from __future__ import annotations

from dataclasses import dataclass

from city.wording import EXCEPTION_NAMES, NBSP, Language, number


@dataclass(frozen=True)
class Labels:
    """The fixed words of a sheet in one language.

    Parameters
    ----------
    full : the last of the four boxes for the fill at the lift, after ¼, ½ and ¾.
    exceptions : what may be wrong at a stop; the driver writes its letter, A for the first.
    page : pattern with the page's number and the number of pages.
    """

    route_sheet: str
    driver: str
    crew: str
    km_start: str
    km_end: str
    plan: str
    made_at: str
    week: str
    page: str
    stops: str
    distance: str
    working_time: str
    expected_load: str
    disposal_visits: str
    the_route: str
    the_list: str
    map_alt: str
    start: str
    end: str
    rest: str
    rest_detail: str
    disposal: str
    unload: str
    weighed_full: str
    weighed_empty: str
    same_place: str
    must: str
    expected_full: str
    span: str
    access: str
    on_board: str
    done: str
    full: str
    fill_at_lift: str
    code: str
    code_key: str
    exceptions: tuple[str, ...]
    remarks: str
    photo_alt: str
    directions: str
    to_the_map: str
    off_the_map: str
    no_directions: str
    local_ticks: str


LABELS: dict[Language, Labels] = {
    "nl": Labels(
        route_sheet="Routeblad",
        driver="Chauffeur",
        crew="Belader(s)",
        km_start="Km-stand begin",
        km_end="Km-stand eind",
        plan="Plan",
        made_at="Gemaakt",
        week="week",
        page="Blad {} van {}",
        stops="stops",
        distance="km",
        working_time="uur",
        expected_load="ton verwacht",
        disposal_visits="× lossen",
        the_route="De route",
        the_list="De lijst",
        map_alt="Kaart van de route met de genummerde stops. Dezelfde stops staan in de lijst.",
        start="Vertrek",
        end="Einde dienst",
        rest="Pauze",
        rest_detail="{} minuten",
        disposal="Lossen",
        unload="naar verwachting {}",
        weighed_full="Weging vol",
        weighed_empty="Weging leeg",
        same_place="zelfde plek",
        must="moet",
        expected_full="verwacht vol",
        span="{} tot {}",
        access="Let op:",
        on_board="aan boord {}",
        done="Geleegd",
        full="vol",
        fill_at_lift="Vulling bij legen",
        code="Code",
        code_key="Codes bij bijzonderheden",
        exceptions=tuple(EXCEPTION_NAMES["nl"].values()),
        remarks="Opmerkingen",
        photo_alt="Uitsnede van een straatfoto, onherkenbaar gemaakt",
        directions="Rijaanwijzingen",
        to_the_map="Rijd eerst buiten deze kaart",
        off_the_map="Rijd verder buiten deze kaart",
        no_directions=(
            "Zonder rijaanwijzingen: over deze route vinden de weggegevens geen toegestane weg. "
            "De lijn op de kaart is recht."
        ),
        local_ticks="Vinkjes blijven alleen op dit apparaat bewaard.",
    ),
    "en": Labels(
        route_sheet="Route sheet",
        driver="Driver",
        crew="Crew",
        km_start="Odometer start",
        km_end="Odometer end",
        plan="Plan",
        made_at="Made",
        week="week",
        page="Page {} of {}",
        stops="stops",
        distance="km",
        working_time="hours",
        expected_load="tonnes expected",
        disposal_visits="× unloading",
        the_route="The route",
        the_list="The list",
        map_alt="Map of the route with the numbered stops. The same stops are in the list.",
        start="Departure",
        end="End of shift",
        rest="Break",
        rest_detail="{} minutes",
        disposal="Unload",
        unload="expected {}",
        weighed_full="Weight full",
        weighed_empty="Weight empty",
        same_place="same place",
        must="must",
        expected_full="expected full",
        span="{} to {}",
        access="Note:",
        on_board="on board {}",
        done="Emptied",
        full="full",
        fill_at_lift="Fill at lift",
        code="Code",
        code_key="Codes for exceptions",
        exceptions=tuple(EXCEPTION_NAMES["en"].values()),
        remarks="Remarks",
        photo_alt="Crop of a street photo, made unrecognisable",
        directions="Directions",
        to_the_map="First drive outside this map",
        off_the_map="Drive on outside this map",
        no_directions=(
            "Without directions: the road data knows no lawful way along this route. "
            "The line on the map is straight."
        ),
        local_ticks="Ticks are kept on this device only.",
    ),
}


def kilometres(length_m: int, language: Language) -> str:
    """Return a length as ``350 m``, or ``2.4 km`` from one kilometre on."""
    if length_m < 1000:
        return f"{round(length_m, -1)}{NBSP}m"
    return f"{number(length_m / 1000, 1, language)}{NBSP}km"


def minutes(duration_s: int) -> str:
    """Return a duration in whole minutes, at least one."""
    return f"{max(1, round(duration_s / 60))}{NBSP}min"


def hours(duration_s: int) -> str:
    """Return a duration as hours and minutes: ``7:35``."""
    rounded = round(duration_s / 60)
    return f"{rounded // 60}:{rounded % 60:02d}"


def mass(weight_kg: int, language: Language) -> str:
    """Return a weight as ``640 kg``, or ``3.4 t`` from one tonne on."""
    if weight_kg < 1000:
        return f"{weight_kg}{NBSP}kg"
    return f"{number(weight_kg / 1000, 1, language)}{NBSP}t"
