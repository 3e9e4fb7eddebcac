"""What lists and answer rows offer, in the agent's language."""

from PySide6.QtCore import QCoreApplication

from agent_desk.desktop.session.answer_row import Choice
from agent_desk.rules.session import Answer, ConsentKind, Feasibility, HomeVisit, Outcome, VirusTool
from agent_desk.wording import Wording


def article(wording: Wording, number: str) -> str:
    """Return an article as chips show it."""
    return wording.text("money.article", article=number)


def yes_no(wording: Wording) -> tuple[Choice, ...]:
    """Return yes and no, with the letters they are said with."""
    yes, no = wording.text("answers.yes"), wording.text("answers.no")
    return Choice(True, yes, yes[0]), Choice(False, no, no[0], "bad")


def backup_choices(wording: Wording) -> tuple[Choice, ...]:
    """Return what a customer may say about a backup (4.3); "no" means to make one first."""
    none = wording.text("answers.none_accepted")
    return (
        Choice(
            Answer.DONE, wording.text("answers.done"), QCoreApplication.translate("SessionKeys", "D", "backup done")
        ),
        Choice(
            Answer.NONE_ACCEPTED, none, QCoreApplication.translate("SessionKeys", "A", "no backup, accepted"), "warn"
        ),
        Choice(Answer.NO, wording.text("answers.no"), wording.text("answers.no")[0], "bad"),
    )


def consent_choices(kind: ConsentKind, wording: Wording) -> tuple[Choice, ...]:
    """Return the answers a consent of this kind may have."""
    if kind is ConsentKind.BACKUP:
        return backup_choices(wording)
    yes, no = yes_no(wording)
    return Choice(Answer.YES, yes.label, yes.key), Choice(Answer.NO, no.label, no.key, "bad")


def feasibility_choices(wording: Wording) -> tuple[Choice, ...]:
    """Return what can be noted about feasibility: asked, or the operator's answer (4.1, 4.4)."""
    yes, no = yes_no(wording)
    return (
        Choice(
            Feasibility.ASKED,
            wording.text("feasibilities.asked"),
            QCoreApplication.translate("SessionKeys", "A", "feasibility asked"),
            "warn",
        ),
        Choice(Feasibility.YES, wording.text("feasibilities.yes"), yes.key),
        Choice(Feasibility.NO, wording.text("feasibilities.no"), no.key, "bad"),
    )


def virus_tool_choices(wording: Wording) -> tuple[Choice, ...]:
    """Return the tools that may remove a virus (3.3)."""
    return (
        Choice(
            VirusTool.FREE,
            wording.text("virus_tools.free"),
            QCoreApplication.translate("SessionKeys", "F", "free tool"),
        ),
        Choice(
            VirusTool.OWN_LICENSED,
            wording.text("virus_tools.own_licensed"),
            QCoreApplication.translate("SessionKeys", "O", "own tool"),
        ),
        Choice(
            VirusTool.OWN_UNLICENSED,
            wording.text("virus_tools.own_unlicensed"),
            QCoreApplication.translate("SessionKeys", "W", "no licence"),
            "bad",
        ),
    )


def outcome_choices(wording: Wording) -> tuple[Choice, ...]:
    """Return the ways a service may end, each with its letter."""
    keys = {
        Outcome.SOLVED: QCoreApplication.translate("SessionKeys", "S", "solved"),
        Outcome.NOT_SOLVED: QCoreApplication.translate("SessionKeys", "N", "not solved"),
        Outcome.ACCESS_LOST: QCoreApplication.translate("SessionKeys", "A", "access lost"),
        Outcome.INTERRUPTED: QCoreApplication.translate("SessionKeys", "I", "interrupted"),
        Outcome.NOT_PERFORMED: QCoreApplication.translate("SessionKeys", "P", "not performed"),
    }
    tones = {Outcome.SOLVED: "ok"}
    return tuple(Choice(one, wording.text(f"outcomes.{one}"), key, tones.get(one, "warn")) for one, key in keys.items())


def visit_choices(wording: Wording) -> tuple[Choice, ...]:
    """Return the answers to a home visit offered (4.8)."""
    keys = {
        HomeVisit.NONE: QCoreApplication.translate("SessionKeys", "N", "visit not offered"),
        HomeVisit.ACCEPTED: QCoreApplication.translate("SessionKeys", "A", "visit accepted"),
        HomeVisit.DECLINED: QCoreApplication.translate("SessionKeys", "D", "visit declined"),
    }
    return tuple(Choice(one, wording.text(f"home_visits.{one}"), key) for one, key in keys.items())
