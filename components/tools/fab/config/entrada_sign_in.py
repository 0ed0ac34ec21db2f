"""Who gets in, and with which roles: exactly what the verified token maps to, nobody else and nothing more."""

import logging
from typing import Any, Optional

from entrada_partners import partner_user
from flask import current_app

log = logging.getLogger(__name__)


class EntradaSignIn:
    """
    Goes before a tool's Flask-AppBuilder security manager and closes the doors that Entra does not guard. The tool's
    configuration gives ENTRA_CLIENT_ID, ENTRA_ISSUER, ENTRA_TENANT_ID and ENTRADA_PARTNERS (by key).
    """

    def registeruseroauthview(self) -> None:
        """Keeps Flask-AppBuilder from adding its registration form (it adds what this returns)."""

    def auth_user_db(self, *_args: Any, **_options: Any) -> None:
        """No password opens anything, whatever the database holds."""

    def auth_user_ldap(self, *_args: Any, **_options: Any) -> None:
        """No password opens anything, whatever a directory says."""

    def get_oauth_user_info(self, provider: str, resp: dict[str, Any]) -> dict[str, Any]:
        """
        Reads the claims that Authlib verified, Entra's or a partner's. Authlib puts them in the place of `userinfo` where there is
        an ID token; without one, whatever the answer itself says stands there.
        """
        claims = resp.get("userinfo") if "id_token" in resp else None
        partner = current_app.config["ENTRADA_PARTNERS"].get(provider)
        if partner is not None:
            return partner_user(partner, claims)
        if provider != "azure" or not claims:
            raise ValueError("the answer holds no verified ID token")
        return entra_user(claims)

    def auth_user_oauth(self, userinfo: dict[str, Any], *args: Any, **options: Any) -> Optional[Any]:
        """
        Signs in only a person with a mapped role. Somebody who had one and has none now also loses the stored roles, so
        that sessions still open elsewhere can do nothing more.
        """
        username = userinfo.get("username")
        known = self.find_user(username=username)
        if not self.get_roles_from_keys(userinfo.get("role_keys", [])):
            if known and known.roles:
                known.roles = []
                self.update_user(known)
            log.warning("Sign-in refused: %s holds no role of this application", username)
            return None
        # Never joined by address: whoever has it already, such as an account made by hand, is somebody else.
        if not known and self.find_user(email=userinfo["email"]):
            log.error("Sign-in refused: %s has the mail address of another user; remove or rename that user first", username)
            return None
        user = super().auth_user_oauth(userinfo, *args, **options)
        # Groups carry roles too, and only somebody's hand puts people into them.
        if user and getattr(user, "groups", None):
            user.groups = []
            self.update_user(user)
        return user

    def _oauth_calculate_user_roles(self, userinfo: dict[str, Any]) -> list[Any]:
        """The mapped roles only: Flask-AppBuilder would add the registration role to them at every sign-in."""
        return list(self.get_roles_from_keys(userinfo.get("role_keys", [])))


def entra_user(claims: dict[str, Any]) -> dict[str, Any]:
    """
    A person of Entra. Flask-AppBuilder would decode the ID token a second time without checking it. Authlib takes a token
    of another audience when `azp` is this client, so audience and tenant are checked here.
    """
    config = current_app.config
    if claims.get("aud") != config["ENTRA_CLIENT_ID"]:
        raise ValueError("the ID token is for another application")
    if claims.get("iss") != config["ENTRA_ISSUER"] or claims.get("tid") != config["ENTRA_TENANT_ID"]:
        raise ValueError("the ID token is from another tenant")
    email = claims.get("upn") or claims.get("email") or claims.get("preferred_username")
    if not email or not claims.get("oid"):
        raise ValueError("the ID token lacks oid, or upn and email: add the optional claims to the registration")
    return {
        "username": claims["oid"],
        "email": email,
        "first_name": claims.get("given_name", ""),
        "last_name": claims.get("family_name", ""),
        # A colon marks a partner's group.
        "role_keys": [role for role in claims.get("roles", []) if ":" not in role],
    }
