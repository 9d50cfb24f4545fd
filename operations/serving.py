"""Where a server listens, and by which certificate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from city.errors import BadInput, Fault

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Serving:
    """Where to serve.

    Parameters
    ----------
    host : the address to listen on; this machine's own, unless others are to reach it.
    certificate, key : PEM files; both or neither.
    """

    port: int = 8000
    host: str = "127.0.0.1"
    certificate: Path | None = None
    key: Path | None = None

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            cause = "TLS needs a certificate and its key."
            raise BadInput(_fault(cause, "Give both --tls-cert and --tls-key, or neither."))
        for path in (self.certificate, self.key):
            if path is not None and not path.is_file():
                cause = "This file is not there."
                raise BadInput(_fault(cause, "Give the path of a PEM file.", str(path)))

    @property
    def scheme(self) -> str:
        """How a browser must ask."""
        return "https" if self.certificate else "http"

    @property
    def is_overheard(self) -> bool:
        """Whether passwords would travel over a network unprotected."""
        return self.certificate is None and self.host not in LOOPBACK


def _fault(cause: str, remedy: str, value: str = "") -> Fault:
    return Fault("tls", "serve", cause, remedy, "tls-cert, tls-key", value)
