"""Help: every key, and how the usual things are done."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from agent_desk.desktop.boxes import Card
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.screen import Header, Screen
from agent_desk.desktop.widgets import Scroll, clear_layout, kbd, label, line


class HelpScreen(Screen):
    """Keys at the left, answers at the right."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._scroll = Scroll(margins=(22, 18, 22, 18))
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        outer.addWidget(self._scroll)
        self.retranslate()

    def header(self) -> Header:
        """Return the title."""
        return Header(self.tr("Help"))

    def refresh(self) -> None:
        """Take the keyboard: without a place for it, keys would go nowhere."""
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Write the page anew."""
        self._scroll.setAccessibleName(self.tr("Help"))
        clear_layout(self._scroll.box)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        left, right = QVBoxLayout(), QVBoxLayout()
        for title, keys in self._keys():
            left.addWidget(self._key_card(title, keys))
        for title, text in self._answers():
            card = Card(title)
            card.box.addWidget(label(text, wrap=True))
            right.addWidget(card)
        for side in (left, right):
            side.setSpacing(12)
            side.addStretch(1)
            columns.addLayout(side, 1)
        self._scroll.box.addLayout(columns)

    def _key_card(self, title: str, keys: tuple[tuple[str, str], ...]) -> Card:
        card = Card(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for row, (key, text) in enumerate(keys):
            caps = [kbd(part) for part in key.split("+")]
            grid.addWidget(line(*caps, None, spacing=4), row, 0)
            grid.addWidget(label(text, wrap=True), row, 1)
        card.box.addLayout(grid)
        return card

    def _keys(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        control, shift = self.tr("Ctrl", "key"), self.tr("Shift", "key")
        return (
            (
                self.tr("Everywhere"),
                (
                    (f"{control}+K", self.tr("Find a customer, a session, a service, a command")),
                    (f"{control}+N", self.tr("New session")),
                    ("Alt+1…6", self.tr("Today, Session, Catalogue, Journal, Figures, Agenda")),
                    (f"{control}+,", self.tr("Settings")),
                    ("F1", self.tr("This page")),
                    ("F5", self.tr("Bring lists up to date")),
                    ("F9", self.tr("In Today: go to what comes next")),
                    (f"{control}+Alt+L", self.tr("Lock the desk, where you signed in")),
                ),
            ),
            (
                self.tr("In a session"),
                (
                    (f"{control}+1…6", self.tr("Go to a step")),
                    ("F9", self.tr("Next step; at the end, close and send")),
                    ("F4", self.tr("Put aside, take up later")),
                    (f"{control}+T", self.tr("The customer was told what the call costs")),
                    ("F12", self.tr("Ask a supervisor for help; again: no longer")),
                    (f"{control}+J", self.tr("What follows: call back, visit, complaint, credit…")),
                    (self.tr("R, N, C", "key"), self.tr("Call-back tried: reached, no answer, cut off")),
                    (f"{control}+H", self.tr("Hand over to a colleague or a team")),
                    ("F2", self.tr("Of two versions, keep what I typed")),
                    ("F3", self.tr("Of two versions, take the other one")),
                    (f"{control}+G", self.tr("Issue a code")),
                    (f"{control}+{shift}+C", self.tr("Copy the code")),
                    ("1…3", self.tr("The pair of words that the customer reads")),
                    ("F11", self.tr("The customer’s screen over the whole screen, and back")),
                    (f"{control}+F12", self.tr("Cut the screen share")),
                    ("F6", self.tr("Take over the identity of a known caller")),
                    ("F7", self.tr("Protection off or on again")),
                    ("F8", self.tr("Ready-made notes")),
                    (self.tr("Enter", "key"), self.tr("Next field")),
                ),
            ),
            (
                self.tr("In Figures"),
                (
                    ("F6", self.tr("Service commitments, measured")),
                    ("F2", self.tr("There, a case checked conforms")),
                    ("F3", self.tr("There, it does not, with a few words")),
                    ("F8", self.tr("There, export as PDF or CSV")),
                ),
            ),
            (
                self.tr("In the agenda"),
                (
                    ("M", self.tr("Move the chosen call with the arrows, then Enter; Esc leaves it")),
                    (self.tr("Alt+Left, Alt+Right", "key"), self.tr("The week before, the week after")),
                ),
            ),
            (
                self.tr("In the Journal"),
                (
                    ("F6", self.tr("Check the chain")),
                    ("F7", self.tr("More filters")),
                    ("F8", self.tr("Export what is listed")),
                    (f"{shift}+F8", self.tr("Case file of this session as PDF")),
                    (f"{control}+{shift}+D", self.tr("Send the confirmation once more, there or in the session")),
                    ("F9", self.tr("Next session to review")),
                    ("F2…4", self.tr("Good, to improve, fault")),
                ),
            ),
        )

    def _answers(self) -> tuple[tuple[str, str], ...]:
        return (
            (
                self.tr("The call is cut off"),
                self.tr(
                    "Everything typed is saved within half a second. Press F4: the session waits in Today under "
                    "“Put aside” and reopens at the same field."
                ),
            ),
            (
                self.tr("See the customer’s screen"),
                self.tr(
                    "Issue a code and dictate it: the customer types it on the page, accepts there and reads two words "
                    "aloud. Pick that pair: only then can a screen be shown. Nothing is recorded, and either of you can "
                    "stop at any time. Without the page, note the consent given aloud and guide by telephone."
                ),
            ),
            (
                self.tr("A confirmation does not leave"),
                self.tr(
                    "Mails wait in the outbox and are tried again by themselves. What needs you stands in Today under "
                    "“Stuck”: send again, print as a letter, or save the mail as a file. A mail marked uncertain may "
                    "have arrived: ask the customer before you send it again."
                ),
            ),
            (
                self.tr("Why this amount?"),
                self.tr(
                    "Each line of a decision carries the rule and the article behind it. Open the session in the "
                    "Journal: its timeline shows what was said, agreed, done and decided, in order."
                ),
            ),
            (
                self.tr("A session is reviewed"),
                self.tr(
                    "Supervisors review sessions that rules have drawn, and say in a sentence what matters. What comes back "
                    "to you stands in Today: read it beside the story of the session and answer within seven days."
                ),
            ),
            (
                self.tr("A price or a text changes"),
                self.tr(
                    "In the Catalogue, F7 shows what was proposed. A supervisor or an administrator proposes with F6, "
                    "another one approves with F2 or rejects with F3; it holds from its day on at every desk. Whoever "
                    "agreed before keeps theirs."
                ),
            ),
            (
                self.tr("Is the log whole?"),
                self.tr(
                    "In the Journal, “Check the chain” reads every event again and names the first that does not fit. "
                    "Settings can keep a copy of each checkpoint outside this machine."
                ),
            ),
        )
