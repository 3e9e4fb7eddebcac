"""What people would read if a change were approved, beside what they read today: by the very texts that are sent."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from agent_desk.actions.catalogue_changes import tidied
from agent_desk.actions.change_values import value_on
from agent_desk.actions.change_views import Beside, ChangePreview
from agent_desk.actions.context import Context
from agent_desk.actions.mail_values import MailFacts
from agent_desk.actions.render_mail import confirmation_text, render_offer
from agent_desk.actions.site_catalogue import reference_of
from agent_desk.formats import format_cents, format_permille
from agent_desk.reference import Reference, with_changes
from agent_desk.rules.billing import Case, CaseLine, decide
from agent_desk.rules.catalogue import OPERATIONS, Catalogue
from agent_desk.rules.catalogue_changes import (
    ChangeFault,
    ChangeKind,
    Proposal,
    SiteChange,
    Value,
    first_day,
    proposal_fault,
)
from agent_desk.rules.money import vat_included
from agent_desk.rules.session import Content, Customer, Line, Outcome, Segment
from agent_desk.rules.territories import midnight
from agent_desk.settings import Settings
from agent_desk.wording import load_wording

NEWEST = 1 << 62  # of changes of one day the last one holds
UNREADABLE = frozenset({ChangeFault.SUBJECT, ChangeFault.PRICE, ChangeFault.TEXT, ChangeFault.PLACES})
NUMBER = "S-0000-000000"


def preview_change(ctx: Context, proposed: Proposal, language: str) -> ChangePreview:
    """Return old beside new wherever they differ, in `language`; nothing is written. A value that is none shows nothing."""
    proposed, now = tidied(proposed), ctx.clock.now()
    day = max(proposed.valid_from, first_day(now))
    with ctx.database.read() as tx:
        reference = reference_of(ctx, tx)
    before = value_on(reference, proposed.kind, proposed.subject, day)
    fault = proposal_fault(proposed, before, now, taken=False)
    if before is None:
        return ChangePreview({}, (), fault)
    if fault in UNREADABLE:
        return ChangePreview(before, (), fault)
    proposed = replace(proposed, valid_from=day)
    return ChangePreview(before, tuple(_places(ctx.settings, reference, proposed, before, language)), fault)


def _places(
    settings: Settings, reference: Reference, proposed: Proposal, before: Value, language: str
) -> Iterator[Beside]:
    """Yield each place whose lines differ, with the lines that do."""
    if proposed.kind is ChangeKind.CONSENT:
        for spoken in (language, *(one for one in proposed.value if one != language)):
            yield _beside(f"consent_{spoken}", str(before[spoken]), str(proposed.value[spoken]))
        return
    change = SiteChange(
        NEWEST, proposed.kind, proposed.subject, tuple(sorted(proposed.value.items())), proposed.valid_from
    )
    changed = with_changes(reference, (*reference.changes, change))
    old, new = (one.catalogue_on(proposed.valid_from) for one in (reference, changed))
    moment = midnight(proposed.valid_from, Customer().territory)
    code = _service_of(proposed, new, old)
    texts = [_texts(settings, catalogue, code, moment, language) for catalogue in (old, new)]
    for place in texts[0]:
        found = _beside(place, texts[0][place], texts[1][place])
        if found.before != found.after:
            yield found


def _service_of(proposed: Proposal, new: Catalogue, old: Catalogue) -> str:
    """Return a service on which the change shows."""
    if proposed.subject in new.services:
        return proposed.subject
    return next((code for code in new.services if new.services[code] != old.services[code]), next(iter(new.services)))


def _texts(settings: Settings, catalogue: Catalogue, code: str, moment: datetime, language: str) -> Mapping[str, str]:
    """Return what is read of one service at each place."""
    wording, service = load_wording(language), catalogue.services[code]
    price = format_cents(service.price_cents, language) if service.price_cents else wording.text("money.offered")
    rate = catalogue.vat_permille
    vat = format_cents(vat_included(service.price_cents, rate), language)
    shown = format_cents(service.price_cents, language)
    facts = _facts(settings, catalogue, code, moment, language)
    operations = OPERATIONS.get(code, ())
    case = Case(
        facts.content.customer.territory,
        Segment.PRO,
        facts.content.closing.home_visit,
        (CaseLine(code, 1, Outcome.SOLVED, operations),),
    )
    return {
        "catalogue": f"{service.label(language)}\n{service.short(language)}\n{price}"
        f"\n{wording.text('money.vat', rate=format_permille(rate, language), amount=vat)}",
        "aloud": "\n".join(f"{one.question(language)} {one.answer(language)}" for one in service.conditions),
        "page": shown,
        "offer": render_offer(facts).text,
        "confirmation": confirmation_text(facts, decide(case, catalogue))[1],
    }


def _facts(settings: Settings, catalogue: Catalogue, code: str, moment: datetime, language: str) -> MailFacts:
    line = Line(code, operations=OPERATIONS.get(code, ()), outcome=Outcome.SOLVED)
    content = Content(customer=Customer(language=language, segment=Segment.PRO), lines=(line,))
    return MailFacts(NUMBER, content, (), settings.agent_name, moment, moment, moment, catalogue, settings)


def _beside(place: str, before: str, after: str) -> Beside:
    """Keep of each text the lines the other has not."""
    old, new = (tuple(line.strip() for line in text.splitlines() if line.strip()) for text in (before, after))
    return Beside(place, tuple(one for one in old if one not in new), tuple(one for one in new if one not in old))
