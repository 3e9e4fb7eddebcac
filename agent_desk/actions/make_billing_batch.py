"""What was decided and credited since the last batch goes to the bill: one numbered batch that never changes."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent_desk.actions.bill_files import Origin, bill_row, credit_row, line_files, manifest_file
from agent_desk.actions.context import Context
from agent_desk.actions.decisions import decision_from_json, decision_to_json, recompute
from agent_desk.actions.errors import Refusal
from agent_desk.actions.site_catalogue import price_day, reference_of
from agent_desk.actions.visit_decisions import recompute_visit, visit_line, visit_result
from agent_desk.reference import Reference
from agent_desk.rules.bill import Bill, BillLine, bill, credit_line
from agent_desk.rules.billing import Decision
from agent_desk.rules.session import Territory
from agent_desk.storage.bill import (
    Batch,
    Unbilled,
    UnbilledCredit,
    add_batch,
    last_batch,
    lock_batches,
    unbilled,
    unbilled_credits,
)
from agent_desk.storage.events import SITE_CHAIN, append
from agent_desk.storage.visits import UnbilledVisit, unbilled_visits
from agent_desk.wording import load_wording

BILL_LANGUAGE = "fr"
MOST_DECISIONS = 100_000  # of one batch, so that its files fit into memory; what is left makes the next


@dataclass(slots=True)
class _Sum:
    """A batch while it grows."""

    number: int
    reference: Reference
    rows: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[int] = field(default_factory=list)
    credits: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)
    zeros: int = 0
    total_cents: int = 0
    vat_cents: int = 0

    def add(self, found: Unbilled) -> None:
        """Add one decision; Refusal `batch_decision` for one its inputs do not give."""
        added, origin = _bill(found), _origin(found)
        for line in added.lines:
            label = self._label(found.catalogue_version, line.service)
            self.rows.append(bill_row(self.number, len(self.rows) + 1, origin, line, label))
        self.decisions.append(found.decision_id)
        self.zeros += added.zeros
        self.total_cents += added.total_cents
        self.vat_cents += added.vat_cents

    def take_off(self, found: UnbilledCredit) -> None:
        """Add one credit: a line that takes its amount off, with the VAT of the day it was granted (for an accountant)."""
        day = price_day(found.granted_at, Territory.METROPOLE)
        catalogue = self.reference.catalogue_on(day)
        line = credit_line(found.amount_cents, catalogue.vat_permille)
        origin = Origin(
            session_number=found.session_number,
            ordinal=found.credit_id,
            customer_number=found.customer_number,
            decided_at=found.granted_at,
            catalogue=catalogue.version,
            vat_permille=catalogue.vat_permille,
        )
        label = load_wording(BILL_LANGUAGE).text("bill.credit")
        self.rows.append(credit_row(self.number, len(self.rows) + 1, origin, line, label))
        self.credits.append(found.credit_id)
        self.total_cents += line.amount_cents
        self.vat_cents += line.vat_cents

    def add_visit(self, found: UnbilledVisit) -> None:
        """Add what a visit cost; Refusal `batch_decision` as for a session's decision."""
        line = _visit_line(found)
        self.visits.append(found.decision_id)
        if not line.amount_cents:
            self.zeros += 1
            return
        label = load_wording(BILL_LANGUAGE).text("visits.travel")
        self.rows.append(bill_row(self.number, len(self.rows) + 1, _visit_origin(found), line, label))
        self.total_cents += line.amount_cents
        self.vat_cents += line.vat_cents

    def _label(self, version: str, service: str) -> str:
        try:
            return self.reference.catalogue_version(version).services[service].label_fr
        except KeyError:
            return service


def make_billing_batch(ctx: Context, until: datetime) -> Batch:
    """Make the next batch of what was decided and credited before `until`, the oldest first; Refusal `nothing_to_bill`.

    Refusal `batch_decision` where a decision is not what its inputs give: nothing goes to the bill before that is settled.
    """
    with ctx.database.write() as tx:
        lock_batches(tx)
        now, before = ctx.clock.now(), last_batch(tx)
        sums = _Sum(before.number + 1 if before else 1, reference_of(ctx, tx))
        with closing(unbilled(tx, until, MOST_DECISIONS)) as waiting:
            for found in waiting:
                sums.add(found)
        for credited in unbilled_credits(tx, until, MOST_DECISIONS):
            sums.take_off(credited)
        with closing(unbilled_visits(tx, until, MOST_DECISIONS - len(sums.decisions))) as visited:
            for one in visited:
                sums.add_visit(one)
        if not (sums.decisions or sums.credits or sums.visits):
            raise Refusal("nothing_to_bill")
        files = line_files(sums.number, sums.rows)
        facts = dict(_facts(sums, now, until))
        manifest = manifest_file(sums.number, facts, files, before.manifest_sha256 if before else None)
        made = Batch(number=sums.number, manifest_sha256=manifest.sha256, **facts)
        add_batch(tx, made, (*files, manifest), sums.decisions, sums.credits, sums.visits)
        said = {"batch": made.number, "decisions": made.decisions, "lines": made.lines, "sha256": manifest.sha256}
        append(tx, SITE_CHAIN, "billing_batch_made", said | {"total_cents": made.total_cents}, at=now, actor="system")
    return made


def _facts(sums: _Sum, now: datetime, until: datetime) -> Iterator[tuple[str, Any]]:
    yield "made_at", now
    yield "until", until
    yield "decisions", len(sums.decisions) + len(sums.visits)
    yield "lines", len(sums.rows)
    yield "zeros", sums.zeros
    yield "total_cents", sums.total_cents
    yield "vat_cents", sums.vat_cents
    yield "credits", len(sums.credits)


def _bill(found: Unbilled) -> Bill:
    try:
        again = recompute(found.inputs)
        if decision_to_json(again) != found.result:
            raise Refusal("batch_decision", values={"number": found.session_number})
        return bill(again, _before(found))
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("batch_decision", values={"number": found.session_number}) from error


def _visit_line(found: UnbilledVisit) -> BillLine:
    try:
        again = recompute_visit(found.inputs)
        if visit_result(again) != found.result:
            raise Refusal("batch_decision", values={"number": found.session_number})
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("batch_decision", values={"number": found.session_number}) from error
    return visit_line(again)


def _visit_origin(found: UnbilledVisit) -> Origin:
    return Origin(
        session_number=found.session_number,
        ordinal=1,
        customer_number=found.customer_number,
        decided_at=found.decided_at,
        catalogue=found.catalogue_version,
        vat_permille=json.loads(found.inputs)["vat_permille"],
        subject="visit",
    )


def _before(found: Unbilled) -> Decision | None:
    return None if found.before is None else decision_from_json(*found.before)


def _origin(found: Unbilled) -> Origin:
    return Origin(
        session_number=found.session_number,
        ordinal=found.ordinal,
        customer_number=found.customer_number,
        decided_at=found.decided_at,
        catalogue=found.catalogue_version,
        vat_permille=json.loads(found.inputs)["vat_permille"],
    )
