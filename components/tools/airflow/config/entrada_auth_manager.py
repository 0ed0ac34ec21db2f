"""
Airflow's Flask-AppBuilder auth manager, with one other way to a token: `POST /auth/token` takes an Entra access token of an
allowed application instead of a name and a password. The caller gets a short Airflow token with exactly one role.
"""

import logging
from functools import cached_property
from typing import Any, Optional

from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager
from entrada_access_tokens import AccessTokens, Refused, SigningKeys
from entrada_airflow import AirflowPod, Application
from entrada_pod import ConfigurationError

log = logging.getLogger(__name__)

# Begins the user names of applications. People's are GUIDs, partners' begin with the partner's key, which is never this.
APPLICATION_PREFIX = "application:"


class EntradaAuthManager(FabAuthManager):
    """Passwords open nothing; applications get tokens for Entra's."""

    def get_fastapi_app(self) -> Any:
        """The sign-in's pages. Refuses to start without the configuration: Airflow would fall back to passwords silently."""
        app = super().get_fastapi_app()
        from entrada_airflow_security import EntradaAirflowSecurityManager
        from flask_appbuilder.const import AUTH_OAUTH

        config = self.flask_app.config if self.flask_app else {}
        manager = config.get("SECURITY_MANAGER_CLASS")
        if config.get("AUTH_TYPE") != AUTH_OAUTH or manager is not EntradaAirflowSecurityManager:
            raise ConfigurationError("webserver_config.py was not loaded: [fab] config_file names no such file")
        # Wrong settings are found at the start, not at the first token.
        self._tokens  # noqa: B018
        return app

    def create_token(self, headers: dict[str, str], body: dict[str, Any]) -> Optional[Any]:
        """
        The user of an application whose Entra token is in the header `Authorization: Bearer …` or in the body as
        `access_token`. None, which Airflow answers with 401, for everything else, a name and a password above all.
        """
        try:
            if "username" in body or "password" in body:
                raise Refused("passwords are not taken")
            application, object_id = self._tokens.application_of(_token_of(headers, body))
            user = self._user_of(application, object_id)
        except Refused as refusal:
            log.warning("Token refused: %s", refusal)
            return None
        log.info("Token given to the application %s (%s) with the role %s", application.name, object_id, application.role)
        return user

    def generate_jwt(self, user: Any, **options: Any) -> str:
        """Airflow's own token. An application's lives as long as the settings say, not as long as a person's session."""
        if user.username.startswith(APPLICATION_PREFIX):
            lifetime = self._pod.token_seconds
            options["expiration_time_in_seconds"] = min(options.get("expiration_time_in_seconds", lifetime), lifetime)
        return super().generate_jwt(user, **options)

    @cached_property
    def _pod(self) -> AirflowPod:
        return AirflowPod()

    @cached_property
    def _tokens(self) -> AccessTokens:
        pod = self._pod
        return AccessTokens(
            issuer=pod.issuer,
            tenant_id=pod.tenant_id,
            audiences=pod.audiences,
            applications=pod.applications(),
            keys=SigningKeys(pod.keys_uri),
        )

    def _user_of(self, application: Application, object_id: str) -> Any:
        """The application's own user, with its role and no other. Somebody may have switched the user off: then it stays out."""
        from airflow.providers.fab.auth_manager.security_manager.override import FabException

        manager = self.security_manager
        role = manager.find_role(application.role)
        if role is None:
            raise Refused(f"Airflow has no role {application.role}")
        username = f"{APPLICATION_PREFIX}{object_id}"
        user = manager.find_user(username=username)
        if user is None:
            try:
                # "!" is no password's hash, so that no password can ever match.
                user = manager.add_user(username, "Application", application.name, username, role, hashed_password="!")
            except FabException:
                # Another replica was faster.
                user = manager.find_user(username=username)
        if user is None or not user.is_active:
            raise Refused(f"the user of the application {application.name} is switched off")
        if [held.name for held in user.roles] != [application.role] or user.groups:
            user.roles, user.groups = [role], []
            manager.update_user(user)
        return user


def _token_of(headers: dict[str, str], body: dict[str, Any]) -> str:
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    token = credentials.strip() if scheme.lower() == "bearer" else body.get("access_token")
    if not isinstance(token, str) or not token:
        raise Refused("there is none in the request")
    return token
