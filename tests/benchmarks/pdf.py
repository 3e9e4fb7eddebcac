"""Confirmation PDFs a second against a one-line PDF with the same font."""

from io import BytesIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from agent_desk.adapters.pdf import PdfPrinter
from agent_desk.paths import data_path
from tests.benchmarks.figure import Figure, in_turn, seconds
from tests.support.letters import receipt

DOCUMENTS = 20


def measure() -> list[Figure]:
    """Return the one figure of the printer."""
    printer = PdfPrinter()
    model = receipt()
    pdfmetrics.registerFont(TTFont("limit", str(data_path("resources", "fonts", "Inter-Regular.ttf"))))
    ours, limit = in_turn(
        lambda: seconds(lambda: [printer.receipt(model) for _ in range(DOCUMENTS)]),
        lambda: seconds(lambda: [_one_line() for _ in range(DOCUMENTS)]),
    )
    return [
        Figure(
            "confirmation PDFs a second, one core",
            DOCUMENTS / ours,
            "/s",
            0.3,
            DOCUMENTS / limit,
            "one-line PDF, same font",
            at_least=True,
        )
    ]


def _one_line() -> bytes:
    target = BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.setFont("limit", 10)
    canvas.drawString(72, 720, "Montant porté sur votre prochaine facture : 79,00 €")
    canvas.save()
    return target.getvalue()
