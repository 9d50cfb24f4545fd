"""The words of the analyst's measures, in Dutch and in English."""

from __future__ import annotations

from city.wording import Language

MEASURE_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "nav_measures": "Meten",
        "measures_heading": "Hoe goed gaat het?",
        "period": "Periode",
        "last_days": "laatste {n} dagen",
        "show_period": "Tonen",
        "from_to": "{first} tot en met {last}",
        "expected_heading": "Verwacht en gevonden",
        "expected_intro": "De plannen van deze dagen tegen wat de lediging vond. Wat een plan "
        "bespaard zou hebben, is hieruit niet te zeggen.",
        "no_plans_in_period": "In deze periode was er geen plan.",
        "days_with_plan": "dagen met een plan",
        "planned_containers": "containers gepland",
        "emptied_containers": "containers geleegd",
        "km_a_day": "kilometer gepland per dag",
        "fill_error": "zat de verwachte vulling er gemiddeld naast",
        "signs_full": "tekenen van een volle container",
        "signs_late": "daarvan door geen plan op tijd beantwoord",
        "unknown": "onbekend",
        "photos_by_day": "Foto's per dag",
        "photos_by_day_intro": "Verschuift dit zonder dat de straat verandert, kijk dan naar "
        "camera's, weer of herkenner. De nieuwste foto is van {when}.",
        "no_photos_in_period": "In deze periode zijn er geen foto's.",
        "day": "Dag",
        "photos_column": "Foto's",
        "containers_a_photo": "Containers per foto",
        "overflowing_share": "Overvol",
        "mean_score": "Score",
        "blurred_column": "Onleesbaar gemaakt",
        "detectors_heading": "Herkenners",
        "detectors_intro": "Welke versie welke foto's las. Hoe goed de meegeleverde is, staat in "
        "haar modelkaart; hoe goed zij hier is, zegt de controle.",
        "version": "Versie",
        "from": "Van",
        "to": "Tot",
        "in_use": "meegeleverd",
        "reliability": "Kans dat een container overvol is: gezegd en uitgekomen",
        "reliability_intro": "Op foto's waarop niet is geijkt (street_bins, {n} containers en "
        "onterechte kaders), niet van deze stad. Op de lijn is precies goed.",
        "said_axis": "gezegd",
        "true_axis": "uitgekomen",
        "evaluations_heading": "Beoordelingen",
        "evaluations_intro": "Hoe een herkenner het doet op foto's met bekende kaders, of twee "
        "naast elkaar: precisie, ijking, verwarring en de ergste fouten. Elk rapport in de map "
        "evaluations van deze stad staat hier; stadsronde evaluate maakt ze.",
        "evaluation": "Rapport",
        "truth": "Kaders",
        "served_heading": "Wie wordt bediend",
        "served_intro": "Per container, in deze periode; wijken zijn vakken van ongeveer een "
        "kilometer.",
        "neighbourhood": "Buurt",
        "containers_column": "Containers",
        "passes": "Foto's langs",
        "seen_full": "Vol gezien",
        "reports": "Meldingen",
        "wait_days": "Dagen wachten",
        "overflow_days": "Dagen vol",
    },
    "en": {
        "nav_measures": "Measures",
        "measures_heading": "How well does it go?",
        "period": "Period",
        "last_days": "last {n} days",
        "show_period": "Show",
        "from_to": "{first} to {last}",
        "expected_heading": "Expected and found",
        "expected_intro": "The plans of these days against what emptyings found. What a plan "
        "would have spared cannot be told from this.",
        "no_plans_in_period": "There was no plan in this period.",
        "days_with_plan": "days with a plan",
        "planned_containers": "containers planned",
        "emptied_containers": "containers emptied",
        "km_a_day": "kilometres planned a day",
        "fill_error": "expected fill off what was found, on average",
        "signs_full": "signs of a full container",
        "signs_late": "of these, no plan answered in time",
        "unknown": "unknown",
        "photos_by_day": "Photos by day",
        "photos_by_day_intro": "If this drifts and the streets do not, look at cameras, weather "
        "or detector. The newest photo is of {when}.",
        "no_photos_in_period": "There are no photos in this period.",
        "day": "Day",
        "photos_column": "Photos",
        "containers_a_photo": "Containers a photo",
        "overflowing_share": "Overflowing",
        "mean_score": "Score",
        "blurred_column": "Made unreadable",
        "detectors_heading": "Detectors",
        "detectors_intro": "Which version read which photos. How good the one that came with this "
        "is, its model card says; how good it is here, the review does.",
        "version": "Version",
        "from": "From",
        "to": "To",
        "in_use": "came with this",
        "reliability": "Chance that a container overflows: said and come true",
        "reliability_intro": "On photos that were not calibrated on (street_bins, {n} containers "
        "and false boxes), none of this city. On the line is exactly right.",
        "said_axis": "said",
        "true_axis": "came true",
        "evaluations_heading": "Evaluations",
        "evaluations_intro": "How a detector does on photos with known boxes, or two side by "
        "side: precision, calibration, confusion and the worst mistakes. Each report in this "
        "city's evaluations folder is shown here; stadsronde evaluate makes them.",
        "evaluation": "Report",
        "truth": "Boxes",
        "served_heading": "Who is served",
        "served_intro": "A container, in this period; neighbourhoods are cells of about a "
        "kilometre.",
        "neighbourhood": "Neighbourhood",
        "containers_column": "Containers",
        "passes": "Photo days",
        "seen_full": "Seen full",
        "reports": "Reports",
        "wait_days": "Days waited",
        "overflow_days": "Days full",
    },
}
