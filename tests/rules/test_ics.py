"""Calendar files hold whatever was typed, and calendars of all makers can read them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.ics import CalendarEntry, calendar
from tests.support.calendars import read_calendar

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=60), st.booleans())
def test_any_text_stands_in_a_calendar_file_whole_and_alone(title: str, text: str, name: str, cancelled: bool) -> None:
    entry = CalendarEntry(
        uid="4f2c",
        sequence=3,
        written_at=AT,
        starts_at=AT,
        ends_at=AT + timedelta(minutes=30),
        title=title,
        text=text,
        organiser="assistance@assistance.example",
        organiser_name=name,
        attendee="claire.morvan@example.org",
        cancelled=cancelled,
    )
    read = read_calendar(calendar(entry).encode())
    assert read.method == ("CANCEL" if cancelled else "REQUEST")
    assert (read.moment("DTSTART"), read.moment("DTEND")) == (AT, AT + timedelta(minutes=30))
    assert read.event["SUMMARY"] == "".join(
        char for char in title.replace("\r\n", "\n") if char == "\n" or char.isprintable()
    )
    assert read.event["ATTENDEE"] == "mailto:claire.morvan@example.org"
    assert read.event["STATUS"] == ("CANCELLED" if cancelled else "CONFIRMED")
