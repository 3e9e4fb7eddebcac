"""What a team is asked about feasibility, and every answer given so far."""

from dataclasses import dataclass

from agent_desk.actions.answer_feasibility import deciding_team
from agent_desk.actions.context import Context
from agent_desk.rules.feasibility import Question
from agent_desk.rules.people import Role
from agent_desk.storage import promises, questions
from agent_desk.storage.acting import signed_in


@dataclass(frozen=True, slots=True)
class Questions:
    """What waits for an answer, the most urgent first; the answers found, newest first; whether who looks may answer."""

    open: tuple[Question, ...]
    answers: tuple[Question, ...]
    may_answer: bool


def look_at_questions(ctx: Context, words: str = "") -> Questions:
    """Return what this desk's team has to answer, and the answers whose name holds every one of `words`."""
    who = signed_in(ctx.database)
    with ctx.database.read() as tx:
        if who is not None and who.role is not Role.AGENT:
            teams = promises.teams(tx)
            may = who.role is Role.SUPERVISOR and not who.team
        else:
            team, may = deciding_team(tx)
            teams = (team,) if may else ()
        return Questions(questions.open_questions(tx, teams), questions.find_answers(tx, words[:200]), may)
