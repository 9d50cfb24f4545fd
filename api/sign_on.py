"""Logging in with an organisation's own accounts, by OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.integrations.starlette_client import OAuth

from operations.settings import Settings

CLIENT = "organisation"


@dataclass(frozen=True)
class SignOn:
    """An identity provider that says who somebody is; what they may do, Stadsronde's account says.

    Parameters
    ----------
    client : Authlib's; it keeps a login's state and nonce in a signed cookie and checks the token.
    claim : of the token, that accounts are named by.
    """

    client: Any
    claim: str

    @classmethod
    def of(cls, settings: Settings) -> SignOn | None:
        """Return the provider of the settings, where they name one."""
        if not settings.oidc_issuer:
            return None
        where = f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
        client = OAuth().register(
            CLIENT,
            server_metadata_url=where,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret or None,
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
        )
        return cls(client, settings.oidc_claim)

    def name_in(self, claims: Mapping[str, Any]) -> str | None:
        """Return the account's name that a token's claims give; None where it is not sure."""
        name = claims.get(self.claim)
        unsure = self.claim == "email" and claims.get("email_verified") is False
        return name.strip().lower() if isinstance(name, str) and not unsure else None
