"""Letters to verifiers about what waits for them: one a person, never two about the same task."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import select

from directory.accounts.models import Account
from directory.accounts.queries import active_accounts
from directory.accounts.roles import ADMIN, VERIFIER
from directory.credentials.models import VerificationTask
from directory.credentials.tasks import TASK_KINDS, TaskKind
from directory.extensions import db
from directory.mail.outbox import queue_mail
from directory.web.filters import count_of

MAX_LISTED = 10


def tell_verifiers() -> int:
    """Queue a letter to everybody for whom a task was opened since the last time; returns how many. Commits.

    A task that nobody took is told to all verifiers, or to the admins where there is no verifier.
    """
    tasks = db.session.scalars(
        select(VerificationTask)
        .where(VerificationTask.told_at.is_(None), VerificationTask.closed_at.is_(None))
        .order_by(VerificationTask.id)
    ).all()
    if not tasks:
        return 0
    everybody = active_accounts(VERIFIER) or active_accounts(ADMIN)
    by_account: dict[str, list[VerificationTask]] = defaultdict(list)
    for task in tasks:
        owner = db.session.get(Account, task.assigned_to) if task.assigned_to else None
        for account in [owner] if owner and owner.active else everybody:
            by_account[account.email].append(task)
        task.told_at = datetime.now(UTC)
    for email, waiting in sorted(by_account.items()):
        queue_mail(email, f"{count_of(len(waiting), 'new task')} at the verifier's desk", _letter(waiting))
    db.session.commit()
    return len(by_account)


def _letter(tasks: Sequence[VerificationTask]) -> str:
    kinds = Counter(TaskKind(task.kind) for task in tasks)
    lines = [f"{TASK_KINDS[kind]}: {kinds[kind]}" for kind in TaskKind if kinds[kind]]
    urgent = sorted(tasks, key=lambda task: list(TaskKind).index(TaskKind(task.kind)))
    lines += ["", *(f"- {task.sentence} (NPI {task.npi})" for task in urgent[:MAX_LISTED])]
    if len(tasks) > MAX_LISTED:
        lines.append(f"... and {len(tasks) - MAX_LISTED} more.")
    return "\n".join([*lines, "", f"{current_app.config['SITE_URL']}/admin/verify", ""])
