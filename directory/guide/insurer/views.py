"""The page: questions for a call to the insurer, with the codes of the product that the address names."""

from flask import Blueprint, Response, make_response, request

from directory.guide.codes import BOTH_SIDES, DIAGNOSIS, GUIDANCE, PROCEDURE, PRODUCT_CODES
from directory.guide.page import render_guide
from directory.providers.offerings import PRODUCTS

blueprint = Blueprint("insurer", __name__, url_prefix="/guide/insurer")


@blueprint.get("")
def page() -> Response:
    """Without a product, or with one that is not known, all five stand on the sheet."""
    typed = request.args.get("product", "")
    product = typed if typed in PRODUCTS else None
    is_unknown = bool(typed) and product is None
    shown = render_guide(
        "guide/insurer/page.html",
        "insurer",
        product=product,
        is_unknown=is_unknown,
        products=PRODUCTS,
        product_choices=[(key, name, key == product) for key, name in PRODUCTS.items()],
        product_codes=PRODUCT_CODES,
        diagnosis=DIAGNOSIS,
        procedure=PROCEDURE,
        both_sides=BOTH_SIDES,
        guidance=GUIDANCE,
    )
    return make_response(shown, 400 if is_unknown else 200)
