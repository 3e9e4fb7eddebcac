"""Journal: every session, newest first, searched by words, with its whole story beside it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.views import JournalFilter, JournalPage, Timeline
from agent_desk.desktop.case_export import CASE_KEY
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.duplicate import DUPLICATE_KEY
from agent_desk.desktop.forms.ui_journal import Ui_Journal
from agent_desk.desktop.journal_check import VERIFY_KEY, LogCheck
from agent_desk.desktop.journal_export import EXPORT_KEY, JournalExport
from agent_desk.desktop.journal_filters import JournalFilters
from agent_desk.desktop.journal_model import JournalModel
from agent_desk.desktop.journal_reviews import JournalReviews
from agent_desk.desktop.screen import Command, Header, Screen
from agent_desk.desktop.table import Column, Table
from agent_desk.desktop.timeline import LEAST_WIDTH, TimelinePane
from agent_desk.desktop.widgets import button, column, label, line, on_click, set_text
from agent_desk.formats import format_cents, format_number
from agent_desk.rules.review import WAITING

PAGE = 50
STORY_LEAST, STORY_MOST = LEAST_WIDTH, 400
LIST_WIDTH = 872


class JournalScreen(Screen):
    """Filters and list at the left, the chosen session's story at the right, the state of the chain above."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._asking = False
        self._shown: JournalFilter | None = None
        self._page: JournalPage | None = None
        self._then: int | None = None  # the session after the one just reviewed
        self.ui = Ui_Journal()
        self.ui.setupUi(self)
        self._build_list()
        self._build_footer()
        self.filters.changed.connect(self._search)
        self.table.rowShown.connect(self._show_row)
        self.table.rowOpened.connect(lambda row: desk.openRequested.emit(self.model.rows[row].id))
        desk.sessionChanged.connect(lambda _id: self._again_if_shown())
        desk.mailsChanged.connect(self._again_if_shown)
        desk.themeChanged.connect(self.table.viewport().update)
        self.retranslate()

    def _build_list(self) -> None:
        self.filters = JournalFilters(self.desk)
        self.export = JournalExport(self.desk, lambda: self._shown)
        self.reviews = JournalReviews(self.desk, self._next_to_review)
        above = QHBoxLayout()
        above.addWidget(self.filters, 1)
        above.addWidget(self.export.button, 0, Qt.AlignmentFlag.AlignTop)
        self.ui.filters_place.addLayout(above)
        self.model = JournalModel(self.desk, self._ask_more, self)
        self.table = Table(self.desk, self.model)
        self.table.setObjectName("sessions")
        self.ui.table_place.addWidget(self.table)
        self.empty = label(role="muted", wrap=True)
        self.empty.setContentsMargins(14, 14, 14, 4)
        self.drop_button = on_click(button(kind="link", name="drop_filter"), self._drop)
        self.drop_button.hide()
        below = line(self.drop_button, None)
        below.setContentsMargins(10, 0, 14, 0)
        self.nothing = column(self.empty, below, spacing=0)
        self.ui.table_place.addWidget(self.nothing, 0, Qt.AlignmentFlag.AlignTop)
        self.nothing.hide()
        self.story = TimelinePane(self.desk)
        self.story.add_first(self.reviews.rules)
        self.story.review.taken.connect(self._after_review)
        self.reviews.drawn.connect(self._again_if_shown)
        self.ui.body.addWidget(self.story)

    def _build_footer(self) -> None:
        self.check = LogCheck(self.desk)
        self.check.told.connect(self.headerChanged)
        self.ui.footer.row.addWidget(self.check.working)
        self.ui.footer.row.addWidget(self.export.told)
        self.ui.footer.row.addStretch(1)
        self.ui.footer.row.addWidget(self.reviews.rules_button)
        self.ui.footer.row.addWidget(self.reviews.button)
        self.ui.footer.row.addWidget(self.check.stop_button)
        self.ui.footer.row.addWidget(self.check.verify_button)

    def header(self) -> Header:
        """Return the title and what is known of the chain."""
        return Header(self.tr("Journal of sessions"), (self.check.chain,) if self.check.chain.text else ())

    def commands(self) -> list[Command]:
        """Offer to check the log, and to export."""
        return [
            Command(self.tr("Check the chain"), self.check.verify, VERIFY_KEY, "link"),
            Command(self.tr("Export what is listed"), self.export.begin, EXPORT_KEY, "save"),
            Command(self.tr("Send the confirmation once more"), self.story.duplicate.begin, DUPLICATE_KEY, "mail"),
            Command(self.tr("Case file of this session as PDF"), self.story.case_export.begin, CASE_KEY, "printer"),
            *self.reviews.commands(),
        ]

    def show_list(self, wanted: JournalFilter, title: str) -> None:
        """Set the filters to `wanted`; its period is called `title` until another one is chosen."""
        self.filters.set_wanted(wanted, title)

    def flush(self) -> None:
        """Let neither check nor export keep the program from closing."""
        self.check.stop()
        self.export.stop()

    def refresh(self) -> None:
        """Ask again for the first page, and draw what is to be reviewed; the keyboard goes into the search field."""
        self.reviews.draw()
        self._shown = None
        self._search()
        self.filters.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the list its width first, then the story what is left, within bounds."""
        super().resizeEvent(event)
        self.story.setFixedWidth(max(STORY_LEAST, min(STORY_MOST, self.width() - LIST_WIDTH)))

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)
        words, language = self.desk.wording, self.desk.language
        outcomes = [*words.table("outcomes").values(), *words.table("states").values()]
        mails = {key: text for key, text in words.table("mail_states").items() if key.endswith(".name")}
        lasting = [text for key, text in mails.items() if not key.startswith("sending")]  # that one passes in a moment
        self.table.set_columns(
            (
                Column(self.tr("Time"), "30 sept."),
                Column(self.tr("Session"), "S-8888-888888"),
                Column(self.tr("Customer"), stretch=True),
                Column(self.tr("Service"), stretch=True),
                Column(self.tr("Outcome"), max(outcomes, key=len), chip=True),
                Column(self.tr("Amount"), format_cents(888800, language), right=True),
                Column(self.tr("Mail"), max(mails.values(), key=len), max(lasting, key=len)),
            )
        )
        self.table.setAccessibleName(self.tr("Sessions"))
        self.check.retranslate()
        self.filters.retranslate()
        self.export.retranslate()
        self.reviews.retranslate()
        self.story.retranslate()
        self._tell_count()

    def _search(self) -> None:
        """One question at a time: what was typed meanwhile is asked when the answer is there."""
        wanted = self.filters.wanted()
        if self._asking or wanted == self._shown or not self.desk.ready:
            return
        self._asking = True

        def answered(page: JournalPage) -> None:
            self._asking = False
            self._shown = wanted
            self._show_first(page)
            self._search()

        self.desk.run(lambda ctx: late.search_journal(ctx, wanted, limit=PAGE), answered, self._failed, owner=self)

    def _show_first(self, page: JournalPage) -> None:
        self._page = page
        chosen = self.story.session_id
        self.model.set_page(page)
        self.filters.know_agents({row.agent for row in page.rows})
        self.filters.more.know_teams(page.teams)
        self.filters.more.offer_review(page.to_review is not None)
        self.reviews.tell(page.to_review)
        self.table.setVisible(bool(page.rows))
        self.nothing.setVisible(not page.rows)
        self._tell_count()
        ids = [row.id for row in page.rows]
        if ids:
            wanted = next((one for one in (chosen, self._then) if one in ids), ids[0])
            self.table.selectRow(ids.index(wanted))
        else:
            self.story.show_story(None)

    def _ask_more(self, key: int) -> None:
        wanted = self._shown
        if wanted is not None:
            self.desk.run(
                lambda ctx: late.search_journal(ctx, wanted, key, PAGE),
                lambda page: self.model.add_page(page) if wanted == self._shown else None,
                owner=self,
            )

    def _show_row(self, row: int) -> None:
        if 0 <= row < len(self.model.rows):
            session_id = self.model.rows[row].id
            self.desk.run(lambda ctx: late.read_timeline(ctx, session_id), self._show_story, owner=self)

    def _show_story(self, story: Timeline) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self.model.rows) and self.model.rows[row].id == story.session.id:
            self.story.show_story(story)

    def _next_to_review(self) -> None:
        """Show what is to be reviewed, or go to the next of it."""
        if self.filters.wanted().review != WAITING:
            self.show_list(JournalFilter(review=WAITING), self.tr("To review"))
            return
        rows = self.model.rowCount()
        if rows:
            self.table.selectRow(min(self.table.currentIndex().row() + 1, rows - 1))

    def _after_review(self, session_id: int) -> None:
        """Remember which one follows: what was reviewed leaves the list of what is to be."""
        ids = [row.id for row in self.model.rows]
        after = ids[ids.index(session_id) + 1 :] if session_id in ids else []
        self._then = after[0] if after else None

    def _tell_count(self) -> None:
        page = self._page
        if page is None:
            return
        self._tell_empty(page)
        language = self.desk.language
        total = format_number(page.total, language) + ("+" if page.capped else "")
        everything = format_number(page.sessions, language)
        milliseconds = max(round(page.milliseconds), 1)
        set_text(
            self.ui.count,
            self.tr("{0} of {1} session(s) · {2} ms", "", page.sessions).format(total, everything, milliseconds),
        )

    def _tell_empty(self, page: JournalPage) -> None:
        none = self.tr("No session answers to these filters. Try fewer words or another period.")
        set_text(self.empty, none if page.sessions else self.tr("No session yet. Press Ctrl+N when a call comes in."))
        if page.hindering:
            name = self.desk.wording.text(f"filters.{page.hindering}")
            set_text(self.empty, self.tr("No session answers to these filters; without “{0}” some do.").format(name))
            self.drop_button.setText(self.tr("Take the filter “{0}” away").format(name))
        self.drop_button.setVisible(bool(page.hindering))

    def _drop(self) -> None:
        if self._page is not None:
            self.filters.drop(self._page.hindering)
            self.filters.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def _again_if_shown(self) -> None:
        if self.isVisible():
            self._shown = None
            self._search()

    def _failed(self, error: BaseException) -> None:
        self._asking = False
        self._shown = self.filters.wanted()  # not asked again until something changes
        self.desk.report(error)
