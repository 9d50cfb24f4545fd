"""The words of the analyst's reviews, in Dutch and in English."""

from __future__ import annotations

from city.wording import Language

REVIEW_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "nav_reviews": "Controle",
        "reviews_heading": "Klopt wat herkend is?",
        "reviews_intro": "Kijk foto's na en verbeter de kaders. Zo is te zien hoe goed de "
        "herkenning hier is, en kan ze van deze stad leren. De twijfelachtigste foto's staan "
        "vooraan.",
        "show": "Toon",
        "show_all": "alle foto's",
        "show_open": "nog na te kijken",
        "show_reviewed": "nagekeken",
        "show_mistakes": "met fouten",
        "category": "Soort",
        "any_category": "alle soorten",
        "filter": "Filteren",
        "review_state": "{reviewed} van {all} foto's nagekeken",
        "no_such_photos": "Er zijn geen foto's die hieraan voldoen.",
        "review": "Nakijken",
        "review_again": "Opnieuw nakijken",
        "reviewed_by": "Nagekeken door {by}, {when}",
        "mistakes_one": "1 fout",
        "mistakes_many": "{n} fouten",
        "no_mistakes": "geen fouten",
        "not_reviewed": "nog niet nagekeken",
        "tally_heading": "Hoe de herkenning het doet",
        "tally_intro": "Alleen op nagekeken foto's, vanaf een score van 25 %. Een kader is goed "
        "als het voor de helft samenvalt. Geen steekproef: wie vooral twijfelgevallen nakijkt, "
        "ziet een strenger beeld.",
        "tally_right": "Goed",
        "tally_wrong": "Onterecht",
        "tally_missed": "Gemist",
        "tally_precision": "Van wat herkend is, klopt",
        "tally_recall": "Van wat er is, is herkend",
        "labels_coco": "Foto's en kaders (COCO)",
        "labels_yolo": "Foto's en kaders (YOLO)",
        "one_review_heading": "Wat is er te zien?",
        "all_reviews": "Alle foto's",
        "boxes_list": "Kaders",
        "add_box": "Kader toevoegen",
        "remove_box": "Verwijderen",
        "undo": "Ongedaan maken",
        "save": "Bewaren",
        "save_next": "Bewaren en volgende",
        "saved": "Bewaard.",
        "not_saved": "Niet bewaard: {why}",
        "unsaved": "Nog niet bewaard.",
        "box_label": "Kader {n}: {name}",
        "no_boxes": "Geen kaders: er is niets van deze soorten te zien.",
        "left_px": "links",
        "top_px": "boven",
        "width_px": "breed",
        "height_px": "hoog",
        "review_help": "Sleep om een kader te tekenen, te verschuiven of bij een hoek te rekken. "
        "Met toetsen: Tab kiest een kader, pijlen verschuiven het, Shift met pijlen maakt het "
        "groter of kleiner, 1 tot 8 geeft de soort, Delete verwijdert, N voegt toe, Ctrl+Z maakt "
        "ongedaan.",
    },
    "en": {
        "nav_reviews": "Review",
        "reviews_heading": "Is what was recognised right?",
        "reviews_intro": "Look photos over and mend the boxes. It shows how good recognition is "
        "here, and lets it learn from this city. The most doubtful photos come first.",
        "show": "Show",
        "show_all": "all photos",
        "show_open": "still to review",
        "show_reviewed": "reviewed",
        "show_mistakes": "with mistakes",
        "category": "Kind",
        "any_category": "all kinds",
        "filter": "Filter",
        "review_state": "{reviewed} of {all} photos reviewed",
        "no_such_photos": "There are no such photos.",
        "review": "Review",
        "review_again": "Review again",
        "reviewed_by": "Reviewed by {by}, {when}",
        "mistakes_one": "1 mistake",
        "mistakes_many": "{n} mistakes",
        "no_mistakes": "no mistakes",
        "not_reviewed": "not reviewed yet",
        "tally_heading": "How recognition does",
        "tally_intro": "On reviewed photos only, from a score of 25 % up. A box is right if it "
        "coincides by half. No random sample: whoever reviews doubtful photos first sees a "
        "harsher picture.",
        "tally_right": "Right",
        "tally_wrong": "Wrong",
        "tally_missed": "Missed",
        "tally_precision": "Of what was recognised, right",
        "tally_recall": "Of what is there, recognised",
        "labels_coco": "Photos and boxes (COCO)",
        "labels_yolo": "Photos and boxes (YOLO)",
        "one_review_heading": "What is in the photo?",
        "all_reviews": "All photos",
        "boxes_list": "Boxes",
        "add_box": "Add a box",
        "remove_box": "Remove",
        "undo": "Undo",
        "save": "Save",
        "save_next": "Save and next",
        "saved": "Saved.",
        "not_saved": "Not saved: {why}",
        "unsaved": "Not saved yet.",
        "box_label": "Box {n}: {name}",
        "no_boxes": "No boxes: nothing of these kinds can be seen.",
        "left_px": "left",
        "top_px": "top",
        "width_px": "wide",
        "height_px": "high",
        "review_help": "Drag to draw a box, to move it, or to stretch it by a corner. With keys: "
        "Tab picks a box, arrows move it, Shift with arrows makes it larger or smaller, 1 to 8 "
        "give its kind, Delete removes it, N adds one, Ctrl+Z undoes.",
    },
}

SENT_TO_REVIEW = (
    "remove_box", "saved", "not_saved", "unsaved", "box_label", "left_px", "top_px",
    "width_px", "height_px", "category", "no_network",
)  # fmt: skip
"""The words that the browser needs too."""
