"""What a WSGI server and the `flask` command serve."""

import gc

gc.disable()  # what is imported stays: to look for garbage in it takes a seventh of the start
from directory import create_app  # noqa: E402

app = create_app()
gc.freeze()
gc.enable()
