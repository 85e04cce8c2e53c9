"""Encodings of files: UTF-8, with single bytes in that of Windows (cp1252); others are told to the person."""

import codecs

from directory.imports.reading.files import ImportFileError

UTF8_BOM = codecs.BOM_UTF8
UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WINDOWS_BYTES = "windows-bytes"
"""The error handler of codecs that reads a byte which is no UTF-8 in Windows' encoding (cp1252); U+FFFD if it is none
there either.
"""


def _windows_characters(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(WINDOWS_BYTES, _windows_characters)


def decoded(content: bytes) -> str | None:
    """`content` as text, its bytes that are no UTF-8 read in Windows' encoding; None when some are in neither."""
    text = content.decode(errors=WINDOWS_BYTES)
    return text if text.count("\ufffd") == content.count("\ufffd".encode()) else None


def refuse_utf16(label: str, start: bytes) -> None:
    """Raises `ImportFileError` when a file that starts so is in UTF-16, with or without a byte order mark."""
    if start.startswith(UTF16_BOMS) or b"\0" in start[:2]:
        raise ImportFileError(
            f"{label} is not UTF-8 (line 1, byte 1 of the file) but UTF-16: save it as UTF-8 or download it again. "
            "Nothing was changed."
        )


def cr_line_ends(label: str) -> ImportFileError:
    return ImportFileError(
        f"{label} ends its lines with CR only, as old Macs did: save it with the line ends of Windows or Unix. "
        "Nothing was changed."
    )
