"""Who gets in, and with which roles: exactly what the token's app roles map to, nobody else and nothing more."""

import logging
import time
from typing import Any, Optional

from flask import Flask, current_app, session
from flask_login import current_user, logout_user
from superset.security import SupersetSecurityManager

log = logging.getLogger(__name__)

SIGNED_IN_AT = "entrada_signed_in_at"


class EntradaSecurityManager(SupersetSecurityManager):
    """Superset's own security manager with the doors closed that Entra does not guard."""

    # Self-registration would make a local account with a password; people come from Entra alone.
    register_superset_registeruser_view = False

    def registeruseroauthview(self) -> None:
        """Keeps Flask-AppBuilder from adding its registration form (it adds what this returns)."""

    def get_oauth_user_info(self, provider: str, resp: dict[str, Any]) -> dict[str, Any]:
        """
        Reads the claims that Authlib verified. Flask-AppBuilder would decode the ID token a second time without checking
        it. Authlib takes a token of another audience when `azp` is this client, so audience and tenant are checked here.
        """
        claims = resp.get("userinfo")
        if provider != "azure" or not claims:
            raise ValueError("the answer holds no verified ID token")
        if claims.get("aud") != current_app.config["ENTRA_CLIENT_ID"]:
            raise ValueError("the ID token is for another application")
        if claims.get("iss") != current_app.config["ENTRA_ISSUER"] or claims.get("tid") != current_app.config["ENTRA_TENANT_ID"]:
            raise ValueError("the ID token is from another tenant")
        email = claims.get("upn") or claims.get("email") or claims.get("preferred_username")
        if not email or not claims.get("oid"):
            raise ValueError("the ID token lacks oid, or upn and email: add the optional claims to the registration")
        return {
            "username": claims["oid"],
            "email": email,
            "first_name": claims.get("given_name", ""),
            "last_name": claims.get("family_name", ""),
            "role_keys": list(claims.get("roles", [])),
        }

    def auth_user_oauth(self, userinfo: dict[str, Any]) -> Optional[Any]:
        """
        Signs in only a person with a mapped role. Somebody who had one and has none now also loses the stored roles, so
        that sessions still open elsewhere can do nothing more.
        """
        if not self.get_roles_from_keys(userinfo.get("role_keys", [])):
            known = self.find_user(username=userinfo.get("username"))
            if known and known.roles:
                known.roles = []
                self.update_user(known)
            log.warning("Sign-in refused: %s holds no role of this application", userinfo.get("username"))
            return None
        user = super().auth_user_oauth(userinfo)
        if user:
            session[SIGNED_IN_AT] = int(time.time())
        return user

    def _oauth_calculate_user_roles(self, userinfo: dict[str, Any]) -> list[Any]:
        """The mapped roles only: Flask-AppBuilder would add the registration role to them at every sign-in."""
        return list(self.get_roles_from_keys(userinfo.get("role_keys", [])))


def end_old_sessions(app: Flask) -> None:
    """
    Ends a session when its lifetime has passed since sign-in, however busy it was. A session that is only extended would
    keep somebody whose access was taken away.
    """

    @app.before_request
    def end_old_session() -> None:
        lifetime = app.permanent_session_lifetime.total_seconds()
        if current_user.is_authenticated and time.time() - session.get(SIGNED_IN_AT, 0) >= lifetime:
            logout_user()
            session.clear()
