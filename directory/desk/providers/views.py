"""The staff's pages of providers."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required, signed_in_account
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN, STAFF, VERIFIER
from directory.audit.formats import act_in_words
from directory.audit.queries import latest_events
from directory.desk.eligibility import refusal_to, refuse_ineligible
from directory.desk.providers import actions
from directory.desk.providers.forms import HINTS, LABELS, AddForm, FieldsForm, ReasonForm, WebsiteForm, in_words
from directory.desk.providers.queries import KINDS, ProviderChoice, ProviderKind, found_providers, merges_into
from directory.desk.providers.unplaced import WHAT_TO_DO, UnplacedChoice, unplaced_locations, why_unplaced
from directory.desk.queue import option_of, search_words
from directory.extensions import db
from directory.places.place import WhyUnplaced
from directory.providers import merging
from directory.providers.actions import DoubtfulFieldsError, hide_provider, set_website, show_provider_again
from directory.providers.adding import add_provider
from directory.providers.corrections import CorrectionError
from directory.providers.merge_plan import plan_merge
from directory.providers.merging import UNDO_DAYS, merge_of, merge_providers, why_not_merged, why_not_undone
from directory.providers.models import Provider, ProviderMerge
from directory.providers.placing import REASONS
from directory.providers.queries import provider_of, specialty_names
from directory.web.forms import mistakes_of
from directory.web.pagination import asked_page
from directory.web.refusals import RefusalError, ValidationFailedError
from directory.web.transaction import EditConflictError, transaction

blueprint = Blueprint("provider_desk", __name__, url_prefix="/admin/providers")
EDITORS = (VERIFIER, ADMIN)
EVENTS_SHOWN = 10


@blueprint.get("")
@role_required(*sorted(STAFF))
def list_providers() -> str:
    choice = ProviderChoice(
        page=asked_page(request.args),
        kind=option_of(ProviderKind, request.args.get("kind")),
        name=search_words(request.args.get("name")),
        city=search_words(request.args.get("city")),
    )
    queue = found_providers(choice)
    return render_template(
        "desk/providers/list.html",
        heading="Providers",
        queue=queue,
        choice=choice,
        kinds=KINDS,
        may_edit=signed_in_account().may(*EDITORS),
        shows_demonstration=any(provider.is_demonstration for provider in queue.items),
    )


@blueprint.get("/unplaced")
@role_required(*sorted(STAFF))
def list_unplaced() -> str:
    """Show the practice locations whose address was not found, and why."""
    kind = option_of(WhyUnplaced, request.args.get("kind"))
    choice = UnplacedChoice(page=asked_page(request.args), kind=kind)
    queue = unplaced_locations(choice)
    return render_template(
        "desk/providers/unplaced.html",
        heading="Addresses not found",
        queue=queue,
        choice=choice,
        kinds={why: name for why, name in REASONS.items() if queue.counts[why] or why == kind},
        what_to_do=WHAT_TO_DO,
        may_edit=signed_in_account().may(*EDITORS),
        shows_demonstration=any(line.provider.is_demonstration for line in queue.items),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@role_required(*EDITORS)
def add() -> ResponseReturnValue:
    form = AddForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        npi = (form.npi.data or "").replace(" ", "")
        try:
            with transaction():
                add_provider(current_actor(), npi, form.names, form.specialties, form.address)
        except ValidationFailedError as faulty:
            form.take({name: in_words(sentence) for name, sentence in faulty.faults.items()})
        else:
            flash("Added. It appears in searches now.", "success")
            return redirect(url_for(".show_provider", npi=npi), 303)
    npi = form.npi.data or ""
    page = render_template(
        "desk/providers/add.html",
        form=form,
        errors=mistakes_of(form),
        hints=HINTS,
        known=provider_of(npi) if form.npi.errors else None,
    )
    return page, 400 if form.errors else 200


@blueprint.get("/<npi>")
@role_required(*sorted(STAFF))
def show_provider(npi: str) -> str:
    return _provider_page(_known(npi))


@blueprint.route("/<npi>/name", endpoint="edit_name", methods=["GET", "POST"])
@blueprint.route("/<npi>/locations/<int:location_id>", endpoint="edit_location", methods=["GET", "POST"])
@role_required(*EDITORS)
def edit(npi: str, location_id: int | None = None) -> ResponseReturnValue:
    """Show the fields of the provider's name or of one location, and take them."""
    provider, refusal = _known(npi), _refusal(npi)
    location = next((each for each in provider.locations if each.id == location_id), None)
    if location_id is not None and location is None:
        abort(404)
    form = FieldsForm(actions.field_values(location or provider), request.form if request.method == "POST" else None)
    others: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        status = 400
        if not form.changed:
            flash("Nothing was changed, so nothing was saved.", "info")
            return redirect(url_for(".show_provider", npi=npi), 303)
        if form.validate():
            try:
                with transaction():
                    actions.edit_fields(
                        current_actor(), npi, location_id, form.changed, form.shown, form.reason.data, form.confirmed
                    )
                return _done(npi, "Saved. The page shows it now, and imports won’t overwrite it.")
            except DoubtfulFieldsError as doubtful:
                form.doubts = {name: in_words(sentence) for name, sentence in doubtful.faults.items()}
                form.take(form.doubts)
            except ValidationFailedError as faulty:
                form.take({name: in_words(sentence) for name, sentence in faulty.faults.items()})
            except actions.FieldsChangedError as changed:
                others, status = changed.now, 409
                form.shown |= others
            except RefusalError as error:
                refusal, status = str(error), 409
    page = render_template(
        "desk/providers/edit.html",
        provider=provider,
        location=location,
        form=form,
        errors=mistakes_of(form),
        labels=LABELS,
        hints=HINTS,
        refusal=refusal,
        others=others,
        shows_demonstration=provider.is_demonstration,
    )
    return page, status


