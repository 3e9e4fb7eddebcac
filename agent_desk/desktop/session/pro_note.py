"""Who is there for the professional customer on the telephone, above the step, and the way to their team."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from agent_desk import late
from agent_desk.desktop.boxes import Notice
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import button, on_click, set_property, set_text
from agent_desk.rules.identity import is_customer_number
from agent_desk.rules.pro import ProContact
from agent_desk.rules.session import Segment

if TYPE_CHECKING:
    from agent_desk.desktop.session.screen import SessionScreen


class ProNote(QObject):
    """Asks once a professional's number stands there; hidden for everybody else."""

    def __init__(self, desk: Desk, screen: "SessionScreen") -> None:
        super().__init__(screen)
        self._desk = desk
        self._screen = screen
        self._asked: tuple[int, str] | None = None
        self._contact: ProContact | None = None
        self.note = Notice()
        self.note.setObjectName("pro_note")
        self.hand = on_click(button("", name="pro_hand_over"), self._hand_over)
        self.note.add_button(self.hand)
        set_property(self.note, "tone", "acc")
        screen.ui.middleLayout.insertWidget(1, self.note)

    def follow(self) -> None:
        """Look whether the session on the screen is a professional's, whose number has changed."""
        editor = self._screen.editor
        customer = None if editor is None else editor.content.customer
        is_pro = (
            customer is not None and customer.segment is Segment.PRO and is_customer_number(customer.customer_number)
        )
        wanted = (editor.view.id, customer.customer_number) if is_pro and editor and customer else None
        if wanted == self._asked:
            self._offer()
            return
        self._asked = wanted
        self._take(None)
        if wanted is not None:
            number = wanted[1]
            self._desk.run(
                lambda ctx: late.look_at_pro_contact(ctx, number),
                lambda found: self._take(found) if self._asked == wanted else None,
                lambda _error: None,
                owner=self,
            )

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        self._show()

    def _take(self, found: ProContact | None) -> None:
        self._contact = found
        self._show()

    def _show(self) -> None:
        one = self._contact
        self.note.setVisible(one is not None)
        if one is None:
            return
        translate = QCoreApplication.translate
        said = translate("SessionPro", "Professional customer. Dedicated contact: %1, team %2")
        if not one.person:
            said = translate("SessionPro", "Professional customer, looked after by team %2")
        set_text(self.note.sentence, said.replace("%1", one.person).replace("%2", one.team))
        self.hand.setText(translate("SessionPro", "Hand over to %1").replace("%1", one.person or one.team))
        self._offer()

    def _offer(self) -> None:
        """Offer the hand-over where the session can go there; not to oneself."""
        self.hand.setVisible(self._contact is not None and self._screen.handing.may() and self._to() is not None)

    def _to(self) -> object:
        one, people = self._contact, self._screen.handing.people
        if one is None:
            return None
        person = next((to for to in people if not to.is_team and to.id == one.person_id), None)
        return person or next((to for to in people if to.is_team and to.id == one.team_id), None)

    def _hand_over(self) -> None:
        to = self._to()
        if to is not None:
            self._screen.handing.offer()
            self._screen.handing.bar.to.set_value(to)
