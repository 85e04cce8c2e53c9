"""What people send is taken in harmless, or refused with a sentence; what is kept comes out as a download alone."""

import hashlib
import io
import stat
import zlib
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, PngImagePlugin
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from directory.web import uploads
from directory.web.uploads import CleanFile, UploadError, keep_file, read_upload, remove_file, send_kept

MAX_BYTES = 1024 * 1024
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
ORIENTATION = 0x0112


def _read(content: bytes, name: str = "visit", most_bytes: int = MAX_BYTES) -> CleanFile:
    return read_upload(FileStorage(io.BytesIO(content), name), most_bytes)


def _picture(kind: str, size: tuple[int, int] = (30, 20), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0).save(out, kind, **options)
    return out.getvalue()


def _pdf_with(dictionary: bytes) -> bytes:
    return PDF.replace(b"/Pages", dictionary + b" /Pages")


def _pdf_with_packed(objects: bytes, name: bytes = b"/ObjStm", filtered: bytes = b"/FlateDecode") -> bytes:
    packed = zlib.compress(objects)
    stream = b"<< /Type %s /N 1 /First 4 /Filter %s >>\nstream\n%s\nendstream" % (name, filtered, packed)
    return PDF.replace(b"trailer", b"3 0 obj\n" + stream + b"\nendobj\ntrailer")


