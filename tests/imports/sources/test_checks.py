"""What is fetched is told from what is published beside it, by its columns."""

import zipfile
from pathlib import Path

import pytest

from directory.imports.asp import PAYMENT_LIMITS
from directory.imports.exclusions import leie, medi_cal
from directory.imports.nppes.provider_values import PROVIDERS
from directory.imports.nucc import TAXONOMY
from directory.imports.sources.checks import UnexpectedFileError, check_table

MEDI_CAL_COLUMNS = (medi_cal.LAST, medi_cal.LICENSE, medi_cal.NUMBERS, medi_cal.SUSPENDED)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("asp/asp_pricing_2025Q4.csv", PAYMENT_LIMITS.columns),
        ("leie/supplement_2016-01_slash_dates.csv", leie.COLUMNS),
        ("suspended/california_suspended_ineligible.csv", MEDI_CAL_COLUMNS),
        ("nppes/npidata_pfile_sample.csv", PROVIDERS.columns),
        ("nucc/nucc_taxonomy.csv", TAXONOMY.columns),
    ],
)
def test_real_files_pass(real_data: Path, name: str, columns: tuple[str, ...]) -> None:
    check_table(real_data / name, "", columns)


@pytest.mark.real_data
def test_the_prices_of_a_real_quarter_are_found_among_the_other_files_of_its_zip(
    real_data: Path, tmp_path: Path
) -> None:
    names = ("asp_crosswalk.csv", "noc_pricing.csv", "asp_pricing_2025Q4.csv")
    for count in (2, 3):
        with zipfile.ZipFile(tmp_path / f"{count}.zip", "w") as archive:
            for name in names[:count]:
                archive.write(real_data / "asp" / name, name)
    check_table(tmp_path / "3.zip", PAYMENT_LIMITS.prefix, PAYMENT_LIMITS.columns)
    with pytest.raises(UnexpectedFileError):
        check_table(tmp_path / "2.zip", PAYMENT_LIMITS.prefix, PAYMENT_LIMITS.columns)
