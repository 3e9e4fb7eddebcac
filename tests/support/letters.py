"""Letters and receipts for tests."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from agent_desk.ports import Attachment, CaseFile, CaseRow, Letter, Receipt, ReceiptLine

DAY = datetime(2026, 11, 23, 14, 58, 20, tzinfo=UTC)
PDF = b"%PDF-1.4 " + bytes(range(256))


def attachment(content: bytes = PDF, name: str = "Confirmation S-2026-000001.pdf") -> Attachment:
    """Return an attachment whose hash is right."""
    return Attachment(name, "application/pdf", content, sha256(content).hexdigest())


def letter(**changes: Any) -> Letter:
    """Return a confirmation, changed as asked."""
    usual = Letter(
        sender="Assistance Sosh <assistance@assistance.example>",
        recipient="claire.morvan@example.org",
        subject="Votre assistance du 23 novembre 2026 : rien à payer",
        text="Bonjour Madame Morvan,\n\n.\n..un point en début de ligne\nMontant : 79,00 € TTC.\n",
        html='<!DOCTYPE html>\n<html lang="fr"><title>Été</title><p>79,00 €</p></html>\n',
        message_id="<S-2026-000001.confirmation.0011223344556677@assistance.example>",
        envid="S-2026-000001.confirmation.0011223344556677",
        date=DAY,
        attachments=(attachment(),),
        receipt_requested=True,
    )
    return replace(usual, **changes)


def receipt(**changes: Any) -> Receipt:
    """Return the receipt of a usual session, changed as asked."""
    virus = ReceiptLine(
        "Retirer virus et logiciels espions",
        "Non réglé à distance",
        "Le retrait de virus est facturé dans tous les cas.",
        "art. 4.9",
        "1",
        "79,00 €",
        "79,00 €",
    )
    device = ReceiptLine(
        "Brancher un appareil à la Livebox",
        "Non réglé à distance",
        "Un technicien prend la suite chez vous : seule sa visite sera facturée.",
        "art. 4.8",
        "1",
        "29,00 €",
        "0,00 €",
    )
    usual = Receipt(
        language="fr",
        number="S-2026-004127",
        title="Confirmation de votre assistance",
        company="Assistance Sosh",
        author="Nadia",
        recipient=("Mme Claire Morvan", "12 rue des Lilas", "35000 Rennes"),
        facts=(("Numéro de dossier", "S-2026-004127"), ("Date de l’intervention", "22 novembre 2026")),
        columns=("Service", "Résultat", "Quantité", "Prix TTC", "Montant TTC"),
        lines=(virus, device),
        total=("Montant porté sur votre prochaine facture", "79,00 €"),
        total_notes=("Toutes taxes comprises, dont TVA 20 % : 13,17 €",),
        paragraphs=(("Une question sur cette intervention ?", "Appelez le 776, tous les jours de 8 h à 22 h."),) * 3,
        page_label="Page {page} sur {pages}",
    )
    return replace(usual, **changes)


def case_file(**changes: Any) -> CaseFile:
    """Return a small case file, changed as asked."""
    usual = CaseFile(
        language="fr",
        number="S-2026-004127",
        title="Dossier de la session S-2026-004127",
        company="Assistance Sosh",
        author="Sam Petit",
        facts=(("Client", "Mme Claire Morvan"), ("État", "Close"), ("Agent", "Nadia Leroy"), ("Équipe", "Nord")),
        sections=(
            ("Demande", (CaseRow("Description", "Des fenêtres s’ouvrent\ntoutes seules"),)),
            ("Événements", (CaseRow("1 · 23 nov. 2026, 12:00:00", "Session ouverte", ("776",), "vérifié"),)),
        ),
        page_label="Page {page} sur {pages}",
    )
    return replace(usual, **changes)
