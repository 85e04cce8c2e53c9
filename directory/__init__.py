"""A directory of providers around Torrance, California who treat neck spasms with botulinum toxin."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from directory import (
    accounts,
    audit,
    clinics,
    credentials,
    desk,
    guide,
    imports,
    jobs,
    mail,
    places,
    providers,
    reviews,
    search,
    seo,
    web,
)
from directory.config import ROOT, read_settings
from directory.extensions import Migrations, csrf, db, limiter
from directory.extensions import mail as mailman
from directory.web.commands import LazyCommand

FEATURES = (
    *(web, audit, mail, accounts, desk, clinics, providers, places),
    *(reviews, credentials, search, guide, seo, imports, jobs),
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The app, with settings from the environment; `overrides` are further Flask settings (tests use them)."""
    app = Flask(
        __name__,
        instance_path=str(ROOT / "instance"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(read_settings(os.environ))
    app.config.update(overrides or {})
    Path(app.instance_path).mkdir(exist_ok=True)
    db.init_app(app)
    app.extensions["migrate"] = Migrations(str(ROOT / "migrations"))
    csrf.init_app(app)
    limiter.init_app(app)
    mailman.init_app(app)
    for feature in FEATURES:
        feature.init_app(app)
    app.cli.add_command(LazyCommand("db", "flask_migrate.cli:db", "Perform database migrations."))
    app.cli.add_command(
        LazyCommand(
            "seed",
            "directory.seeding:seed_command",
            "Add the invented demonstration providers and reviews of seeds/.",
        )
    )
    return app
