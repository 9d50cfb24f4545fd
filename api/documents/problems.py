"""What the API answers when something is wrong: RFC 9457, Problem Details for HTTP APIs."""

from __future__ import annotations

from api.documents.document import Document, example
from city.errors import Fault

PROBLEM_TYPE = "application/problem+json"


class FaultDocument(Document):
    """One thing that is wrong, and how to mend it."""

    code: str
    where: str
    cause: str
    remedy: str
    field: str = ""
    value: str = ""

    @classmethod
    def of(cls, noun: Fault) -> FaultDocument:
        """Return the document of one fault."""
        return cls(**noun.as_dict())


class ProblemDocument(Document):
    """What went wrong, for a program to act on and a person to read."""

    model_config = Document.model_config | {
        "json_schema_extra": example(
            type="urn:stadsronde:problem:bad-input",
            title="Something in the request is wrong",
            status=422,
            detail="bbox: A box is west,south,east,north.",
            instance="/v1/containers",
            faults=[
                {
                    "code": "bbox",
                    "where": "query",
                    "field": "bbox",
                    "value": "24.9,60.1",
                    "cause": "A box is west,south,east,north.",
                    "remedy": "Give four numbers in degrees, such as 24.93,60.16,24.95,60.18.",
                }
            ],
        )
    }

    type: str
    title: str
    status: int
    detail: str
    instance: str
    faults: tuple[FaultDocument, ...] = ()
