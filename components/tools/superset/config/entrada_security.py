"""Superset's security manager and the end of its sessions."""

import time
from typing import Any, Optional

from entrada_sign_in import EntradaSignIn
from flask import Flask, current_app, request, session
from flask_login import current_user, logout_user
from superset.security import SupersetSecurityManager

SIGNED_IN_AT = "entrada_signed_in_at"

# Where Superset's self-registration would be.
REGISTRATION = "/register"

# Where Superset's pages report how they are used.
USAGE_LOG = "/superset/log/"

# Roles that change other people's rights. Partners never hold them.
ADMIN_ROLES = frozenset({"Admin"})


class EntradaSecurityManager(EntradaSignIn, SupersetSecurityManager):
    """Superset's own security manager with the doors closed that Entra does not guard."""

    def register_views(self) -> None:
        """
        All views but self-registration, which would make a local account with a password: people come from Entra and from
        partners alone. Superset 6.0 adds that view whatever its configuration says.
        """
        add = self.appbuilder.add_view_no_menu

        def add_unless_registration(view: Any, *args: Any, **options: Any) -> Optional[Any]:
            return None if view.route_base == REGISTRATION else add(view, *args, **options)

        self.appbuilder.add_view_no_menu = add_unless_registration
        try:
            super().register_views()
        finally:
            # What is left is the class's own method.
            del self.appbuilder.add_view_no_menu

    def auth_user_oauth(self, userinfo: dict[str, Any]) -> Optional[Any]:
        """
        Signs in, and notes when, so that the session ends in time. The session gets a new id: whoever knew the one from before
        the sign-in, having planted it, would be signed in as well.
        """
        user = super().auth_user_oauth(userinfo)
        if user:
            current_app.session_interface.regenerate(session)
            session[SIGNED_IN_AT] = int(time.time())
        return user


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


def ignore_strangers_usage(app: Flask) -> None:
    """
    The page with the providers reports its use when it is left, in the very moment in which the sign-in begins. Refusing
    that writes the session, from what stood there before, and the sign-in's `state` is lost: "The request to sign in was denied".
    """

    @app.before_request
    def ignore_stranger() -> Optional[tuple[str, int]]:
        return ("", 204) if request.path == USAGE_LOG and not current_user.is_authenticated else None


def guard_sessions(app: Flask) -> None:
    """What Superset calls once its application is there."""
    ignore_strangers_usage(app)
    end_old_sessions(app)
