"""What the customer's page may show, written beside the code so that a gateway needs to read nothing else."""

from collections.abc import Iterable, Iterator

from agent_desk.actions.consent_texts import text_on
from agent_desk.actions.gate import Standing, open_statements, standing
from agent_desk.actions.page_json import page_to_json
from agent_desk.actions.prices import total_if_solved
from agent_desk.actions.record import Held
from agent_desk.actions.share_views import PageFacts, PageText
from agent_desk.rules.catalogue_changes import SITE_VERSIONS
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
    language = wanted if wanted in LANGUAGES else LANGUAGES[0]
    statements = open_statements(held, ground)
    return PageFacts(
        agent=agent.partition(" ")[0],
        company=held.ctx.settings.company,
        case=held.record.number[-CASE_DIGITS:],
        total_cents=total_if_solved(ground.agreed),
        language=language,
        statements=statements,
        texts=tuple(_own_texts(ground, (ConsentKind.SCREEN_SHARING, *statements), language)),
    )


def _own_texts(ground: Standing, kinds: Iterable[ConsentKind], language: str) -> Iterator[PageText]:
    """Yield the site's own wordings: a gateway has the program's, and reads nothing else."""
    for kind in kinds:
        found = text_on(kind, language, ground.reference.changes, ground.day)
        if found.version > SITE_VERSIONS:
            yield PageText(kind, found.version, found.text)


def refresh_page(held: Held) -> None:
    """Bring up to date what a page already opened, or one to be opened with a live code, shows."""
    if has_page(held.tx, held.id):
        write_page(held.tx, held.id, page_to_json(page_facts(held)))
