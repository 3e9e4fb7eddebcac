"""The table of professional customers' contacts: who is there for whom, and the team behind them."""

from sqlalchemy import Column, ForeignKey, Table, Text

from agent_desk.storage.metadata import Id, metadata

pro_contact = Table(
    "pro_contact",
    metadata,
    Column("customer_number", Text, primary_key=True),
    Column("person_id", Id, ForeignKey("person.id")),
    Column("team_id", Id, ForeignKey("team.id"), nullable=False),
)
