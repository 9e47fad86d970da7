"""The pages of what can be pinned."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from foundation.fetching.fetch import FetchRejected
from interactions.forms.buttons import ButtonStyleForm
from interactions.forms.sites import EntityForm, EntityWordsForm, PictureForm
from interactions.models import Entity
from interactions.policy.button_styles import stylesheet
from interactions.policy.snippets import Button, snippets_for
from interactions.selectors.sites import entity_of
from interactions.services import sites
from interactions.services.pictures import read_picture
from interactions.services.sites import KnownAlready, PageElsewhere
from interactions.views.sites import find_site
from pinterest.media.images import FIRST_OF_SEVERAL, ImageRejected


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def entity_new(request: MemberRequest, key: str) -> HttpResponse:
    """Add a page and its picture."""
    site = find_site(request, key)
    form = EntityForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        data, image_url = form.picture()
        try:
            entity = sites.add_entity(
                site=site,
                by=request.user,
                title=words["title"],
                page_url=words["page_url"],
                description=words["description"],
                data=data,
                image_url=image_url,
                now=timezone.now(),
            )
        except PageElsewhere as error:
            form.add_error("page_url", str(error))
        except KnownAlready as error:
            form.add_error(None, str(error))
        except (FetchRejected, ImageRejected) as error:
            form.add_error("image" if data else "image_url", str(error))
        else:
            messages.success(request, f"“{entity}” can be pinned. Copy its button to its page.")
            return redirect("entity_detail", entity.key)
    context = {
        "form": form,
        "title": "Something to pin",
        "back_url": reverse("site_detail", args=[site.key]),
        "has_files": True,
    }
    return render(request, "interactions/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_view()
def entity_detail(request: MemberRequest, key: str) -> HttpResponse:
    """What can be pinned, and the button to copy."""
    if request.method == "POST":
        return _save_words(request, key)
    entity = find_entity(request, key)
    return _page(request, entity, EntityWordsForm(instance=entity))


@member_view(Role.EDITOR)
def _save_words(request: MemberRequest, key: str) -> HttpResponse:
    entity = find_entity(request, key)
    form = EntityWordsForm(request.POST, instance=find_entity(request, key))
    if not form.is_valid():
        return _page(request, entity, form)
    try:
        sites.change_entity(entity=entity, by=request.user, **form.cleaned_data)
    except (PageElsewhere, KnownAlready) as error:
        form.add_error("page_url", str(error))
        return _page(request, entity, form)
    messages.success(request, "Saved. Copy the button again to use the new words.")
    return redirect("entity_detail", entity.key)


@require_POST
@member_view(Role.EDITOR)
def entity_archive(request: MemberRequest, key: str) -> HttpResponse:
    """Offer it no more, or with `again` once more."""
    entity = find_entity(request, key)
    if request.POST.get("again"):
        sites.offer_again(entity=entity, by=request.user)
        messages.success(request, f"“{entity}” is offered again.")
        return redirect("entity_detail", entity.key)
    sites.archive_entity(entity=entity, by=request.user, now=timezone.now())
    messages.success(request, f"“{entity}” is offered no more. Its picture stays for its Pins.")
    return redirect("site_detail", entity.site.key)


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def entity_new_picture(request: MemberRequest, key: str) -> HttpResponse:
    """Give it another picture."""
    entity = find_entity(request, key)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data, image_url = form.picture()
        try:
            sites.replace_picture(entity=entity, by=request.user, data=data, image_url=image_url)
        except (KnownAlready, FetchRejected, ImageRejected) as error:
            form.add_error("image" if data else "image_url", str(error))
        else:
            messages.success(request, "The picture is replaced. Its addresses lead to the new one.")
            return redirect("entity_detail", entity.key)
    context = {
        "form": form,
        "title": f"Another picture of {entity}",
        "back_url": reverse("entity_detail", args=[entity.key]),
        "has_files": True,
    }
    return render(request, "interactions/form.html", context, status=422 if form.errors else 200)


@require_GET
@member_view()
def entity_picture(request: MemberRequest, key: str) -> HttpResponse:
    """The picture, for members."""
    entity = find_entity(request, key)
    try:
        data = read_picture(entity.file_name)
    except OSError:
        raise Http404 from None
    answer = HttpResponse(data, content_type=entity.content_type)
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@require_GET
@member_view()
def button_css(request: MemberRequest) -> HttpResponse:
    """The stylesheet of a button, as a publisher copies it, for the preview."""
    css = stylesheet(ButtonStyleForm(request.GET).style())
    answer = HttpResponse(css, content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def find_entity(request: MemberRequest, key: str) -> Entity:
    """The entity, if it is the workspace's. Raises Http404."""
    entity = entity_of(request.workspace, key)
    if entity is None:
        raise Http404
    return entity


def _page(request: MemberRequest, entity: Entity, form: EntityWordsForm) -> HttpResponse:
    may_edit = role_allows(request.membership.role, needed=Role.EDITOR)
    style_form = ButtonStyleForm(request.GET)
    style = style_form.style()
    picture = reverse("entity_picture", args=[entity.key])
    button = Button(
        site=entity.site.key,
        entity=entity.key,
        title=entity.title,
        page_url=entity.page_url,
        description=entity.description,
        media=entity.origin_url or urljoin(settings.PUBLIC_URL, plain_path(entity)),
    )
    context = {
        "entity": {"title": entity.title, "page_url": entity.page_url, "picture_url": picture},
        "width": entity.width,
        "height": entity.height,
        "picture_note": FIRST_OF_SEVERAL if entity.is_first_of_several else "",
        "back_url": reverse("site_detail", args=[entity.site.key]),
        "back_label": entity.site.name,
        "snippets": snippets_for(button, host=settings.PUBLIC_URL.rstrip("/"), style=style),
        "style_form": style_form,
        "preview": {
            "words": style.words,
            "css_class": style.css_class,
            "stylesheet_url": f"{reverse('button_css')}?{urlencode(asdict(style))}",
            "url": reverse("entity_detail", args=[entity.key]),
        },
        "form": form if may_edit else None,
        "is_archived": entity.archived_at is not None,
        "archive_url": reverse("entity_archive", args=[entity.key]) if may_edit else None,
        "new_picture_url": reverse("entity_new_picture", args=[entity.key]) if may_edit else None,
    }
    return render(
        request, "interactions/entity_detail.html", context, status=422 if form.errors else 200
    )


def plain_path(entity: Entity) -> str:
    """Where anybody may see an entity's plain picture."""
    return f"/interactions/pictures/{entity.key}.{entity.extension}"
