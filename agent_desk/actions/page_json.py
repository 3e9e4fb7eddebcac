"""What the customer's page may show, as it stands beside the code and the share."""

import json

from agent_desk.actions.share_views import PageFacts
from agent_desk.rules.session import ConsentKind


def page_to_json(page: PageFacts) -> str:
    """Return the facts as they are stored."""
    facts = {
        "agent": page.agent,
        "company": page.company,
        "case": page.case,
        "total_cents": page.total_cents,
        "language": page.language,
        "statements": page.statements,
    }
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def page_from_json(stored: str) -> PageFacts:
    """Return the facts as stored; empty ones where the share has ended, or an older desk issued the code."""
    if not stored:
        return PageFacts()
    facts = json.loads(stored)
    return PageFacts(**facts | {"statements": tuple(ConsentKind(kind) for kind in facts["statements"])})
