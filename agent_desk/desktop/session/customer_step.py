"""Step 1: who calls. A known number brings the identity back with one key."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from agent_desk import late
from agent_desk.actions.views import KnownCustomer
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_session_customer import Ui_SessionCustomer
from agent_desk.desktop.session.call_panel import CallPanel
from agent_desk.desktop.session.choices import article, yes_no
from agent_desk.desktop.session.page import Page
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.session.texts import earlier_session
from agent_desk.desktop.widgets import set_property, set_text
from agent_desk.formats import format_short_date
from agent_desk.rules.call_cost import must_announce
from agent_desk.rules.gates import Gate
from agent_desk.rules.identity import is_callback_number, is_customer_number, is_email, normal_number
from agent_desk.rules.session import CallChannel, Customer, Segment, Step, Territory
from agent_desk.rules.territories import local, territory_of

TAKE_OVER_KEY = "F6"
SHOWN_SESSIONS = 3
LANGUAGES = {"fr": "Français", "en": "English"}  # each in its own words
_TITLES = {"mme": "mme", "madame": "mme", "mrs": "mme", "ms": "mme", "m.": "m", "mr": "m", "monsieur": "m"}
_SHAPES = {"customer_number": is_customer_number, "callback_number": is_callback_number, "email": is_email}


class CustomerStep(Page):
    """Identity, address, subscription, and who is speaking."""

    step = Step.CUSTOMER

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Ui_SessionCustomer())
        self._known: KnownCustomer | None = None
        self._asked = ""
        self.call_panel = CallPanel(desk)
        self.call_panel.tell.connect(self.tell_tariff)
        place = self.ui.call_channel_box.parentWidget().layout()
        place.insertWidget(0, self.call_panel)
        self.ui.knownTake.clicked.connect(self.take_over)
        self.ui.customer_surname.editingFinished.connect(self._split_title)
        for name in _SHAPES:
            getattr(self.ui, f"customer_{name}").editingFinished.connect(self._show_faults)
        self.retranslate()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        super().retranslate()
        ui, wording = self.ui, self.desk.wording
        ui.customer_title.fill([("", "–"), *wording.table("titles").items()])
        ui.call_channel.fill([(one, wording.text(f"channels.{one}")) for one in CallChannel])
        ui.customer_segment.fill([(one, wording.text(f"segments.{one}")) for one in Segment])
        ui.customer_language.fill(LANGUAGES.items())
        ui.customer_territory.fill([(one, wording.text(f"territories.{one}")) for one in Territory])
        ui.customer_no_email_reason.fill([("", "–"), *wording.table("no_email_reasons").items()])
        for row, of in ((ui.customer_subscription, "2.1"), (ui.customer_caller_is_holder, "3.2")):
            row.set_choices(yes_no(wording))
            row.set_article(article(wording, of))
        ui.customer_holder_permission.set_choices(yes_no(wording))
        ui.knownTake.setText(f"{ui.knownTake.text()}  {TAKE_OVER_KEY}")
        if self._known is not None:
            self._show_known(self._known)

    def arrange(self, preview: Preview) -> None:
        """Show the company to professionals, the holder's answer when somebody else calls."""
        customer = preview.facts.content.customer
        self.ui.customer_company_box.setVisible(customer.segment is Segment.PRO)
        self.ui.holderBox.setVisible(not customer.caller_is_holder)
        # An e-mail address is not missing once it is said why there is none.
        self.call_panel.show_call(preview.facts.content.call, ended=self.editor is None or self.editor.ended)
        self.ui.customer_email.setProperty("optional", bool(customer.no_email_reason))
        self._look_up(customer)

    def typed(self, path: str, value: object) -> None:
        """Take what was typed; a postcode brings its territory."""
        if self.editor is None:
            return
        if path == "customer.caller_is_holder" and value is None:
            value = True
        # First what was typed: what follows from it fills the form again.
        self.editor.set(path, value)
        if path == "customer.postcode":
            self.editor.set("customer.territory", territory_of(str(value)))
        if path == "customer.no_email_reason" and value and self.editor.content.closing.confirmation == "email":
            self.editor.set("closing.confirmation", "letter")

    @property
    def knows_customer(self) -> bool:
        """Tell whether an identity given in an earlier session is offered."""
        return self._known is not None and self.editor is not None and not self.editor.ended

    def take_over(self) -> None:
        """Put the identity last given in place of what is typed; what must be asked each time stays to be asked."""
        if self._known is None or self.editor is None:
            return
        now = self.editor.content.customer
        known = self._known.content.customer
        self.editor.set(
            "customer",
            replace(
                known,
                subscription=now.subscription,
                caller_is_holder=now.caller_is_holder,
                caller_name=now.caller_name,
                holder_permission=now.holder_permission,
            ),
        )
        self._forget_known()
        self.focus_field("")

    def tell_tariff(self) -> None:
        """Note that the customer was told what the call costs (3.2)."""
        if self.editor is not None:
            self.editor.act(lambda view: lambda ctx: late.tell_tariff(ctx, view.id))

    @property
    def must_tell_tariff(self) -> bool:
        """Tell whether the tariff of this call is still to be told."""
        if self.editor is None:
            return False
        call = self.editor.content.call
        return must_announce(self.desk.reference.channels[call.channel], call)

    def _split_title(self) -> None:
        """Move a spoken title ("Mme Morvan") from the name to its field."""
        head, _, rest = self.ui.customer_surname.text().strip().partition(" ")
        title = _TITLES.get(head.casefold())
        if title and rest.strip() and self.editor is not None:
            self.editor.set("customer.title", title)
            self.editor.set("customer.surname", rest.strip())

    def _show_faults(self) -> None:
        """Mark what cannot be right, and say so in one sentence; nothing is taken away."""
        customer = self.editor.content.customer if self.editor else Customer()
        wrong = [
            name for name, good in _SHAPES.items() if getattr(customer, name) and not good(getattr(customer, name))
        ]
        for name in _SHAPES:
            set_property(getattr(self.ui, f"customer_{name}"), "fault", name in wrong)
        self.told.emit(self.text(f"errors.{Gate(wrong[0])}") if wrong else "", "warn")

    def _look_up(self, customer: Customer) -> None:
        """Ask once for each new number whether its caller is known."""
        number, callback = normal_number(customer.customer_number), normal_number(customer.callback_number)
        wanted = number if is_customer_number(number) else callback if is_callback_number(callback) else ""
        if wanted == self._asked or self.editor is None:
            return
        self._asked = wanted
        self._forget_known()
        if not wanted:
            return
        which = "customer_number" if wanted == number else "callback_number"
        session_id = self.editor.view.id

        def done(known: KnownCustomer | None) -> None:
            if known is not None and wanted == self._asked:
                others = tuple(row for row in known.sessions if row.id != session_id)
                if others:
                    self._show_known(replace(known, sessions=others))

        self.desk.run(lambda ctx: late.find_customer(ctx, **{which: wanted}), done=done, owner=self)

    def _forget_known(self) -> None:
        self._known = None
        self.ui.knownCard.hide()

    def _show_known(self, known: KnownCustomer) -> None:
        self._known = known
        self.ui.knownCard.show()
        count, last = len(known.sessions), known.sessions[0]
        day = format_short_date(local(last.opened_at, known.content.customer.territory).date(), self.desk.language)
        name = f"{known.content.customer.first_name} {known.content.customer.surname}".strip()
        title = QCoreApplication.translate("SessionCustomer", "Has called before: %1 — sessions: %2, the last on %3")
        for mark, value in (("%1", name), ("%2", str(count)), ("%3", day)):
            title = title.replace(mark, value)
        set_text(self.ui.knownTitle, title)
        set_text(
            self.ui.knownList, "\n".join(earlier_session(row, self.desk) for row in known.sessions[:SHOWN_SESSIONS])
        )
