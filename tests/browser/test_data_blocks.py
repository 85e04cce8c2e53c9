"""Data for machines stands within pages: the policy, which stops every script there, has nothing against it."""

import json

from tests.browser.conftest import OpenPage


def test_the_policy_lets_data_stand(open_page: OpenPage) -> None:
    page = open_page("/guide/questions")  # the fixture fails on anything that the policy reports
    blocks = page.locator('script[type="application/ld+json"]').all_text_contents()
    assert [json.loads(block)["@type"] for block in blocks] == ["MedicalWebPage", "FAQPage"]
