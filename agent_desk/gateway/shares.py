"""A share as the customer's page is told of it."""

from typing import TYPE_CHECKING, Any

from agent_desk.actions.consent_texts import page_text
from agent_desk.rules.session import ConsentKind
from agent_desk.rules.share import ShareState

if TYPE_CHECKING:
    from agent_desk.actions.share_views import GuestShare, PageFacts

NO_SHARE = {"state": "none"}


def told_share(share: "GuestShare") -> dict[str, Any]:
    """Return the share object of /code, /answer and /share, and of the socket's `state`."""
    if share.state is ShareState.ENDED:
        return {"state": share.state, "reason": share.end_reason}
    words = list(share.words) if share.words else None
    return {"state": share.state, "reason": None, "words": words, **_page(share.page)}


def told_entered(page: "PageFacts") -> dict[str, Any]:
    """Return the share object of a code just redeemed."""
    return {"state": ShareState.OPENED, "reason": None, "words": None, **_page(page)}


def _page(page: "PageFacts") -> dict[str, Any]:
    return {
        "language": page.language,
        "page": {"agent": page.agent, "company": page.company, "case": page.case, "price_cents": page.total_cents},
        "consent": page_text(page, ConsentKind.SCREEN_SHARING).text,
        "statements": [{"kind": kind, "text": page_text(page, kind).text} for kind in page.statements],
    }