@blueprint.route("/<npi>/website", methods=["GET", "POST"])
@role_required(*EDITORS)
def edit_website(npi: str) -> ResponseReturnValue:
    provider = _known(npi)
    form = WebsiteForm(request.form or None, url=provider.website.url if provider.website else "")
    refusal, status = _refusal(npi), 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                with transaction():
                    refuse_ineligible(current_actor(), npi)
                    set_website(current_actor(), npi, form.url.data or "", form.reason.data)
            except CorrectionError as error:
                form.take({"url": str(error)})
            except RefusalError as error:
                refusal, status = str(error), 409
            else:
                return _done(npi, "The website was saved.")
    page = render_template(
        "desk/providers/website.html",
        provider=provider,
        form=form,
        errors=mistakes_of(form),
        refusal=refusal,
        shows_demonstration=provider.is_demonstration,
    )
    return page, status


@blueprint.post("/<npi>/corrections/<int:correction_id>/undo")
@role_required(*EDITORS)
def undo_correction(npi: str, correction_id: int) -> ResponseReturnValue:
    provider = _known(npi)
    try:
        with transaction():
            field = actions.take_back_correction(current_actor(), npi, correction_id)
    except RefusalError as refusal:
        return _provider_page(provider, str(refusal)), 409
    return _done(npi, f"{LABELS[field]}: the imported value is back.")


@blueprint.post("/<npi>/hide")
@role_required(ADMIN)
def hide(npi: str) -> ResponseReturnValue:
    return _act(npi, hide_provider, "Hidden. Its page says so, and it no longer appears in searches.")


@blueprint.post("/<npi>/show")
@role_required(ADMIN)
def show_again(npi: str) -> ResponseReturnValue:
    return _act(npi, show_provider_again, "Shown again. It appears in searches now.")


@blueprint.route("/<npi>/merge", methods=["GET", "POST"])
@role_required(ADMIN)
def merge(npi: str) -> ResponseReturnValue:
    """Say what merging into the provider `into` would move; once that is sent with a reason, merge."""
    provider, form = _known(npi), ReasonForm(request.form)
    into = provider_of(_asked_npi())
    if request.method == "GET" or into is None or not form.validate():
        return _merge_page(provider, form)
    try:
        with transaction():
            for each in (npi, into.npi):
                refuse_ineligible(current_actor(), each)
            merge_providers(current_actor(), npi, into.npi, request.form.get("digest", ""), form.reason.data)
    except RefusalError as refusal:
        return _merge_page(provider, form, str(refusal))
    except EditConflictError:
        return _merge_page(provider, form, "What would move has changed since you opened this page. Check it again.")
    flash(f"Merged. You can undo it for {UNDO_DAYS} days.", "success")
    return redirect(url_for(".show_provider", npi=npi), 303)


