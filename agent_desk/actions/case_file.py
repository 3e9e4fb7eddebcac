"""Everything that is kept of one session, laid out for paper: who, what, when, why that amount, and what was checked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from agent_desk.actions.bounds import shortened
from agent_desk.actions.explain_decision import explained
from agent_desk.actions.explain_visit import explained_visit
from agent_desk.actions.mail_values import customer_name, grouped
from agent_desk.actions.views import EventView, SessionView, Timeline
from agent_desk.actions.visit_words import visit_values
from agent_desk.event_words import EventWords
from agent_desk.formats import format_cents, format_moment, format_short_date
from agent_desk.ports import CaseFile, CaseRow
from agent_desk.reference import Reference
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.session import Channel, Content, HomeVisit, Line, VirusTool
from agent_desk.rules.territories import local
from agent_desk.rules.visit import Visit
from agent_desk.storage.decisions import DecisionRecord
from agent_desk.storage.visits import VisitDecisionRecord
from agent_desk.wording import Wording

OF_CODES = ("code_", "share_")
HASH_GROUP = 16

Rows = Iterator[CaseRow]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case file is written from; `head` is the hash of the chain's last event."""

    story: Timeline
    decisions: tuple[DecisionRecord, ...]
    visits: tuple[Visit, ...]
    visit_decided: VisitDecisionRecord | None
    sms: Mapping[int, str]  # what they say, by id
    team: str
    head: bytes
    reference: Reference
    catalogue: Catalogue  # names services
    company: str
    by: str
    at: datetime


