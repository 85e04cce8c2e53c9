"""Takes the README's picture, docs/img/search.png, of the demonstration data.

Run it with: .venv/bin/python scripts/screenshot.py
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from directory import create_app  # noqa: E402 (the project is not installed)
from directory.extensions import db  # noqa: E402
from directory.seeding import seed  # noqa: E402
from tests.serving import served  # noqa: E402

PICTURE = ROOT / "docs" / "img" / "search.png"
MAX_BYTES = 300_000
SIZE = {"width": 1280, "height": 1130}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def take_picture(address: str) -> None:
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(f"{address}/search?near=Torrance%2C+CA&specialty=treating&accepting=1")
        page.locator("#map .marker").first.wait_for()
        page.locator("#results .why > summary").first.click()
        page.wait_for_load_state("networkidle")
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/directory.sqlite3"})
        with app.app_context():
            db.create_all()
            seed()
            db.session.commit()
        with served(app) as address:
            take_picture(address)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size:,} bytes")
    if size > MAX_BYTES:
        raise SystemExit(f"The picture is larger than {MAX_BYTES:,} bytes. Make it smaller in SIZE.")


if __name__ == "__main__":
    main()
