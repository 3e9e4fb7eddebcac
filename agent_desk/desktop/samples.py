"""Sample sessions for those who want to look around; they are written while the agent goes on."""

from PySide6.QtCore import QCoreApplication

from agent_desk import late
from agent_desk.desktop.desk import Desk

SAMPLES = 40


def add_samples(desk: Desk) -> None:
    """Write sample sessions in a worker; the agent is told when it begins and when it ends."""
    desk.told.emit(QCoreApplication.translate("Samples", "Writing sample sessions… you can go on meanwhile."))

    def done(count: int) -> None:
        desk.told.emit(QCoreApplication.translate("Samples", "%n sample session(s) added", "", count))
        desk.sessionChanged.emit(0)

    desk.run(lambda ctx: late.create_sample_data(ctx, SAMPLES), done, queue="samples")