def build_case_file(facts: CaseFacts, wording: Wording) -> CaseFile:
    """Return the model the paper is drawn from, in the reader's language, with the times of the customer's wall."""
    write = _Writer(facts, wording, shortened(facts.story.session.content))
    return CaseFile(
        language=wording.language,
        number=facts.story.session.number,
        title=write.said("title", number=facts.story.session.number),
        company=facts.company,
        author=facts.by,
        facts=tuple(write.facts_at_a_glance()),
        sections=tuple((write.said(f"sections.{name}"), tuple(rows)) for name, rows in write.sections() if rows),
        page_label=write.said("page", page="{page}", pages="{pages}"),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the sections; every one says something, or is left out."""

    facts: CaseFacts
    words: Wording
    content: Content

    @property
    def session(self) -> SessionView:
        return self.facts.story.session

    def said(self, key: str, **values: object) -> str:
        return self.words.text(f"case_file.{key}", **values)

    def facts_at_a_glance(self) -> Iterator[tuple[str, str]]:
        session, customer = self.session, self.content.customer
        amount = "" if session.decision is None else format_cents(session.decision.total_cents, self.words.language)
        visited = self.facts.visit_decided
        for name, value in (
            ("customer", customer.company.strip() or customer_name(customer, self.words)),
            ("customer_number", grouped(customer.customer_number)),
            ("state", self.words.text(f"states.{session.state}")),
            ("amount", amount),
            ("visit", "" if visited is None else format_cents(visited.total_cents, self.words.language)),
            ("agent", session.agent),
            ("team", self.facts.team),
            ("events", str(len(self.facts.story.events))),
        ):
            if value:
                yield self.said(f"facts.{name}"), value
        yield self.said("clock"), self.words.text(f"territories.{customer.territory}")
        yield self.said("written_by"), self.facts.by
        yield self.said("written_at"), format_moment(self.local(self.facts.at), self.words.language)

    def sections(self) -> Iterator[tuple[str, list[CaseRow]]]:
        customer, prerequisites = self.content.customer, self.content.prerequisites
        yield "customer", list(self._customer())
        yield "request", [*self._lines(), *self._texts(description=self.content.description, notes=self.content.notes)]
        tool = prerequisites.virus_tool
        platform = self.facts.reference.platforms.get(prerequisites.platform)
        checked = self._texts(
            platform=platform.label(self.words.language) if platform is not None else prerequisites.platform,
            discs=self._yes(prerequisites.discs),
            conformity=self._yes(prerequisites.conformity),
            internet=self._yes(prerequisites.internet_working),
            virus_tool="" if tool is VirusTool.UNKNOWN else self.words.text(f"virus_tools.{tool}"),
            subscription=self._yes(customer.subscription),
        )
        yield "prerequisites", list(checked)
        yield "times", list(self._times())
        yield "consents", list(self._consents())
        yield "codes", list(self._events(one for one in self.facts.story.events if one.kind.startswith(OF_CODES)))
        yield "decisions", list(self._decisions())
        yield "visits", list(self._visits())
        yield "mails", list(self._mails())
        yield "reviews", list(self._reviews())
        yield "proofs", list(self._proofs())
        yield "events", list(self._events(self.facts.story.events))

    def local(self, moment: datetime) -> datetime:
        return local(moment, self.content.customer.territory)

    def stamp(self, moment: datetime) -> str:
        """Return a moment to the second: what came first is often a matter of seconds."""
        there = self.local(moment)
        return f"{format_short_date(there.date(), self.words.language)}, {there:%H:%M:%S}"

    def _yes(self, answer: bool | None) -> str:
        return "" if answer is None else self.words.text(f"answers.{'yes' if answer else 'no'}")

    def _texts(self, **texts: str) -> Rows:
        for name, text in texts.items():
            if text.strip():
                yield CaseRow(self.said(f"fields.{name}"), text)

    def _customer(self) -> Rows:
        customer = self.content.customer
        reason = customer.no_email_reason
        yield from self._texts(
            name=", ".join(filter(None, (customer_name(customer, self.words), customer.company.strip()))),
            address=f"{customer.address}\n{customer.postcode} {customer.city}".strip(),
            login=customer.login,
            callback_number=customer.callback_number,
            email=customer.email or (self.words.text(f"no_email_reasons.{reason}") if reason else ""),
            segment=self.words.text(f"segments.{customer.segment}"),
            territory=self.words.text(f"territories.{customer.territory}"),
        )
        if not customer.caller_is_holder:
            yield from self._texts(caller=customer.caller_name, holder=self._yes(customer.holder_permission))

    def _lines(self) -> Rows:
        for line in self.content.lines:
            outcome = self.words.text(f"outcomes.{line.outcome}") if line.outcome else self.said("outcome_open")
            yield CaseRow(outcome, self._service(line), tuple(filter(None, self._beside(line))))

    def _service(self, line: Line) -> str:
        service = self.facts.catalogue.services.get(line.service)
        label = service.label(self.words.language) if service is not None else line.service
        return f"{label} × {line.quantity}" if line.quantity > 1 else label

    def _beside(self, line: Line) -> Iterator[str]:
        yield " · ".join(self.words.text(f"operations.{operation}") for operation in line.operations)
        yield line.equipment

    def _times(self) -> Rows:
        session, call, closing = self.session, self.content.call, self.content.closing
        visit = closing.home_visit
        moments = {
            "called": call.started_at,
            "opened": session.opened_at,
            "agreed": session.agreed_at,
            "started": session.started_at,
            "protection_off": closing.protection_off_at,
            "protection_on": closing.protection_on_at,
            "ended": session.ended_at,
        }
        for name, at in moments.items():
            if at is not None:
                detail = (self.words.text(f"channels.{call.channel}"),) if name == "called" else ()
                yield CaseRow(self.stamp(at), self.said(f"fields.{name}"), detail)
        if visit is not HomeVisit.NONE:
            at_text = self.stamp(closing.visit_at) if closing.visit_at else ""
            yield from self._texts(home_visit=self.words.text(f"home_visits.{visit}"), visit_at=at_text)

    def _consents(self) -> Rows:
        for given in self.session.consents:
            key = "consent_page" if given.channel is Channel.PAGE else "consent"
            channel = self.words.text(f"consent_channels.{given.channel}")
            how = self.said(key, channel=channel, version=given.text_version, by=given.recorded_by)
            title = self.words.text(f"consents.{given.kind}.title")
            answer = self.words.text(f"answers.{given.answer}")
            told = self.said("pair", label=title, text=answer)
            yield CaseRow(self.stamp(given.at), told, (how, f"SHA-256 {_grouped(given.text_sha256)}"))

    def _decisions(self) -> Rows:
        for kept in self.facts.decisions:
            found = explained(self.facts.reference, kept, self.words)
            total = format_cents(kept.total_cents, self.words.language)
            stands = kept is self.facts.decisions[-1]
            yield CaseRow(
                self.stamp(kept.decided_at),
                self.said("decision", ordinal=kept.ordinal, total=total),
                found.text,
                self.said("in_force" if stands else "replaced") if len(self.facts.decisions) > 1 else "",
            )

        for one in self.facts.visits:
            if (decided := self.facts.visit_decided) is not None and decided.visit_id == one.id:
                total = format_cents(decided.total_cents, self.words.language)
                text = explained_visit(one, decided, self.words).text
                yield CaseRow(self.stamp(decided.decided_at), self.said("visit_decision", total=total), text)

    def _visits(self) -> Rows:
        """Yield each visit as it was agreed, in the order in which they were, and what became of it."""
        for one in self.facts.visits:
            values = visit_values(self.words.language, one.window, one.terms, one.fee_cents)
            territory = self.words.text(f"territories.{one.terms.territory}")
            told = self.said("visit", when=self.words.text("visits.when", **values), price=values["price"])
            state = self.words.text(f"visit_states.{one.state}")
            details = (
                self.said("visit_asked", moment=self.stamp(one.asked_at)),
                self.said("visit_accepted", moment=self.stamp(one.accepted_at)),
                self.said("visit_terms", ceiling=values["ceiling"], territory=territory, rate=values["vat_rate"]),
                self.said("by", name=one.agent),
                self.said("visit_weather") if one.severe_weather else "",
                self.said("mail", state=state, moment=self.stamp(one.ended_at)) if one.ended_at else "",
                one.reason,
            )
            yield CaseRow(self.stamp(one.booked_at), told, tuple(filter(None, details)), state)

    def _mails(self) -> Rows:
        for mail in self.session.mails:
            kind, state = self.words.text(f"mail_kinds.{mail.kind}"), self.words.text(f"mail_states.{mail.state}.name")
            details = [self.facts.sms[mail.id]] if mail.id in self.facts.sms else []
            details += [self.said("mail", state=state, moment=self.stamp(mail.state_at))]
            details += [self.said("mail_to", recipient=mail.recipient)] if mail.recipient else []
            details += [self.said("attempts", attempts=mail.attempts)] if mail.attempts else []
            told = self.said("pair", label=kind, text=mail.subject) if mail.subject else self.said("sms", label=kind)
            yield CaseRow(self.stamp(mail.created_at), told, tuple(details))

    def _reviews(self) -> Rows:
        review = self.facts.story.review
        for note in review.notes if review is not None else ():
            step, mark = (self.words.text(f"reviews.{part}") for part in (f"told.{note.step}", f"marks.{note.mark}"))
            told = self.said("pair", label=step, text=mark) if note.mark else step
            yield CaseRow(
                self.stamp(note.at), told, tuple(filter(None, (note.body, self.said("by", name=note.author))))
            )

    def _proofs(self) -> Rows:
        for proof in self.facts.story.proofs:
            holds = "holds" if proof.holds else "fails"
            name, sentence = (self.words.text(f"proofs.{proof.kind}.{part}") for part in ("name", holds))
            yield CaseRow(name, sentence, (), self.said(holds))
        events = self.facts.story.events
        if events:
            yield CaseRow("SHA-256", self.said("head", seq=events[-1].seq), (_grouped(self.facts.head.hex()),))

    def _events(self, events: Iterable[EventView]) -> Rows:
        words = EventWords(self.words, self.facts.catalogue)
        for one in events:
            detail = words.detail(one.kind, one.payload)
            yield CaseRow(
                self.said("at_left", seq=one.seq, moment=self.stamp(one.at)),
                words.title(one.kind, one.payload),
                (detail,) if detail else (),
                self.said("follows" if one.chain_ok else "broken"),
            )


def _grouped(digits: str) -> str:
    """Return a hash in groups that can be compared by eye."""
    return " ".join(digits[start : start + HASH_GROUP] for start in range(0, len(digits), HASH_GROUP))
