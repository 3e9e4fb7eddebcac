"""Who people are to the program: their roles, and what a login may look like."""

import re
from enum import StrEnum


class Role(StrEnum):
    """What somebody, or a program of its own, may do; also the key of its wording (`roles.<role>`)."""

    AGENT = "agent"  # works on the sessions of the team
    SUPERVISOR = "supervisor"  # reads everything
    ADMINISTRATOR = "administrator"  # people and teams, no sessions
    AUDITOR = "auditor"  # reads everything, writes nothing
    GATEWAY = "gateway"  # serves the customer's page
    MAILER = "mailer"  # sends what waits in the outbox
    BILLING = "billing"  # puts decisions into batches for the bill


IN_A_TEAM = frozenset({Role.AGENT})
SERVICES = frozenset({Role.GATEWAY, Role.MAILER, Role.BILLING})
# What somebody may be refused because of who they are; each also is a key of the wording `errors` and `denials`.
DENIALS = frozenset(
    {
        "control_not_allowed",
        "control_own",
        "correction_not_allowed",
        "credit_not_yours",
        "credit_own",
        "export_not_allowed",
        "feasibility_is_theirs",
        "handed_to_other",
        "no_rights",
        "not_administrator",
        "promise_not_yours",
        "question_not_yours",
        "review_not_allowed",
        "review_not_yours",
    }
)
NAME_MAX = 80
EMAIL_MAX = 254
TEAM_MAX = 80
PASSWORD_MIN, PASSWORD_MAX = 12, 200

# The one name of a role of PostgreSQL, an account and a line of a list; what a database calls its own is not for people.
LOGIN = r"[a-z][a-z0-9._-]{1,31}"
RESERVED = r"(pg_|agent_desk|postgres|public$|none$)"


def is_login(text: str) -> bool:
    """Tell whether `text` may be somebody's login: 2 to 32 small letters, digits, dots, dashes; a letter first."""
    return re.fullmatch(LOGIN, text) is not None and re.match(RESERVED, text) is None


def is_name(text: str, longest: int = NAME_MAX) -> bool:
    """Tell whether `text` can be shown on one line as the name of a person or team."""
    return 0 < len(text) <= longest and text.isprintable() and text == text.strip()


def is_password(text: str) -> bool:
    """Tell whether `text` is long enough for a password, and no longer than is ever read."""
    return PASSWORD_MIN <= len(text) <= PASSWORD_MAX and text.isprintable()
