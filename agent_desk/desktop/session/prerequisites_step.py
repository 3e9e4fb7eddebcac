"""Step 3: is everything ready? Each question is answered by one key; only what this session needs is asked."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from agent_desk import late
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_session_prerequisites import Ui_SessionPrerequisites
from agent_desk.desktop.session.answer_row import AnswerRow, Choice
from agent_desk.desktop.session.binder import Binder
from agent_desk.desktop.session.choices import article, feasibility_choices, virus_tool_choices, yes_no
from agent_desk.desktop.session.page import Page
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.widgets import label
from agent_desk.rules.catalogue import Service
from agent_desk.rules.gate_checks import removes_virus
from agent_desk.rules.identity import equipment_key
from agent_desk.rules.session import Feasibility, Step, VirusTool

_KEYS = "1234567890"
PLATFORM_FEASIBILITY = "prerequisites.platform_feasibility"


class EquipmentRow(QWidget):
    """Make and model of equipment bought elsewhere, and whether it can be worked on (4.4)."""

    def __init__(self, desk: Desk, place: int, service: Service, binder: Binder) -> None:
        super().__init__()
        caption = QCoreApplication.translate("SessionPrerequisites", "Make and model — %1")
        self._caption = label(caption.replace("%1", service.short(desk.language)), "small")
        self.equipment = QLineEdit()
        self.equipment.setAccessibleName(self._caption.text())
        self._caption.setBuddy(self.equipment)
        self.feasibility = AnswerRow()
        self.feasibility.set_question(QCoreApplication.translate("SessionPrerequisites", "Can this device be helped?"))
        self.feasibility.set_choices(feasibility_choices(desk.wording))
        self.feasibility.set_article(article(desk.wording, "4.4"))
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 4, 8, 2)
        box.setSpacing(3)
        box.addWidget(self._caption)
        box.addWidget(self.equipment)
        box.addWidget(self.feasibility)
        binder.bind(self.equipment, f"lines[{place}].equipment")
        binder.bind(self.feasibility, f"lines[{place}].feasibility")


class PrerequisitesStep(Page):
    """Computer, foreign equipment, discs, conformity, and what removing a virus needs."""

    step = Step.PREREQUISITES

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Ui_SessionPrerequisites())
        self._rows: list[EquipmentRow] = []
        self._equipment: tuple[tuple[int, str, str], ...] = ()
        self._articles = {
            self.ui.prerequisites_platform: "4.1",
            self.ui.prerequisites_platform_feasibility: "4.1",
            self.ui.prerequisites_discs: "3.3",
            self.ui.prerequisites_conformity: "4.2",
            self.ui.prerequisites_internet_working: "3.3",
            self.ui.prerequisites_virus_tool: "3.3",
        }
        self._known: tuple[str, ...] = ()
        self.retranslate()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        super().retranslate()
        ui, wording = self.ui, self.desk.wording
        for row in (ui.prerequisites_discs, ui.prerequisites_conformity, ui.prerequisites_internet_working):
            row.set_choices(yes_no(wording))
        ui.prerequisites_platform_feasibility.set_choices(feasibility_choices(wording))
        ui.prerequisites_virus_tool.set_choices(virus_tool_choices(wording))
        for row, number in self._articles.items():
            row.set_article(article(wording, number))
        self._equipment = ()

    def arrange(self, preview: Preview) -> None:
        """Ask what these services need."""
        facts, ui = preview.facts, self.ui
        services = [facts.catalogue.services.get(line.service) for line in facts.content.lines]
        ui.platformCard.setVisible(any(service is not None and service.needs_computer for service in services))
        self._show_platforms(preview)
        foreign = [(at, one) for at, one in enumerate(services) if one is not None and one.foreign_equipment]
        self._show_equipment(foreign)
        self._ask_conditions(preview)
        virus = removes_virus(facts)
        ui.prerequisites_internet_working.setVisible(virus)
        ui.prerequisites_virus_tool.setVisible(virus)

    def typed(self, path: str, value: object) -> None:
        """Take an answer; feasibility is an event of its own."""
        if self.editor is None:
            return
        if path.endswith("feasibility"):
            self._answer(path, Feasibility(str(value)) if value else Feasibility.NOT_ASKED)
        elif path == "prerequisites.platform":
            self.editor.set(path, value or "")
        elif path == "prerequisites.virus_tool":
            self.editor.set(path, value or VirusTool.UNKNOWN)
        else:
            self.editor.set(path, value)

    def _answer(self, path: str, answer: Feasibility) -> None:
        if self.editor is not None:
            self.editor.act(lambda view: lambda ctx: late.answer_feasibility(ctx, view.id, path, answer))
            self.editor.show(path, answer)

    def _ask_conditions(self, preview: Preview) -> None:
        """Learn under which conditions equipment found feasible can be worked on, each time it is another one."""
        found = tuple(
            one.equipment if one.feasibility is Feasibility.YES else "" for one in preview.facts.content.lines
        )
        if found != self._known:
            self._known = found
            names = tuple(filter(None, found))
            if names:
                self.desk.run(
                    lambda ctx: late.look_at_conditions(ctx, names), self._show_conditions, lambda _e: None, owner=self
                )
            else:
                self._show_conditions({})

    def _show_conditions(self, conditions: dict[str, str]) -> None:
        for row in self._rows:
            said = conditions.get(equipment_key(row.equipment.text()), "")
            shown = QCoreApplication.translate("SessionPrerequisites", "On one condition: %1").replace("%1", said)
            row.feasibility.set_hint(shown if said else "")

    def _show_platforms(self, preview: Preview) -> None:
        facts, ui = preview.facts, self.ui
        language = self.desk.language
        ui.prerequisites_platform.set_choices(
            [
                Choice(one.key, one.label(language), key, "ok" if one.ready else "warn")
                for one, key in zip(facts.platforms.values(), _KEYS, strict=False)
            ]
        )
        system = facts.platforms.get(facts.content.prerequisites.platform)
        ui.prerequisites_platform_feasibility.setVisible(system is not None and not system.ready)
        without = QCoreApplication.translate("SessionPrerequisites", "Helped by telephone only: no screen sharing.")
        ui.prerequisites_platform.set_hint(without if system is not None and not system.screen_sharing else "")

    def _show_equipment(self, foreign: list[tuple[int, Service]]) -> None:
        wanted = tuple((place, service.code, self.desk.language) for place, service in foreign)
        self.ui.equipmentCard.setVisible(bool(foreign))
        if wanted == self._equipment:
            return
        self._equipment = wanted
        for row in self._rows:
            self.binder.release(row.equipment)
            self.binder.release(row.feasibility)
            row.hide()
            row.deleteLater()
        self._rows = [EquipmentRow(self.desk, place, service, self.binder) for place, service in foreign]
        before = self.ui.prerequisites_platform_feasibility
        for row in self._rows:
            self.ui.equipmentLayout.addWidget(row)
            row.show()  # at once: the keyboard may go there now
            QWidget.setTabOrder(before, row.equipment)
            QWidget.setTabOrder(row.equipment, row.feasibility)
            before = row.feasibility
        QWidget.setTabOrder(before, self.ui.prerequisites_discs)
