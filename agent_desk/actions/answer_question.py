"""Those who decide on feasibility answer a question; the session that asked may be out of their sight."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.feasibility import Question, Verdict, refusal, tidy
from agent_desk.storage import questions
from agent_desk.storage.refused import RefusedByRights


def answer_question(ctx: Context, question_id: int, verdict: Verdict, conditions: str = "") -> Question:
    """Answer, once; who asked finds it in Today, and the next customer with the same equipment is told at once.

    Refusal `conditions_missing`, `conditions_too_long`, `question_answered`, `question_not_yours`.
    """
    said = tidy(conditions) if verdict is Verdict.CONDITIONS else ""
    why = refusal(verdict, said)
    if why:
        raise Refusal(why)
    try:
        with ctx.database.write() as tx:
            at = ctx.clock.now()
            questions.answer_question(tx, question_id, verdict, said, at=at, by=ctx.settings.agent_name)
            found = questions.read_question(tx, question_id)
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
    if found is None:
        raise Refusal("question_not_yours")
    return found