@pytest.mark.parametrize(
    ("content", "media_type", "extension"),
    [
        (PDF, "application/pdf", ".pdf"),
        (_picture("PNG"), "image/png", ".png"),
        (_picture("JPEG"), "image/jpeg", ".jpg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_the_content_tells_the_type_and_never_the_name(content: bytes, media_type: str, extension: str) -> None:
    clean = _read(content, "page.html")
    assert (clean.media_type, clean.extension) == (media_type, extension)
    assert clean.sha256 == hashlib.sha256(clean.content).hexdigest()


def test_a_file_that_cannot_be_taken_is_refused_with_a_sentence(subtests: pytest.Subtests) -> None:
    for content, words in [
        (b"", "empty"),
        (b"x" * (MAX_BYTES + 1), "larger than 1 MB"),
        (b"<html><script>alert(1)</script></html>", "not a PDF, PNG or JPEG"),
        (b"GIF89a" + bytes(50), "not a PDF, PNG or JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PDF, PNG or JPEG"),
        (PDF[:-10], "damaged"),
        (_picture("PNG")[:50], "damaged"),
        (_picture("JPEG")[:-40], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "damaged"),
        (b"\xff\xd8\xff" + bytes(100), "damaged"),
    ]:
        with subtests.test(content=content), pytest.raises(UploadError, match=rf"{words}.*\. .*\.$"):
            _read(content)


def test_no_more_is_read_than_allowed_and_one_byte() -> None:
    stream = io.BytesIO(b"x" * 1000)
    with pytest.raises(UploadError):
        read_upload(FileStorage(stream, "visit"), 100)
    assert stream.tell() == 101


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_too_many_pixels_are_refused_before_they_are_unpacked(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_PIXELS", 30 * 20)
    _read(_picture(kind, (30, 20)))
    with pytest.raises(UploadError, match="million pixels"):
        _read(_picture(kind, (30, 21)))


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_PIXELS", 2_000_000)
    bomb = _picture("PNG", (2_001, 1_000), mode="1")
    assert len(bomb) < MAX_BYTES
    with pytest.raises(UploadError, match="2 million pixels"):
        _read(bomb)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_nothing_hidden_in_a_picture_is_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET place"
    options: dict[str, object] = {"exif": exif, "icc_profile": b"SECRET profile"}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", "SECRET text")
    else:
        options["comment"] = b"SECRET comment"
    sent = _picture(kind, **options) + b"SECRET after the end"
    assert sent.count(b"SECRET") == (3 if kind == "PNG" else 4)  # a PNG packs its color profile
    assert b"SECRET" not in _read(sent).content


def test_a_picture_is_kept_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was held on its side
    kept = Image.open(io.BytesIO(_read(_picture("JPEG", (30, 20), exif=exif)).content))
    assert kept.size == (20, 30)
    assert ORIENTATION not in kept.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    assert Image.open(io.BytesIO(_read(_picture("PNG", mode=mode)).content)).mode == "RGB"


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_is_taken(mode: str) -> None:
    assert Image.open(io.BytesIO(_read(_picture("JPEG", mode=mode)).content)).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    kept = Image.open(io.BytesIO(_read(_picture("PNG", mode="RGBA")).content))
    assert kept.getpixel((0, 0)) == (255, 255, 255)


def test_a_pdf_that_is_more_than_paper_is_refused(subtests: pytest.Subtests) -> None:
    for dictionary in [
        b"/OpenAction 3 0 R",
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        b"/AA << /O << /S /J#61vaScript >> >>",
        b"/A << /JS 7 0 R >>",
        b"/A << /S /Launch /F (calc.exe) >>",
        b"/Names << /EmbeddedFiles 4 0 R >>",
        b"/Type /EmbeddedFile",
        b"/AcroForm << /XFA 5 0 R >>",
        b"/Encrypt 9 0 R",
    ]:
        with subtests.test(dictionary=dictionary), pytest.raises(UploadError, match="script"):
            _read(_pdf_with(dictionary))


@pytest.mark.parametrize("name", [b"/ObjStm", b"/Obj#53tm"])
def test_a_script_in_a_packed_object_is_found(name: bytes) -> None:
    assert _read(_pdf_with_packed(b"1 0 << /Type /Page >>", name))
    with pytest.raises(UploadError, match="script"):
        _read(_pdf_with_packed(b"1 0 << /S /JavaScript /JS (x) >>", name))


def test_a_pdf_whose_objects_cannot_be_looked_into_is_refused() -> None:
    hidden = _pdf_with_packed(b"1 0 <<>>").replace(zlib.compress(b"1 0 <<>>"), b"7a6c6962>")
    with pytest.raises(UploadError, match="script"):
        _read(hidden)


@pytest.mark.parametrize(
    ("found", "replaced"),
    [(b"stream\nx", b"stream\nxendstream"), (b"endstream", b"")],
    ids=["ends too soon", "never ends"],
)
def test_a_pdf_whose_packed_objects_are_cut_off_is_refused(found: bytes, replaced: bytes) -> None:
    whole = _pdf_with_packed(bytes(range(256)))
    assert _read(whole)
    with pytest.raises(UploadError, match="script"):
        _read(whole.replace(found, replaced))


def test_a_pdf_whose_objects_unpack_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_MAX_UNPACKED", 32 * 1024)
    with pytest.raises(UploadError, match="script"):
        _read(_pdf_with_packed(bytes(33 * 1024)))


def test_a_pdf_may_name_the_page_to_open_at() -> None:
    assert _read(_pdf_with(b"/OpenAction [2 0 R /FitH null]")).extension == ".pdf"


def test_a_pdf_may_hold_links_and_the_letters_of_a_script_in_a_picture() -> None:
    assert _read(_pdf_with(b"/A << /S /URI /URI (https://example.org) >> /X (pay /JSmith)")).extension == ".pdf"


@pytest.fixture
def clean() -> CleanFile:
    return _read(PDF)


def test_a_kept_file_is_whole_and_for_the_app_alone(tmp_path: Path, clean: CleanFile) -> None:
    folder = tmp_path / "deep" / "proofs"
    name = keep_file(folder, clean)
    assert (folder / name).read_bytes() == clean.content
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [name]


def test_the_same_file_twice_gets_two_names(tmp_path: Path, clean: CleanFile) -> None:
    assert keep_file(tmp_path, clean) != keep_file(tmp_path, clean)


def test_removing_a_file_twice_is_fine(tmp_path: Path, clean: CleanFile) -> None:
    name = keep_file(tmp_path, clean)
    remove_file(tmp_path, name)
    remove_file(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../a.pdf", "/etc/passwd", "", ".", "a/b.pdf", "0" * 32 + ".exe", "0" * 32 + ".pdf\n"]
)
def test_a_name_that_is_not_of_ours_reaches_no_file(sqlite_app: Flask, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a kept file"):
        remove_file(tmp_path, name)
    with sqlite_app.test_request_context(), pytest.raises(NotFound):
        send_kept(tmp_path, name, "proof.pdf")


@pytest.mark.own_app
def test_a_kept_file_is_sent_as_a_download_that_nobody_caches_or_runs(
    sqlite_app: Flask, tmp_path: Path, clean: CleanFile
) -> None:
    name = keep_file(tmp_path, clean)
    sqlite_app.add_url_rule("/proof", "proof", lambda: send_kept(tmp_path, name, "proof of visit.pdf"))
    answer = sqlite_app.test_client().get("/proof")
    assert answer.data == clean.content
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="proof of visit.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    remove_file(tmp_path, name)
    assert sqlite_app.test_client().get("/proof").status_code == 404
