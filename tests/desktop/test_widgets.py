"""The pieces screens are made of bear what customers are called."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from agent_desk.desktop.boxes import Notice, Section
from agent_desk.desktop.screen import Chip
from agent_desk.desktop.widgets import ChipRow, Elided, NumberBox, label, set_property


def test_a_name_of_ten_thousand_characters_gives_way(qtbot: QtBot, dressed: QApplication) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    box = QHBoxLayout(row)
    name = Elided(text="Wolfeschlegel " * 800)
    box.addWidget(name)
    row.resize(300, 40)
    row.show()
    assert row.minimumSizeHint().width() < 120
    assert name.text().endswith("…")
    assert name.fontMetrics().horizontalAdvance(name.text()) <= name.width()
    assert name.toolTip() == name.whole()


def test_a_short_name_is_shown_whole(qtbot: QtBot, dressed: QApplication) -> None:
    name = Elided(text="Claire Morvan")
    qtbot.addWidget(name)
    name.resize(name.sizeHint())
    name.show()
    assert (name.text(), name.toolTip()) == ("Claire Morvan", "")


def test_line_breaks_in_a_name_do_not_break_the_line(qtbot: QtBot, dressed: QApplication) -> None:
    name = Elided(text="Claire\nMorvan\t(née L’Hostis)")
    qtbot.addWidget(name)
    assert name.whole() == "Claire Morvan (née L’Hostis)"


def test_markup_in_a_name_is_shown_as_it_was_typed(qtbot: QtBot, dressed: QApplication) -> None:
    made = label("<b>Morvan</b> & <img src='http://example.org'>")
    qtbot.addWidget(made)
    assert made.textFormat() == Qt.TextFormat.PlainText


def test_a_notice_is_there_only_while_it_says_something(qtbot: QtBot, dressed: QApplication) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    notice = Notice(ground)
    ground.show()
    assert not notice.isVisible()
    notice.tell("Le disque est plein.", "bad")
    assert notice.isVisible()
    assert notice.accessibleName() == "Le disque est plein."
    notice.tell("")
    assert not notice.isVisible()


def test_chips_are_reused_not_rebuilt(qtbot: QtBot, dressed: QApplication) -> None:
    row = ChipRow()
    qtbot.addWidget(row)
    row.set_chips((Chip("un"), Chip("deux", "ok")))
    first = row.findChildren(QWidget)[0]
    row.set_chips((Chip("trois", "bad"),))
    assert row.findChildren(QWidget)[0] is first
    assert [(made.text(), made.property("tone")) for made in row._labels if not made.isHidden()] == [("trois", "bad")]


def test_a_section_forgets_its_rows(qtbot: QtBot, dressed: QApplication) -> None:
    section = Section("Services")
    qtbot.addWidget(section)
    section.add(label("Virus et espions"))
    section.clear()
    assert section.rows.count() == 0


def test_a_property_changes_how_a_widget_looks(qtbot: QtBot, dressed: QApplication) -> None:
    made = label("à faire", "todo")
    qtbot.addWidget(made)
    made.ensurePolished()
    before = made.palette().windowText().color()
    set_property(made, "role", "tick")
    assert made.palette().windowText().color() != before


def test_a_number_is_set_in_from_the_border(qtbot: QtBot, dressed: QApplication) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    assert box.lineEdit().textMargins().left() >= 8
