"""What the customer's page may show, as it stands beside the code and the share."""

import json
from dataclasses import asdict

from agent_desk.actions.share_views import PageFacts, PageText
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
        **({"texts": [asdict(text) for text in page.texts]} if page.texts else {}),
    }
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def page_from_json(stored: str) -> PageFacts:
    """Return the facts as stored; empty ones where the share has ended, or an older desk issued the code."""
    if not stored:
        return PageFacts()
    facts = json.loads(stored)
    texts = tuple(PageText(**text | {"kind": ConsentKind(text["kind"])}) for text in facts.get("texts", ()))
    statements = tuple(ConsentKind(kind) for kind in facts["statements"])
    return PageFacts(**facts | {"statements": statements, "texts": texts})
