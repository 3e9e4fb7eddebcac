"""What the customer's page may show, written beside the code so that a gateway needs to read nothing else."""

from agent_desk.actions.gate import open_statements, standing
from agent_desk.actions.page_json import page_to_json
from agent_desk.actions.prices import total_if_solved
from agent_desk.actions.record import Held
from agent_desk.actions.share_views import PageFacts
from agent_desk.rules.session import ConsentKind
from agent_desk.storage.shares import has_page, write_page
from agent_desk.wording import LANGUAGES

CASE_DIGITS = 4
STATEMENTS = frozenset({ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER})


def page_facts(held: Held) -> PageFacts:
    """Return what the page may show of the session as it stands now."""
    ground = standing(held)
    wanted = held.record.content.customer.language
    agent = held.ctx.settings.agent_name or held.record.agent
    return PageFacts(
        agent=agent.partition(" ")[0],
        company=held.ctx.settings.company,
        case=held.record.number[-CASE_DIGITS:],
        total_cents=total_if_solved(ground.agreed),
        language=wanted if wanted in LANGUAGES else LANGUAGES[0],
        statements=open_statements(held, ground),
    )


def refresh_page(held: Held) -> None:
    """Bring up to date what a page already opened, or one to be opened with a live code, shows."""
    if has_page(held.tx, held.id):
        write_page(held.tx, held.id, page_to_json(page_facts(held)))
