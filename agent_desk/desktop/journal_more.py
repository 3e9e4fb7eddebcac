"""The filters of the Journal that are asked for less often; they fold away."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.service_names import service_in_short
from agent_desk.desktop.session.flow_layout import FlowLayout
from agent_desk.desktop.widgets import NumberBox
from agent_desk.rules.billing import Rule
from agent_desk.rules.journal import JournalFilter
from agent_desk.rules.mail import MailState
from agent_desk.rules.visit_rule import VisitRule

MOST_EUROS = 9999
WIDEST = 200  # a rule's title would take half the row; the open list shows it whole


class MoreFilters(QWidget):
    """Service, rule, consent, mail, review, team where there are teams, and the least billed and waived."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.service, self.rule, self.channel, self.mail, self.team, self.review = (QComboBox() for _ in range(6))
        self.boxes = {
            "team": self.team,
            "service": self.service,
            "rule": self.rule,
            "channel": self.channel,
            "mail": self.mail,
            "review": self.review,
        }
        self.billed, self.waived = NumberBox(), NumberBox()
        self.amounts = {"billed_from": self.billed, "waived_from": self.waived}
        row = FlowLayout(8)
        self.setLayout(row)
        for name, box in self.boxes.items():
            box.setObjectName(f"journal_{name}")
            box.setMaximumWidth(WIDEST)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.currentIndexChanged.connect(lambda _index: self.changed.emit())
            row.addWidget(box)
        for name, amount in self.amounts.items():
            amount.setObjectName(f"journal_{name}")
            amount.setRange(0, MOST_EUROS)
            amount.valueChanged.connect(lambda _value: self.changed.emit())
            row.addWidget(amount)
        self.team.hide()
        self.review.hide()

    def wanted(self) -> dict[str, Any]:
        """Return the fields of the filter that are set."""
        chosen = {name: box.currentData() for name, box in self.boxes.items() if box.currentData()}
        return chosen | {name: box.value() * 100 for name, box in self.amounts.items() if box.value()}

    def set_wanted(self, wanted: JournalFilter) -> JournalFilter:
        """Set every filter there is a choice for, and return what is wanted beside those; nobody is told."""
        rest = wanted
        for name, box in self.boxes.items():
            place = max(box.findData(getattr(wanted, name)), 0)
            box.blockSignals(True)
            box.setCurrentIndex(place)
            box.blockSignals(False)
            rest = without(rest, name) if place else rest
        for name, amount in self.amounts.items():
            cents = getattr(wanted, name) or 0
            whole = cents % 100 == 0 and 0 < cents <= MOST_EUROS * 100
            amount.blockSignals(True)
            amount.setValue(cents // 100 if whole else 0)
            amount.blockSignals(False)
            rest = without(rest, name) if whole else rest
        return rest

    def drop(self, name: str) -> None:
        """Take one filter away."""
        if name in self.boxes:
            self.boxes[name].setCurrentIndex(0)
        else:
            self.amounts[name].setValue(0)

    def know_teams(self, names: Iterable[str]) -> None:
        """Offer the teams there are; without any there is nothing to choose."""
        entries = {name: name for name in names}
        if list(entries) != [self.team.itemData(index) for index in range(1, self.team.count())]:
            fill(self.team, {"": self.tr("All teams")} | entries, self.tr("Team"))
        self.team.setVisible(bool(entries))

    def offer_review(self, offered: bool) -> None:
        """Offer to choose by the state of a review, to who reviews."""
        self.review.setVisible(offered)

    def retranslate(self) -> None:
        """Put every text in the language of the moment, keeping what is chosen."""
        words = self._desk.wording
        teams = {self.team.itemData(index): self.team.itemText(index) for index in range(1, self.team.count())}
        fill(self.team, {"": self.tr("All teams")} | teams, self.tr("Team"))
        fill(self.service, {"": self.tr("All services")} | self._services(), self.tr("Service"))
        rules = {str(rule): words.text(f"rules.{rule}.title") for rule in (*Rule, *VisitRule)}
        fill(self.rule, {"": self.tr("All rules")} | rules, self.tr("Rule"))
        fill(self.channel, {"": self.tr("All consents")} | words.table("consent_channels"), self.tr("Consent"))
        mails = {str(state): words.text(f"mail_states.{state}.name") for state in MailState}
        fill(self.mail, {"": self.tr("All mails")} | mails, self.tr("Mail"))
        fill(self.review, {"": self.tr("All reviews")} | words.table("reviews.states"), self.tr("Review"))
        for box, name, any_amount in (
            (self.billed, self.tr("Least billed"), self.tr("Any amount billed")),
            (self.waived, self.tr("Least waived"), self.tr("Any amount waived")),
        ):
            box.setAccessibleName(name)
            box.setSpecialValueText(any_amount)
            box.setPrefix(f"{name} ")
            box.setSuffix("\u00a0€")

    def _services(self) -> dict[str, str]:
        if not self._desk.ready:
            return {}
        catalogue = self._desk.reference.catalogue_on(self._desk.clock.now().date())
        return {code: service_in_short(self._desk, code) for code in catalogue.services}


def without(wanted: JournalFilter, name: str) -> JournalFilter:
    """Return the filter with one field empty."""
    nothing: Any = getattr(JournalFilter(), name)
    return replace(wanted, **{name: nothing})


def fill(box: QComboBox, entries: Mapping[str, str], name: str) -> None:
    """Offer these entries, keeping what is chosen; nobody is told."""
    chosen = box.currentData()
    box.blockSignals(True)
    box.clear()
    for key, text in entries.items():
        box.addItem(text, key)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    box.setAccessibleName(name)
    box.blockSignals(False)