@blueprint.post("/<npi>/merges/<int:merge_id>/undo")
@role_required(ADMIN)
def undo_merge(npi: str, merge_id: int) -> ResponseReturnValue:
    """Undo a merge of this provider."""
    undone = db.session.get(ProviderMerge, merge_id)
    if undone is None or undone.npi != npi:
        abort(404)

    def act(actor: str, _npi: str, reason: str) -> str:
        refuse_ineligible(actor, undone.into_npi)
        lost = merging.undo_merge(actor, undone, reason)
        if not lost:
            return "Undone. Everything that moved is back."
        return f"Undone. {lost:,} of the things that moved no longer exist or moved again; everything else is back."

    return _act(npi, act)


def _act(npi: str, act: Callable[[str, str, str], str | None], done: str = "") -> ResponseReturnValue:
    """Do something for a typed reason, and say what `act` returns or else `done`."""
    provider, form = _known(npi), ReasonForm(request.form)
    if not form.validate():
        return _provider_page(provider, reason=form), 400
    try:
        with transaction():
            refuse_ineligible(current_actor(), npi)
            said = act(current_actor(), npi, form.reason.data)
    except RefusalError as refusal:
        return _provider_page(provider, str(refusal), form), 409
    return _done(npi, said or done)


def _done(npi: str, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for(".show_provider", npi=npi), 303)


def _merge_page(provider: Provider, form: ReasonForm, refusal: str | None = None) -> ResponseReturnValue:
    typed = _asked_npi()
    into = provider_of(typed) if typed else None
    unknown = None if into or not typed else f"No provider with NPI {typed} is in the directory."
    closed = _refusal(provider.npi) or (into and (why_not_merged(provider, into) or _refusal(into.npi)))
    plan = plan_merge(provider.npi, into.npi) if into and not closed else None
    errors = [*([("into", unknown)] if unknown else []), *mistakes_of(form)]
    codes = [each.specialty_code for side in (provider, into) if side for each in side.specialties]
    page = render_template(
        "desk/providers/merge.html",
        provider=provider,
        into=into,
        typed=typed,
        unknown=unknown,
        form=form,
        errors=errors,
        refusal=refusal,
        closed=closed,
        plan=plan,
        specialty_names=specialty_names(codes),
        undo_days=UNDO_DAYS,
        shows_demonstration=provider.is_demonstration,
    )
    return page, 409 if refusal else 400 if errors else 200


def _provider_page(provider: Provider, refusal: str | None = None, reason: ReasonForm | None = None) -> str:
    npi, own_merge = provider.npi, merge_of(provider.npi)
    merges = merges_into(npi)
    events = latest_events(subject=f"provider:{npi}", limit=EVENTS_SHOWN)
    form = reason or ReasonForm()
    return render_template(
        "desk/providers/provider.html",
        provider=provider,
        specialty_names=specialty_names([each.specialty_code for each in provider.specialties]),
        labels=LABELS,
        why_unplaced={location_id: WHAT_TO_DO[why] for location_id, why in why_unplaced(npi).items()},
        own_merge=own_merge,
        why_not_undone=why_not_undone(own_merge) if own_merge else None,
        merges=merges,
        merged={each.npi: db.session.get_one(Provider, each.npi).name for each in merges},
        undo_days=UNDO_DAYS,
        events=events,
        act_in_words=act_in_words,
        names=names_of([*(event.actor for event in events), *(each.merged_by for each in merges)]),
        refusal=refusal,
        closed=_refusal(npi),
        form=form,
        errors=[("reason", sentence) for _, sentence in mistakes_of(form)],
        may_edit=signed_in_account().may(*EDITORS) and not provider.merged_into,
        may_hide=signed_in_account().may(ADMIN),
        shows_demonstration=provider.is_demonstration,
    )


def _asked_npi() -> str:
    return "".join(request.values.get("into", "").split())


def _refusal(npi: str) -> str | None:
    """Why the signed-in person may not change this provider, as a sentence."""
    refusal = refusal_to(current_actor(), npi)
    return str(refusal) if refusal else None


def _known(npi: str) -> Provider:
    return provider_of(npi) or abort(404)
