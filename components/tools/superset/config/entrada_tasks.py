"""The worker's part: declared roles stay as declared, also when a database is registered later or somebody edits a role."""

from entrada_environment import Environment
from entrada_roles import import_roles
from superset.extensions import celery_app


@celery_app.task(name="entrada.roles")
def keep_roles() -> list[str]:
    """Runs every ten minutes; the result lists what had to be put right."""
    return import_roles(Environment().roles).lines
