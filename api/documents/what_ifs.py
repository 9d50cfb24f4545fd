"""What a plan's day would come to by other thresholds."""

from __future__ import annotations

from pydantic import Field

from api.documents.document import Document, example
from city.what_if import Thresholds, WhatIf


class WhatIfRequest(Document):
    """Thresholds to work out a day by."""

    model_config = Document.model_config | {
        "json_schema_extra": example(mustPOverflow=0.7, overflowPriceCents=6000)
    }

    must_p_overflow: float = Field(gt=0, le=1, allow_inf_nan=False)
    overflow_price_cents: int = Field(ge=0, le=10_000_000)

    def noun(self) -> Thresholds:
        """Return the city's noun."""
        return Thresholds(self.must_p_overflow, self.overflow_price_cents)


class WhatIfDocument(Document):
    """What is expected of the day by some thresholds; nobody drove it."""

    must_p_overflow: float
    overflow_price_cents: int
    in_force: bool
    must: int
    may: int
    skipped: int
    carried: int
    length_m: int
    duration_s: int
    expected_overflows: float

    @classmethod
    def of(cls, noun: WhatIf, in_force: Thresholds) -> WhatIfDocument:
        """Return the document of one of them."""
        return cls(
            must_p_overflow=noun.thresholds.must_p_overflow,
            overflow_price_cents=noun.thresholds.overflow_price_cents,
            in_force=noun.thresholds == in_force,
            must=noun.must,
            may=noun.may,
            skipped=noun.skipped,
            carried=noun.carried,
            length_m=noun.length_m,
            duration_s=noun.duration_s,
            expected_overflows=noun.expected_overflows,
        )


class WhatIfList(Document):
    """All that can be compared about a plan, the strictest thresholds first."""

    plan_id: str
    what_ifs: tuple[WhatIfDocument, ...]
