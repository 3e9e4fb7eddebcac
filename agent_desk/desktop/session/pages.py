"""The six steps as pages: made when first needed, or just before."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.agreement_step import AgreementStep
from agent_desk.desktop.session.closing_step import ClosingStep
from agent_desk.desktop.session.customer_step import CustomerStep
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.intervention_step import InterventionStep
from agent_desk.desktop.session.page import Page
from agent_desk.desktop.session.prerequisites_step import PrerequisitesStep
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.session.request_step import RequestStep
from agent_desk.rules.session import Step

MADE_BY: dict[Step, Callable[[Desk], Page]] = {
    Step.CUSTOMER: CustomerStep,
    Step.REQUEST: RequestStep,
    Step.PREREQUISITES: PrerequisitesStep,
    Step.AGREEMENT: AgreementStep,
    Step.INTERVENTION: InterventionStep,
    Step.CLOSING: ClosingStep,
}


class Pages(QObject):
    """Keeps the pages and the session they show."""

    finished = Signal()
    told = Signal(str, str)
    removed = Signal(str)

    def __init__(self, desk: Desk, stack: QStackedWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._stack = stack
        self._editor: Editor | None = None
        self._made: dict[Step, Page] = {}

    def current(self) -> Page | None:
        """Return the page in front."""
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    def page(self, step: Step) -> Page:
        """Return the page of a step, made now if need be."""
        if step not in self._made:
            page = MADE_BY[step](self._desk)
            page.attach(self._editor)
            page.finished.connect(self.finished)
            page.told.connect(self.told)
            if isinstance(page, RequestStep):
                page.removed.connect(self.removed)
            self._made[step] = page
            self._stack.addWidget(page)
        return self._made[step]

    def show(self, step: Step) -> Page:
        """Bring the page of a step to the front."""
        page = self.page(step)
        self._stack.setCurrentWidget(page)
        return page

    def warm(self, step: Step, preview: Preview) -> None:
        """Make and fill a page before it is asked for, so that it paints at once."""
        page = self.page(step)
        if page is not self.current():
            page.refresh(preview)
            page.ensurePolished()

    def attach(self, editor: Editor) -> None:
        """Show another session from now on."""
        self._editor = editor
        for page in self._made.values():
            page.attach(editor)

    def retranslate(self) -> None:
        """Put every page in the language of the moment."""
        for page in self._made.values():
            page.retranslate()
