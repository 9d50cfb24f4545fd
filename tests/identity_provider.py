"""A small OpenID Connect provider, for tests: everybody who comes is who the test says."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import Annotated, Any

from authlib.common.encoding import urlsafe_b64encode
from fastapi import FastAPI, Form
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.requests import Request
from starlette.responses import RedirectResponse

CLIENT_ID, SECRET, CODE = "stadsronde", "a secret", "a-code"


def identity_provider(claims: dict[str, Any], key: RSAKey, signs_with: RSAKey) -> FastAPI:
    """Return a provider that publishes one key and signs with another, or with the same."""
    app = FastAPI()
    asked: dict[str, str] = {}

    @app.get("/.well-known/openid-configuration")
    def configuration(request: Request) -> dict[str, Any]:
        base = str(request.base_url).rstrip("/")
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    @app.get("/jwks")
    def jwks() -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize(request: Request) -> RedirectResponse:
        asked.update(request.query_params)
        back = f"{asked['redirect_uri']}?code={CODE}&state={asked['state']}"
        return RedirectResponse(back, 302)

    @app.post("/token")
    def token(
        request: Request,
        code: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
    ) -> dict[str, Any]:
        challenge = urlsafe_b64encode(sha256(code_verifier.encode()).digest()).decode()
        assert code == CODE
        assert challenge.rstrip("=") == asked["code_challenge"]
        now = int(time.time())
        told = {
            "iss": str(request.base_url).rstrip("/"),
            "aud": CLIENT_ID,
            "sub": "1",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            **claims,
        }
        header = {"alg": "RS256", "kid": key.as_dict(private=False)["kid"]}
        return {
            "access_token": "t",
            "token_type": "Bearer",
            "id_token": jwt.encode(header, told, signs_with),
        }

    return app
