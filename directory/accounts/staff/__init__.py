"""What admins and other staff do about accounts: invitations, access, conflicts, and the pages of the log."""

from flask import Flask

from directory.accounts.roles import ADMIN, STAFF
from directory.accounts.staff import account_pages, conflict_page, invitation_page
from directory.accounts.staff.log import blueprint as log_blueprint
from directory.accounts.work import WorkLink, register_work


def init_app(app: Flask) -> None:
    """Register this part."""
    app.register_blueprint(account_pages.blueprint)
    app.register_blueprint(invitation_page.blueprint)
    app.register_blueprint(log_blueprint)
    app.register_blueprint(conflict_page.blueprint)
    register_work(app, WorkLink("Accounts", "staff_accounts.list_accounts", (ADMIN,)))
    register_work(app, WorkLink("The log", "audit_log.search", tuple(sorted(STAFF))))
    register_work(app, WorkLink("Your conflicts of interest", "conflicts.list_conflicts", tuple(sorted(STAFF))))
