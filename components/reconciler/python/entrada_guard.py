"""Keeps a wrong answer from putting everybody out of a tool."""

from __future__ import annotations

# So many may always lose something: in a small team one leaver is a large share, and a mistake is soon undone.
ALWAYS_ALLOWED = 3


class MassRemoval(Exception):
    """More people would lose their access at once than the setting allows."""


def check_removals(losing: int, active: int, limit_percent: int, setting: str) -> None:
    """Raises when too many people would lose access or a role in one run.

    :param losing: people who would lose something
    :param active: people who have access in the tool now
    :param limit_percent: share of them that may lose something; 100 switches the check off
    :param setting: place of the limit in the settings, for the message
    """
    if losing <= ALWAYS_ALLOWED or losing * 100 <= active * limit_percent:
        return
    raise MassRemoval(
        f"{losing} of {active} people would lose access, more than {limit_percent} percent: nothing was changed. "
        f"If Entra is right, set {setting} to 100 for one run; else look at the assignments of the enterprise application."
    )
