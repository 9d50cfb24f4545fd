"""/v1/downloads: the ledger and the plans as tables."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.context import Office
from api.parameters import During
from operations.download_table import MEDIA_TYPES, Table, TableFormat, download_table

router = APIRouter(prefix="/v1/downloads", tags=["downloads"])

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The table, as a file.",
        "content": {kind.split(";")[0]: _BINARY for kind in MEDIA_TYPES.values()},
    }
}


@router.get("/{table}", response_class=Response, responses=_ANSWER)
def download(
    table: Table,
    here: Office,
    during: During,
    form: Annotated[TableFormat, Query(alias="format")] = TableFormat.CSV,
) -> Response:
    """Return the ledger, or the choices of the newest plan of each day, as one file."""
    content = download_table(here.store, table, form, during)
    name = f"{here.settings.municipality}-{table}.{form}"
    return Response(
        content,
        media_type=MEDIA_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
