"""Step 6: how each service ended, what is billed and why, what the customer receives, and what must be put back."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.views import SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_session_closing import Ui_SessionClosing
from agent_desk.desktop.session.choices import outcome_choices
from agent_desk.desktop.session.decision_rows import AMOUNT_WIDTH, OUTCOME_WIDTH, DecisionRow, VisitRow
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.flow_layout import FlowLayout
from agent_desk.desktop.session.page import Page
from agent_desk.desktop.session.preview import Preview, may_offer_visit
from agent_desk.desktop.session.sms_preview import SmsPreview
from agent_desk.desktop.session.texts import short_time
from agent_desk.desktop.widgets import label, set_property, set_text
from agent_desk.formats import format_cents
from agent_desk.rules.identity import is_email
from agent_desk.rules.session import ENDED, Content, HomeVisit, State, Step

PREVIEW_AFTER_MS = 250
LIVE = "live"


class ClosingStep(Page):
    """Outcomes, amounts with their reasons, the confirmation, and the last checks."""

    step = Step.CLOSING

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Ui_SessionClosing())
        self._rows: list[DecisionRow] = []
        self._shown: tuple[object, ...] = ()
        self._previewed: Content | None = None
        self._head = QFrame()
        self._visit = VisitRow(desk)
        self._heads = (label(role="small"), label(role="small"), label(role="small"))
        self._keys = label(role="small", wrap=True)
        self._keys.setContentsMargins(0, 0, 0, 6)
        self._make_head()
        self.ui.decisionLayout.addWidget(self._visit)
        self.sms = SmsPreview()
        self.ui.mailLayout.insertWidget(self.ui.mailLayout.indexOf(self.ui.mailText), self.sms)
        self.binder.bind(self._visit.box, "closing.home_visit")
        self._visit.box.setProperty("optional", True)
        self._visit.planned.connect(self._plan)
        checks = FlowLayout(14)
        for tick in (self.ui.protectionBack, self.ui.codeEnded, self.ui.closing_module_left):
            checks.addWidget(tick)
        self.ui.checks.setLayout(checks)
        self.ui.protectionBack.clicked.connect(lambda on: self._protect(off=not on))
        self.ui.codeEnded.clicked.connect(self._end_code)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PREVIEW_AFTER_MS)
        self._soon.timeout.connect(self._ask_preview)
        self.retranslate()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        super().retranslate()
        wording = self.desk.wording
        translate = QCoreApplication.translate
        texts = (
            wording.text("line_fields.service"),
            wording.text("line_fields.outcome"),
            translate("SessionClosing", "Billed"),
        )
        for made, text in zip(self._heads, texts, strict=True):
            set_text(made, text)
        keys = " · ".join(f"{choice.key} {choice.label.lower()}" for choice in outcome_choices(wording))
        set_text(self._keys, keys)
        set_text(self.ui.amountCaption, wording.text("money.session_amount"))
        self.ui.closing_confirmation.fill(
            [(way, wording.text(f"confirmations.{way}")) for way in ("email", "letter", "sms")]
        )
        self._visit.retranslate()
        self._shown = ()
        self._previewed = None

    def attach(self, editor: Editor | None) -> None:
        """Show another session from now on."""
        super().attach(editor)
        self._previewed = None
        self.ui.mailText.setPlainText("")
        self.sms.set_text("")

    def arrange(self, preview: Preview) -> None:
        """Show outcomes, amounts and the confirmation as they stand."""
        if self.editor is None:
            return
        content = preview.facts.content
        self._show_lines(preview)
        self._show_visit(preview)
        total = preview.decision.total_cents if preview.decision else None
        set_text(self.ui.amountTotal, "–" if total is None else format_cents(total, self.desk.language))
        self._show_mail(content)
        self._show_checks(content, self.editor.view)
        self._show_ended(self.editor.view)
        if preview.decision is not None and content != self._previewed and self.editor.view.state not in ENDED:
            self._soon.start()

    def finish(self) -> None:
        """Offer the visit before going on, where one may be offered and was not yet."""
        content = self.editor.content if self.editor is not None else Content()
        box = self._visit.box
        if box.isVisibleTo(self) and content.closing.home_visit is HomeVisit.NONE and not box.hasFocus():
            box.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().finish()

    def _make_head(self) -> None:
        self._head.setProperty("role", "ruled")
        box = QHBoxLayout(self._head)
        box.setContentsMargins(0, 0, 0, 7)
        box.setSpacing(10)
        service, outcome, billed = self._heads
        box.addWidget(service, 1)
        box.addWidget(outcome)
        box.addWidget(billed)
        outcome.setMinimumWidth(OUTCOME_WIDTH)
        billed.setMinimumWidth(AMOUNT_WIDTH)
        billed.setAlignment(self._keys.alignment().AlignRight | self._keys.alignment().AlignVCenter)
        self.ui.decisionLayout.addWidget(self._keys)
        self.ui.decisionLayout.addWidget(self._head)

    def _show_lines(self, preview: Preview) -> None:
        facts = preview.facts
        lines = facts.content.lines
        wanted = (*(line.service for line in lines), self.desk.language)
        if wanted != self._shown:
            self._shown = wanted
            self._rebuild(len(lines))
        decided = preview.decision.lines if preview.decision else ()
        for place, (row, line) in enumerate(zip(self._rows, lines, strict=True)):
            one = decided[place] if place < len(decided) else None
            row.show_line(line, facts.catalogue.services.get(line.service), one)

    def _rebuild(self, count: int) -> None:
        for row in self._rows:
            self.binder.release(row.box)
            row.hide()
            row.deleteLater()
        self._rows = [DecisionRow(self.desk, place) for place in range(count)]
        before: QWidget = self
        for place, row in enumerate(self._rows):
            self.ui.decisionLayout.insertWidget(place + 2, row)
            row.show()  # at once, not with the next turn of the loop: the keyboard may go there now
            self.binder.bind(row.box, f"lines[{place}].outcome")
            QWidget.setTabOrder(before, row.box)
            before = row.box
        QWidget.setTabOrder(before, self._visit.box)
        QWidget.setTabOrder(self._visit.box, self._visit.when)

    def _show_visit(self, preview: Preview) -> None:
        content = preview.facts.content
        territory = content.customer.territory
        self._visit.setVisible(may_offer_visit(content))
        ceiling = preview.facts.catalogue.travel_ceilings[territory]
        self._visit.show_visit(
            content.closing.home_visit, content.closing.visit_at, ceiling, territory, preview.facts.now
        )

    def _show_mail(self, content: Content) -> None:
        ui, translate = self.ui, QCoreApplication.translate
        by_mail = content.closing.confirmation == "email"
        set_text(ui.mailTitle, translate("SessionClosing", "Confirmation to the customer"))
        set_text(ui.mailNote, translate("SessionClosing", "receipt asked for · PDF attached") if by_mail else "")
        to = translate("SessionClosing", "To: %1").replace("%1", content.customer.email)
        printed = translate("SessionClosing", "Kept ready to be printed.")
        set_text(ui.mailTo, to if by_mail and is_email(content.customer.email) else "" if by_mail else printed)
        ui.mailText.setVisible(bool(ui.mailText.toPlainText()))

    def _show_checks(self, content: Content, view: SessionView) -> None:
        ui, translate = self.ui, QCoreApplication.translate
        off, on = content.closing.protection_off_at, content.closing.protection_on_at
        back = on is not None and off is not None and on >= off
        ui.protectionBack.setVisible(off is not None)
        ui.protectionBack.setChecked(back)
        text = translate("SessionClosing", "Protection on again")
        ui.protectionBack.setText(f"{text} ({short_time(on)})" if back and on is not None else text)
        shared = self.editor is not None and self.editor.watch.is_shared
        live = shared or (view.code is not None and view.code.state == LIVE)
        still = translate("SessionClosing", "Code still live: closing ends it")
        seen = translate("SessionClosing", "Screen still shared: closing ends it")
        ui.codeEnded.setText(seen if shared else still if live else self.text("collect.code"))
        ui.codeEnded.setChecked(not live)

    def _show_ended(self, view: SessionView) -> None:
        ended = view.state in ENDED
        self.ui.closedNote.setVisible(ended)
        self._keys.setVisible(not ended)
        for row in (*self._rows, self._visit):
            row.box.setEnabled(not ended)
        for widget in (self._visit.when, self.ui.closing_confirmation, self.ui.closing_module_left, self.ui.codeEnded):
            widget.setEnabled(not ended)
        if ended and view.ended_at is not None:
            parts = [self.text(f"states.{view.state}"), short_time(view.ended_at)]
            if view.mails:
                mail = view.mails[-1]
                kind, state = self.text(f"mail_kinds.{mail.kind}"), self.text(f"mail_states.{mail.state}.name")
                parts.append(self.text(f"mail_told.{mail.channel}", kind=kind, state=state))
            set_text(self.ui.closedText, " · ".join(parts))
            set_property(self.ui.closedNote, "tone", "ok" if view.state is State.CLOSED else "warn")

    def _plan(self, moment: datetime | None) -> None:
        if self.editor is not None and self.editor.content.closing.home_visit is HomeVisit.ACCEPTED:
            self.editor.set("closing.visit_at", moment)

    def _protect(self, *, off: bool) -> None:
        if self.editor is not None:
            self.editor.act(lambda view: lambda ctx: late.set_protection(ctx, view.id, off))

    def _end_code(self) -> None:
        if self.editor is not None:
            self.editor.act(lambda view: lambda ctx: late.revoke_code(ctx, view.id))
            self.editor.watch.ask()

    def _ask_preview(self) -> None:
        """Have the confirmation written as it would be sent, once the typing rests."""
        if self.editor is None or self.preview is None or not self.isVisible():
            return
        content = self._previewed = self.preview.facts.content

        def done(mail: object) -> None:
            if content == self._previewed:
                self.ui.mailText.setPlainText(getattr(mail, "text", ""))
                self.ui.mailText.show()
                self.sms.set_text(getattr(mail, "sms", ""))

        self.editor.act(lambda view: lambda ctx: late.preview_confirmation(ctx, view.id), done, lambda _: None)
