"""The pages of the log: who reads it, what a search finds, what is taken out, and whether it is whole."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from directory.audit.log import record
from directory.audit.models import AuditEvent, create_triggers, drop_triggers
from directory.audit.queries import EVENTS_A_PAGE
from directory.audit.verify import check_log
from directory.extensions import db
from tests import factories
from tests.audit.events import happened
from tests.signing_in import SignedInClient, new_account, signed_in

LOG = "/admin/log"


def found(client: SignedInClient, query: str) -> list[int]:
    """The numbers of the events that the page shows."""
    answer = client.get(f"{LOG}?{query}")
    assert answer.status_code == 200
    return [int(part.split(",")[0]) for part in answer.text.split('<p class="soft">Event ')[1:]]


def last_event() -> AuditEvent:
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert event
    return event


@pytest.mark.parametrize("role", ["admin", "verifier", "moderator"])
def test_all_staff_read_it_and_find_it_on_their_desk(sqlite_app: Flask, role: str) -> None:
    client = signed_in(sqlite_app, role)
    assert f'href="{LOG}"' in client.get("/admin").text
    page = client.get(LOG)
    assert (page.status_code, "Signed in" in page.text) == (200, True)
    assert (f'href="{LOG}/check"' in page.text or "Check the log now" in page.text) == (role == "admin")


def test_clinics_do_not(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "clinic", factories.provider().npi)
    assert [client.get(path).status_code for path in (LOG, f"{LOG}/export?format=csv")] == [403, 403]


def test_a_search_finds_by_each_field(app: Flask) -> None:
    reader, other = signed_in(app, "verifier"), new_account(app, "moderator")
    actor = f"account:{other.id}"
    rejected = happened(
        datetime(2026, 3, 1, 12, tzinfo=UTC), actor, "reject_review", "review:12", reason="Insults staff"
    )
    kept = happened(datetime(2026, 3, 2, 12, tzinfo=UTC), actor, "keep_review", "review:12")
    assert found(reader, f"actor={actor}") == [kept, rejected]
    assert found(reader, f"actor={other.email.upper()}") == [kept, rejected]
    assert found(reader, "act=reject_review") == [rejected]
    assert found(reader, "subject=review:12&words=staff+insults") == [rejected]
    assert found(reader, f"number={kept}") == [kept]
    assert found(reader, "since=2026-03-02&until=2026-03-02") == [kept]
    assert found(reader, "since=3/1/2026&until=3/1/2026") == [rejected]


def test_days_are_days_in_california(app: Flask) -> None:
    reader = signed_in(app, "verifier")
    late = happened(
        datetime(2026, 3, 2, 7, 59, 59, tzinfo=UTC), "program", "expire", "credential:1"
    )  # still March 1 there
    early = happened(datetime(2026, 3, 2, 8, tzinfo=UTC), "program", "expire", "credential:2")
    assert found(reader, "act=expire&until=2026-03-01") == [late]
    assert found(reader, "act=expire&since=2026-03-02&until=9999-12-31") == [early]
    assert "March 1, 2026, 11:59:59 PM PST" in reader.get(f"{LOG}?number={late}").text


def test_an_event_is_shown_with_names_reason_and_changes(app: Flask) -> None:
    reader, other = signed_in(app, "verifier"), new_account(app, "moderator")
    number = happened(
        datetime(2026, 3, 1, 12, tzinfo=UTC),
        f"account:{other.id}",
        "reject_review",
        "review:12",
        before={"status": "pending"},
        after={"status": "<rejected>"},
        reason="<b>Insults</b>",
    )
    page = reader.get(f"{LOG}?number={number}").text
    assert f"{other.name} (account {other.id})" in page
    for part in (
        "Rejected review:",
        "&lt;b&gt;Insults&lt;/b&gt;",
        "<strong>status:</strong> pending ",
        "</span> &lt;rejected&gt;",
    ):
        assert part in page
    assert f'href="{LOG}?actor=account:{other.id}"' in page
    assert f'href="{LOG}?subject=review:12"' in page


def test_a_reason_that_is_a_code_is_shown_in_words(app: Flask) -> None:
    happened(
        datetime(2026, 3, 1, 12, tzinfo=UTC), "program", "refuse_report", "information_report:1", reason="not_about"
    )
    assert "<strong>Why:</strong> not about" in signed_in(app, "admin").get(LOG).text


@pytest.mark.postgresql
def test_providers_commands_and_strangers_have_names(app: Flask) -> None:
    reader, provider = signed_in(app, "verifier"), factories.provider()
    changed = {"before": {"phone": "(310) 555-0100"}, "after": {"phone": "(310) 555-0199"}}
    record("command:ana", "correct_provider", f"provider:{provider.npi}", **changed, reason="They moved")
    record("nobody", "refuse_access", "page:staff_accounts.list_accounts")
    db.session.commit()
    page = reader.get(LOG).text
    assert f"{provider.name} (NPI {provider.npi})" in page
    assert "ana, by a command" in page
    assert "someone who was not signed in" in page
    assert "(310) 555-0100 <span" in page


def test_fifty_are_on_a_page_and_the_search_stays(app: Flask) -> None:
    reader = signed_in(app, "verifier")
    for _ in range(EVENTS_A_PAGE + 2):
        record("program", "expire", "credential:1", after={"status": "expired"})
    db.session.commit()
    newest = last_event().number
    assert found(reader, "act=expire") == list(range(newest, newest - 50, -1))
    assert found(reader, "act=expire&page=2") == [newest - 50, newest - 51]
    page = reader.get(f"{LOG}?act=expire&page=2").text
    assert "52 events" in page
    assert 'href="/admin/log?act=expire&amp;page=1"' in page
    assert 'href="/admin/log/export?act=expire&amp;format=csv"' in page


def test_nothing_found_says_so(app: Flask) -> None:
    reader = signed_in(app, "verifier")
    answer = reader.get(f"{LOG}?subject=review:99999%00&words=%00")
    assert (answer.status_code, "No events found." in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("query", "sentence", "kept"),
    [
        ("actor=nobody@example.org", "no account with that address", "nobody@example.org"),
        ("act=dance", "Choose an action from the list.", ""),
        ("since=yesterday", "month/day/year", "yesterday"),
        ("since=2026-03-02&until=2026-03-01", "before the first one", "2026-03-01"),
        ("number=-1", "Type the number of one event", "-1"),
        ("number=99999999999", "Type the number of one event", "99999999999"),
    ],
)
def test_a_mistake_has_its_sentence_and_stays(sqlite_app: Flask, query: str, sentence: str, kept: str) -> None:
    reader = signed_in(sqlite_app, "verifier")
    for path in (f"{LOG}?{query}", f"{LOG}/export?format=csv&{query}"):
        answer = reader.get(path)
        assert answer.status_code == 400
        assert sentence in answer.text
        assert f'value="{kept}"' in answer.text
    assert last_event().act != "export_log"


def test_what_is_found_is_taken_out_as_csv_and_noted(app: Flask) -> None:
    reader = signed_in(app, "verifier")
    for reason in ("=HYPERLINK(1)", "é"):
        record("program", "expire", "credential:1", reason=reason)
    record("program", "expire", "credential:2")
    db.session.commit()
    answer = reader.get(f"{LOG}/export?format=csv&actor=program&subject=credential:1&since=2020-01-01")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["reason"] for row in rows] == ["'=HYPERLINK(1)", "é"]
    event = last_event()
    assert answer.headers["Content-Disposition"] == f"attachment; filename=audit-log-{event.number}.csv"
    assert (event.actor, event.act, event.after) == (
        f"account:{reader.account.id}",
        "export_log",
        {"format": "csv", "filters": {"actor": "program", "subject": "credential:1", "since": "2020-01-01"}},
    )


def test_all_is_taken_out_as_json_lines_and_can_be_checked_by_its_hashes(app: Flask) -> None:
    reader = signed_in(app, "moderator")
    answer = reader.get(f"{LOG}/export?format=jsonl")
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [row["number"] for row in rows] == list(range(1, last_event().number))  # all but the export itself
    assert [row["previous_hash"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]]


def test_words_that_were_looked_for_are_not_noted(app: Flask) -> None:
    reader = signed_in(app, "moderator")
    reader.get(f"{LOG}/export?format=jsonl&words=Jane+Roe")
    assert last_event().after == {"format": "jsonl", "filters": {"words": True}}


@pytest.mark.parametrize("chosen", ["", "xlsx"])
def test_there_is_no_other_format(sqlite_app: Flask, chosen: str) -> None:
    assert signed_in(sqlite_app, "admin").get(f"{LOG}/export?format={chosen}").status_code == 400


def test_an_admin_has_the_log_checked(app: Flask) -> None:
    admin = signed_in(app, "admin")
    assert "The log has not been checked from here yet." in admin.get(LOG).text
    state = check_log()
    page = admin.post(f"{LOG}/check").text
    assert f"The log is intact: {state.last.number} events, each as it was written." in page
    assert f"{state.last.number}:{state.last.hash}" in page
    event = last_event()
    assert (event.act, event.after) == ("check_log", {"whole": True, "last": state.last.number})
    assert f"The log was intact when {admin.account.name}" in admin.get(LOG).text


def test_a_changed_event_is_named(app: Flask) -> None:
    admin = signed_in(app, "admin")
    bad = happened(datetime(2026, 3, 1, 12, tzinfo=UTC), "program", "expire", "credential:1")
    db.session.rollback()  # a reader's open transaction would keep the triggers in place
    with db.engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(update(AuditEvent).where(AuditEvent.number == bad).values(subject="credential:2"))
        create_triggers(connection)
    page = admin.post(f"{LOG}/check").text
    assert f"The log is not intact: event {bad} was changed." in page
    assert f"up to {bad - 1}, are unchanged" in page
    assert last_event().after == {"whole": False, "last": bad - 1, "first_bad": bad}
    assert f"event {bad} was the first bad one" in admin.get(LOG).text


@pytest.mark.parametrize("role", ["verifier", "moderator"])
def test_nobody_else_has_it_checked(sqlite_app: Flask, role: str) -> None:
    client = signed_in(sqlite_app, role)
    assert client.post(f"{LOG}/check").status_code == 403
    assert "An admin can check it." in client.get(LOG).text
