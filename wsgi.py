"""What a WSGI server and the `flask` command serve."""

from directory import create_app

app = create_app()
