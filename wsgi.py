"""What a WSGI server and the `flask` command serve, started quickly."""

import gc
import sys

gc.disable()  # what is imported stays: to look for garbage in it takes a seventh of the start
sys.modules["webauthn"] = None  # type: ignore[assignment]  # Flask-Security would import it for passkeys of its own
import flask_security  # noqa: E402, F401

del sys.modules["webauthn"]  # ours import it when one is used (docs/decisions/0005-passkeys.md)
from directory import create_app  # noqa: E402

app = create_app()
gc.freeze()
gc.enable()
