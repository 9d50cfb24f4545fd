"""Changes by hand: what one breaks and costs, and what a version changes of another."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.documents.document import Document, Link, example
from city.changes import ChangeKind, change_text
from city.wording import Language
from operations.compare_plans import Comparison, Figures
from operations.edit_plan import HandEdit
from routing.constraints import Violation
from routing.edits import Edit


class EditRequest(Document):
    """Move a stop, hold it where it is, or take it off the plan."""

    model_config = Document.model_config | {
        "json_schema_extra": example(stopId="UC-031-RES", toVehicleId="KW-3", keep=False)
    }

    stop_id: str = Field(max_length=200)
    to_vehicle_id: str = Field(
        default="", max_length=200, description="Empty takes it off the plan."
    )
    before: str = Field(
        default="", max_length=200,
        description="The stop that it goes before; where it breaks and costs least if empty.",
    )  # fmt: skip
    locked: bool = Field(default=False, description="Hold to it in every later solve.")
    keep: bool = Field(default=False, description="Keep the edited plan as a version of its own.")

    def noun(self) -> Edit:
        """Return the edit that is asked for."""
        return Edit(self.stop_id, self.to_vehicle_id, self.before, self.locked)


class ViolationDocument(Document):
    """One rule that a plan breaks."""

    rule: str
    vehicle_id: str
    ref: str
    message: str

    @classmethod
    def of(cls, noun: Violation) -> ViolationDocument:
        """Return the document of a violation."""
        return cls(rule=noun.rule, vehicle_id=noun.vehicle_id, ref=noun.ref, message=noun.message)


class EditDocument(Document):
    """What an edit does."""

    violations: tuple[ViolationDocument, ...] = Field(
        description="All that the touched routes break now; empty means that they may be driven."
    )
    cost_change_cents: int
    musts_change: int = Field(description="How many more musts are left out.")
    length_change_m: int
    duration_change_s: int
    plan_id: str | None = Field(description="The version that was kept, if that was asked for.")
    links: tuple[Link, ...]

    @classmethod
    def of(cls, noun: HandEdit) -> EditDocument:
        """Return the document of an edit."""
        kept = noun.plan.id if noun.plan else None
        found = noun.edited
        return cls(
            violations=tuple(ViolationDocument.of(each) for each in found.violations),
            cost_change_cents=found.cost_change_cents,
            musts_change=found.musts_change,
            length_change_m=noun.length_change_m,
            duration_change_s=noun.duration_change_s,
            plan_id=kept,
            links=(Link(rel="result", href=f"/v1/plans/{kept}"),) if kept else (),
        )


class ReplanRequest(Document):
    """Plan the rest of a day anew; without anything heard, once more around what is locked."""

    model_config = Document.model_config | {
        "json_schema_extra": example(at="10:30", broken=["KW-1"], closed=[], urgent=[])
    }

    at: str = Field(
        default="00:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="Local time at which it is known; what is done by then stays.",
    )
    broken: tuple[str, ...] = Field(default=(), max_length=100, description="Trucks.")
    closed: tuple[str, ...] = Field(default=(), max_length=1000, description="Containers.")
    urgent: tuple[str, ...] = Field(default=(), max_length=100, description="Containers.")

    def told(self) -> dict[str, Any]:
        """Return what a job is asked."""
        hours, minutes = self.at.split(":")
        now_s = int(hours) * 3600 + int(minutes) * 60
        lists = {"broken": self.broken, "closed": self.closed, "urgent": self.urgent}
        return {"now_s": now_s} | {name: list(ids) for name, ids in lists.items()}


class FiguresDocument(Document):
    """A plan in the figures that two plans are compared by."""

    stops: int
    trucks: int
    length_m: int
    duration_s: int
    weight_kg: int
    left_out: int

    @classmethod
    def of(cls, noun: Figures) -> FiguresDocument:
        """Return the document of a plan's figures."""
        return cls(**vars(noun))


class ChangeDocument(Document):
    """One stop that is served otherwise."""

    container_id: str
    kind: ChangeKind
    usual_vehicle_id: str
    vehicle_id: str
    saved_m: int | None = Field(description="What the change alone saves in driving.")
    text: str


class ComparisonDocument(Document):
    """What a plan changes of another."""

    plan_id: str
    against: str
    figures: FiguresDocument
    figures_against: FiguresDocument
    succession_share: float = Field(description="Stops that the same stop comes after as before.")
    truck_share: float = Field(description="Stops that are on the same truck.")
    total: int
    changes: tuple[ChangeDocument, ...]
    links: tuple[Link, ...]

    @classmethod
    def of(
        cls, noun: Comparison, language: Language, offset: int, limit: int, links: tuple[Link, ...]
    ) -> ComparisonDocument:
        """Return one page of a comparison, worded in a language."""
        return cls(
            plan_id=noun.plan_id,
            against=noun.against,
            figures=FiguresDocument.of(noun.figures),
            figures_against=FiguresDocument.of(noun.figures_against),
            succession_share=noun.kept.succession_share,
            truck_share=noun.kept.pair_share,
            total=len(noun.changes),
            changes=tuple(
                ChangeDocument(
                    container_id=change.stop_id,
                    kind=change.kind,
                    usual_vehicle_id=change.usual_vehicle_id,
                    vehicle_id=change.vehicle_id,
                    saved_m=change.saved_m,
                    text=change_text(change, language, choice),
                )
                for change, choice in noun.changes[offset : offset + limit]
            ),
            links=links,
        )
