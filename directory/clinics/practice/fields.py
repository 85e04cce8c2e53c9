"""Fields of the clinic's forms: sums of money, the address of a website."""

from decimal import Decimal

from directory.providers.websites import SENTENCE, checked_website
from directory.web.typed_fields import TypedField, typed_number

MAX_USD = Decimal(99_999)


class DollarsField(TypedField):
    """A sum in US dollars, from 0 up, with cents if need be."""

    sentence = f"Type dollars, such as 250 or 12.50, up to {MAX_USD:,}."

    @property
    def shown(self) -> str:
        if isinstance(self.data, Decimal) and not self.raw_data:
            return f"{self.data:.0f}" if self.data == self.data.to_integral_value() else f"{self.data:.2f}"
        return super().shown

    def read(self, text: str) -> Decimal:
        amount = typed_number(text.removeprefix("$").strip())
        if amount is None or amount > MAX_USD or amount != round(amount, 2):
            raise ValueError(self.sentence)
        return amount


class WebsiteField(TypedField):
    """The address of a website, as it is kept."""

    sentence = SENTENCE

    def read(self, text: str) -> str:
        return checked_website(text)
