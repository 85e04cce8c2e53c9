"""The form, and the sheet made of it. Answers live in one request and its answer: not stored, not logged."""

from flask import Blueprint, Response, make_response, render_template, request

from directory.extensions import csrf
from directory.guide.citing import words_with_source
from directory.guide.contents import render_guide
from directory.guide.prepare.forms import PrepareForm
from directory.guide.prepare.questions import MAX_WORDS_LENGTH, SAFETY, URGENT_FACTS
from directory.guide.prepare.sheet import make_sheet
from directory.providers.models import Provider
from directory.providers.queries import public_provider_of
from directory.web.days import today_in_california

blueprint = Blueprint("prepare", __name__, url_prefix="/guide/prepare")


@blueprint.get("")
def show_form() -> str:
    return _form_page(PrepareForm(today_in_california()))


@blueprint.post("")
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def show_sheet() -> Response:
    """The sheet as a page or as a plain text; the form again to change something, or when something is wrong."""
    form, wanted = PrepareForm(today_in_california()), request.form.get("as")
    if wanted == "form":
        response = make_response(_form_page(form))
    elif not form.validate():
        response = make_response(_form_page(form), 400)
    elif wanted == "text":
        text = render_template(
            "guide/prepare/sheet.txt", sheet=make_sheet(form.answers), says=words_with_source, provider=_provider()
        )
        response = Response(text, content_type="text/plain; charset=utf-8")
        response.headers["Content-Disposition"] = "attachment; filename=consultation.txt"
    else:
        made = make_sheet(form.answers)
        response = make_response(
            render_guide("guide/prepare/sheet.html", "prepare", form=form, sheet=made, provider=_provider())
        )
    response.headers["Cache-Control"] = "no-store"
    return response


def _form_page(form: PrepareForm) -> str:
    return render_guide(
        "guide/prepare/page.html",
        "prepare",
        form=form,
        provider=_provider(),
        safety=SAFETY,
        longest=MAX_WORDS_LENGTH,
        urgent=[URGENT_FACTS[flag] for flag in form.red_flags.data],
    )


def _provider() -> Provider | None:
    """Whom the visit is to, where the person came from the provider's page."""
    return public_provider_of(request.values.get("npi", ""))
