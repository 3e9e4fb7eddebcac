"""The one place that loads heavy modules on demand: `late.close_session(...)` imports its action at first use.

Call it in a worker thread (`desk.run(lambda ctx: late.close_session(ctx, ...))`), never while the first window is painted.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent_desk.actions.acknowledge_withdrawals import acknowledge_withdrawals as acknowledge_withdrawals
    from agent_desk.actions.act_on_change import act_on_change as act_on_change
    from agent_desk.actions.act_on_mail import act_on_mail as act_on_mail
    from agent_desk.actions.add_people import add_people as add_people
    from agent_desk.actions.admit_viewer import admit_viewer as admit_viewer
    from agent_desk.actions.agree_session import agree_session as agree_session
    from agent_desk.actions.answer_case import answer_case as answer_case
    from agent_desk.actions.answer_complaint import answer_complaint as answer_complaint
    from agent_desk.actions.answer_feasibility import answer_feasibility as answer_feasibility
    from agent_desk.actions.answer_help import answer_help as answer_help
    from agent_desk.actions.answer_question import answer_question as answer_question
    from agent_desk.actions.answer_share import answer_share as answer_share
    from agent_desk.actions.ask_database import ask_database as ask_database
    from agent_desk.actions.ask_help import ask_help as ask_help
    from agent_desk.actions.attend_session import attend_session as attend_session
    from agent_desk.actions.begin_work import begin_work as begin_work
    from agent_desk.actions.book_appointment import book_appointment as book_appointment
    from agent_desk.actions.book_visit import book_visit as book_visit
    from agent_desk.actions.cancel_appointment import cancel_appointment as cancel_appointment
    from agent_desk.actions.cancel_session import cancel_session as cancel_session
    from agent_desk.actions.change_password import change_password as change_password
    from agent_desk.actions.change_person import change_person as change_person
    from agent_desk.actions.check_case import check_case as check_case
    from agent_desk.actions.check_decisions import check_decisions as check_decisions
    from agent_desk.actions.choose_words import choose_words as choose_words
    from agent_desk.actions.close_session import close_session as close_session
    from agent_desk.actions.closed_screens import closed_screens as closed_screens
    from agent_desk.actions.correct_session import correct_session as correct_session
    from agent_desk.actions.count_attempts import count_attempts as count_attempts
    from agent_desk.actions.create_sample_data import create_sample_data as create_sample_data
    from agent_desk.actions.declare_withdrawal import declare_withdrawal as declare_withdrawal
    from agent_desk.actions.draw_reviews import draw_reviews as draw_reviews
    from agent_desk.actions.end_dead_codes import end_dead_codes as end_dead_codes
    from agent_desk.actions.end_due_shares import end_due_shares as end_due_shares
    from agent_desk.actions.end_leases import end_leases as end_leases
    from agent_desk.actions.end_what_is_due import end_what_is_due as end_what_is_due
    from agent_desk.actions.enter_code import enter_code as enter_code
    from agent_desk.actions.escalate_session import escalate_session as escalate_session
    from agent_desk.actions.explain_decision import explain_decision as explain_decision
    from agent_desk.actions.export_case import export_case as export_case
    from agent_desk.actions.export_journal import export_journal as export_journal
    from agent_desk.actions.find_customer import find_customer as find_customer
    from agent_desk.actions.finish_visit import finish_visit as finish_visit
    from agent_desk.actions.give_credit import give_credit as give_credit
    from agent_desk.actions.give_satisfaction import give_satisfaction as give_satisfaction
    from agent_desk.actions.give_up_visit import give_up_visit as give_up_visit
    from agent_desk.actions.hand_over_session import hand_over_session as hand_over_session
    from agent_desk.actions.has_ended import has_ended as has_ended
    from agent_desk.actions.issue_code import issue_code as issue_code
    from agent_desk.actions.leave_session import leave_session as leave_session
    from agent_desk.actions.leave_share import leave_share as leave_share
    from agent_desk.actions.list_billing_batches import list_billing_batches as list_billing_batches
    from agent_desk.actions.list_changes import list_changes as list_changes
    from agent_desk.actions.list_destinations import list_destinations as list_destinations
    from agent_desk.actions.list_duties import list_duties as list_duties
    from agent_desk.actions.list_misses import list_misses as list_misses
    from agent_desk.actions.list_people import list_people as list_people
    from agent_desk.actions.list_receivers import list_receivers as list_receivers
    from agent_desk.actions.list_today import list_today as list_today
    from agent_desk.actions.load_session import load_session as load_session
    from agent_desk.actions.log_attempt import log_attempt as log_attempt
    from agent_desk.actions.look_at_agenda import look_at_agenda as look_at_agenda
    from agent_desk.actions.look_at_breaker import look_at_breaker as look_at_breaker
    from agent_desk.actions.look_at_catalogue import look_at_catalogue as look_at_catalogue
    from agent_desk.actions.look_at_colleagues import look_at_colleagues as look_at_colleagues
    from agent_desk.actions.look_at_complaints import look_at_complaints as look_at_complaints
    from agent_desk.actions.look_at_conditions import look_at_conditions as look_at_conditions
    from agent_desk.actions.look_at_controls import look_at_controls as look_at_controls
    from agent_desk.actions.look_at_credits import look_at_credits as look_at_credits
    from agent_desk.actions.look_at_door import look_at_door as look_at_door
    from agent_desk.actions.look_at_handover import look_at_handover as look_at_handover
    from agent_desk.actions.look_at_health import look_at_health as look_at_health
    from agent_desk.actions.look_at_help import look_at_help as look_at_help
    from agent_desk.actions.look_at_link import look_at_link as look_at_link
    from agent_desk.actions.look_at_next import look_at_next as look_at_next
    from agent_desk.actions.look_at_path import look_at_path as look_at_path
    from agent_desk.actions.look_at_pro_contact import look_at_pro_contact as look_at_pro_contact
    from agent_desk.actions.look_at_promises import look_at_promises as look_at_promises
    from agent_desk.actions.look_at_questions import look_at_questions as look_at_questions
    from agent_desk.actions.look_at_share import look_at_share as look_at_share
    from agent_desk.actions.look_at_slots import look_at_slots as look_at_slots
    from agent_desk.actions.look_at_visit import look_at_visit as look_at_visit
    from agent_desk.actions.look_at_waiting import look_at_waiting as look_at_waiting
    from agent_desk.actions.look_at_withdrawal import look_at_withdrawal as look_at_withdrawal
    from agent_desk.actions.mail_letter import mail_letter as mail_letter
    from agent_desk.actions.make_billing_batch import make_billing_batch as make_billing_batch
    from agent_desk.actions.make_checkpoint import make_checkpoint as make_checkpoint
    from agent_desk.actions.move_appointment import move_appointment as move_appointment
    from agent_desk.actions.move_complaint import move_complaint as move_complaint
    from agent_desk.actions.move_visit import move_visit as move_visit
    from agent_desk.actions.note_reports import note_reports as note_reports
    from agent_desk.actions.note_running import note_running as note_running
    from agent_desk.actions.note_share import note_share as note_share
    from agent_desk.actions.note_sms_reports import note_sms_reports as note_sms_reports
    from agent_desk.actions.open_session import open_session as open_session
    from agent_desk.actions.park_session import park_session as park_session
    from agent_desk.actions.post_signal import post_signal as post_signal
    from agent_desk.actions.preview_call_back import preview_call_back as preview_call_back
    from agent_desk.actions.preview_case import preview_case as preview_case
    from agent_desk.actions.preview_change import preview_change as preview_change
    from agent_desk.actions.preview_complaint import preview_complaint as preview_complaint
    from agent_desk.actions.preview_confirmation import preview_confirmation as preview_confirmation
    from agent_desk.actions.preview_visit import preview_visit as preview_visit
    from agent_desk.actions.propose_change import propose_change as propose_change
    from agent_desk.actions.protect_desk import protect_desk as protect_desk
    from agent_desk.actions.publish_door_key import publish_door_key as publish_door_key
    from agent_desk.actions.put_off_promise import put_off_promise as put_off_promise
    from agent_desk.actions.qualify_session import qualify_session as qualify_session
    from agent_desk.actions.raise_complaint import raise_complaint as raise_complaint
    from agent_desk.actions.raise_promises import raise_promises as raise_promises
    from agent_desk.actions.read_billing_batch import read_billing_batch as read_billing_batch
    from agent_desk.actions.read_file import read_file as read_file
    from agent_desk.actions.read_signals import read_signals as read_signals
    from agent_desk.actions.read_timeline import read_timeline as read_timeline
    from agent_desk.actions.record_complaint import record_complaint as record_complaint
    from agent_desk.actions.record_consent import record_consent as record_consent
    from agent_desk.actions.redeem_code import redeem_code as redeem_code
    from agent_desk.actions.redeem_viewer import redeem_viewer as redeem_viewer
    from agent_desk.actions.remove_person import remove_person as remove_person
    from agent_desk.actions.renew_leases import renew_leases as renew_leases
    from agent_desk.actions.report import report as report
    from agent_desk.actions.report_commitments import report_commitments as report_commitments
    from agent_desk.actions.report_rebuild import report_rebuild as report_rebuild
    from agent_desk.actions.report_sms import report_sms as report_sms
    from agent_desk.actions.resume_session import resume_session as resume_session
    from agent_desk.actions.return_case import return_case as return_case
    from agent_desk.actions.review_session import review_session as review_session
    from agent_desk.actions.revoke_code import revoke_code as revoke_code
    from agent_desk.actions.save_draft import save_draft as save_draft
    from agent_desk.actions.save_late_typing import save_late_typing as save_late_typing
    from agent_desk.actions.search_journal import search_journal as search_journal
    from agent_desk.actions.send_duplicate import send_duplicate as send_duplicate
    from agent_desk.actions.send_next import send_next as send_next
    from agent_desk.actions.send_outbox import send_outbox as send_outbox
    from agent_desk.actions.set_duties import set_duties as set_duties
    from agent_desk.actions.set_password import set_password as set_password
    from agent_desk.actions.set_pro_contacts import set_pro_contacts as set_pro_contacts
    from agent_desk.actions.set_protection import set_protection as set_protection
    from agent_desk.actions.settle_change import settle_change as settle_change
    from agent_desk.actions.settle_credit import settle_credit as settle_credit
    from agent_desk.actions.settle_withdrawals import settle_withdrawals as settle_withdrawals
    from agent_desk.actions.shares_state import shares_state as shares_state
    from agent_desk.actions.sign_controls import sign_controls as sign_controls
    from agent_desk.actions.sign_in import sign_in as sign_in
    from agent_desk.actions.step_promise import step_promise as step_promise
    from agent_desk.actions.stop_share import stop_share as stop_share
    from agent_desk.actions.take_in_answers import take_in_answers as take_in_answers
    from agent_desk.actions.tell_denied import tell_denied as tell_denied
    from agent_desk.actions.tell_refused import tell_refused as tell_refused
    from agent_desk.actions.tell_signing import tell_signing as tell_signing
    from agent_desk.actions.tell_tariff import tell_tariff as tell_tariff
    from agent_desk.actions.tick_step import tick_step as tick_step
    from agent_desk.actions.try_code import try_code as try_code
    from agent_desk.actions.turn_keys import turn_keys as turn_keys
    from agent_desk.actions.verify_decisions import verify_decisions as verify_decisions
    from agent_desk.actions.verify_log import verify_log as verify_log
    from agent_desk.actions.withdraw_consent import withdraw_consent as withdraw_consent
    from agent_desk.actions.withdraw_session import withdraw_session as withdraw_session
    from agent_desk.actions.withdrawals_waiting import withdrawals_waiting as withdrawals_waiting


def load(place: str) -> Any:
    """Return what stands at "package.module:name", imported now: a screen at its first visit, wiring after the paint."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def __getattr__(name: str) -> Any:
    """Return the action called `name` from the file of the same name."""
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(import_module(f"agent_desk.actions.{name}"), name)
