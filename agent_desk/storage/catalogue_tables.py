"""Tables of what a site changes in its catalogue and texts: what was proposed, and each step two people took with it."""

from sqlalchemy import Column, ForeignKey, Identity, SmallInteger, Table, Text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

# Neither a proposal nor a step is ever changed: triggers see to it, and to the second pair of eyes.
catalogue_change = Table(
    "catalogue_change",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),  # rules.catalogue_changes.ChangeKind
    Column("subject", Text, nullable=False),  # a service, a condition or a kind of consent
    Column("before", Text, nullable=False),  # what held on that day when it was proposed, as JSON
    Column("value", Text, nullable=False),  # canonical JSON
    Column("valid_from", Text, nullable=False),  # a day on the customer's calendar, as "2027-03-01"
    Column("reason", Text, nullable=False),
    Column("by_mark", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

catalogue_step = Table(
    "catalogue_step",
    metadata,
    Column("change_id", Id, ForeignKey("catalogue_change.id"), primary_key=True, autoincrement=False),
    Column("ordinal", SmallInteger, primary_key=True, autoincrement=False),  # from 1
    Column("step", Text, nullable=False),  # rules.catalogue_changes.ChangeStep
    Column("reason", Text, nullable=False),
    Column("by_mark", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
