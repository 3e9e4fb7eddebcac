"""All tables together, for migrations and rights; what only reads or writes imports the module of its own tables.

A desk's first screen needs few of them: to define the others would be time before it is there.
"""

from agent_desk.storage import (
    appointment_tables,
    asking_tables,
    catalogue_tables,
    colleague_tables,
    complaint_tables,
    control_tables,
    credit_tables,
    link_tables,
    pro_tables,
    promise_tables,
    report_tables,
    review_tables,
    site_tables,
    tables,
    visit_tables,
    withdrawal_tables,
)
from agent_desk.storage.metadata import metadata

MODULES = (
    *(tables, site_tables, catalogue_tables, colleague_tables, report_tables, review_tables, promise_tables),
    *(asking_tables, appointment_tables, complaint_tables, control_tables, credit_tables, link_tables, pro_tables),
    *(visit_tables, withdrawal_tables),
)

__all__ = ("MODULES", "metadata")
