"""Letters to admins about public files of which a newer one should be read."""

from datetime import UTC, date, datetime, timedelta

from flask import current_app

from directory.accounts.queries import active_accounts
from directory.accounts.roles import ADMIN
from directory.audit.log import PROGRAM, record
from directory.audit.queries import latest_events
from directory.extensions import db
from directory.imports.source_age import old_sources
from directory.mail.outbox import queue_mail
from directory.web.filters import count_of

ACT = "remind_of_old_sources"
AGAIN_AFTER = timedelta(days=31)


def remind_of_old_sources(today: date) -> int:
    """Queue a letter to each admin when sources are old by `today`, at most once in `AGAIN_AFTER`.

    Returns how many letters. Commits.
    """
    old = old_sources(today)
    last = next(iter(latest_events(act=ACT, limit=1)), None)
    if not old or (last and datetime.now(UTC) - last.happened_at < AGAIN_AFTER):
        return 0
    admins = active_accounts(ADMIN)
    if not admins:
        return 0
    lines = [
        f"- {status.name}: the newest file read is {count_of(status.age_days or 0, 'day')} old; "
        f"a new one comes every {status.published_every_days} days."
        for status in old
    ]
    text = "\n".join(
        [
            "Newer public files should be out:",
            "",
            *lines,
            "",
            "Read them with `flask import`; `flask sources status` tells the age of each.",
            "",
            f"{current_app.config['SITE_URL']}/admin",
            "",
        ]
    )
    for admin in admins:
        queue_mail(admin.email, f"{count_of(len(old), 'public file is', 'public files are')} old", text)
    record(PROGRAM, ACT, "sources", after={"sources": [status.key for status in old]})
    db.session.commit()
    return len(admins)
