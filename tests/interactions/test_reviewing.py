"""What people say of interactions: each word is a row, and nobody decides over another's unseen."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connections
from django.urls import reverse

from interactions.models import Evidence
from interactions.services.attaching import attach_pin
from interactions.services.reviewing import DecidedMeanwhile, review
from tests.interactions.test_results import interaction
from tests.publishing.rounds import in_threads

pytestmark = pytest.mark.django_db
LATER = timedelta(seconds=5)


@pytest.fixture
def found(site, entity, now):
    return interaction(site, entity, "click", at=now)


def words(found):
    """What was said, in order; none of it stands in the column of addresses."""
    rows = Evidence.objects.filter(interaction=found, kind="review").order_by("id")
    assert set(rows.values_list("address_key", flat=True)) <= {""}
    return list(rows.values_list("said_by__name", "verdict"))


def told(answer):
    return [(each.level_tag, str(each)) for each in get_messages(answer.wsgi_request)]


def decide(browser, found, *, seen, abuse="yes"):
    return browser.post(
        reverse("interaction_review", args=[found.pk]), {"abuse": abuse, "seen": seen}
    )


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_both_hear_how_it_stands(found, owner, editor, now):
    def said(by, is_abuse):
        def decided():
            try:
                review(interaction=found, by=by, is_abuse=is_abuse, now=now)
            except DecidedMeanwhile as refused:
                return str(refused)
            return ""

        return decided

    for _ in range(5):
        answers = in_threads(said(owner, is_abuse=True), said(editor, is_abuse=False))
        ((who, verdict),) = words(found)
        found.refresh_from_db()
        assert found.is_abuse is (verdict == "abuse")
        assert sorted(answers) == ["", f"{who} has just marked it as {verdict}, and it stays so."]
        Evidence.objects.filter(kind="review").delete()
    connections.close_all()


def test_whoever_decides_upon_an_old_page_is_told_what_was_decided(
    found, sign_in, owner, editor, now
):
    page = sign_in(editor).get(reverse("interaction_detail", args=[found.pk]))
    assert page.context["review_seen"] == 0
    decide(sign_in(owner), found, seen=0)
    answer = decide(sign_in(editor), found, seen=0, abuse="no")
    stays = f"{owner} has just marked it as abuse, and it stays so."
    assert told(answer)[-1] == ("warning", f"{stays} Decide again if it should be otherwise.")
    found.refresh_from_db()
    assert (found.is_abuse, len(words(found))) == (True, 1)
    seen = sign_in(editor).get(reverse("interaction_detail", args=[found.pk]))
    decide(sign_in(editor), found, seen=seen.context["review_seen"], abuse="no")
    found.refresh_from_db()
    assert (found.is_abuse, words(found)) == (
        False,
        [(owner.name, "abuse"), (editor.name, "fine")],
    )


def test_one_who_says_two_words_in_a_minute_is_taken_at_the_last(found, owner, now):
    for is_abuse in (True, False, True):
        review(interaction=found, by=owner, is_abuse=is_abuse, now=now)
    found.refresh_from_db()
    assert (found.is_abuse, len(words(found))) == (True, 3)


def test_a_minute_later_another_may_decide_otherwise_unasked(found, owner, editor, now):
    review(interaction=found, by=owner, is_abuse=True, now=now)
    with pytest.raises(DecidedMeanwhile):
        review(interaction=found, by=editor, is_abuse=False, now=now + LATER)
    review(interaction=found, by=editor, is_abuse=False, now=now + timedelta(minutes=1))
    assert len(words(found)) == 2


@pytest.mark.parametrize("seen", ["", "x", "²", "-1"])
def test_a_page_that_does_not_say_what_it_showed_is_no_error(found, sign_in, owner, seen):
    assert decide(sign_in(owner), found, seen=seen).status_code == 302
    assert len(words(found)) == 1


def test_the_admin_tells_what_another_has_decided(found, site, entity, sign_in, owner, editor, now):
    other = interaction(site, entity, "click", at=now)
    review(interaction=found, by=editor, is_abuse=False, now=now)
    owner.is_staff = owner.is_superuser = True
    owner.save()
    answer = sign_in(owner).post(
        "/admin/interactions/interaction/",
        {"action": "mark_as_abuse", "_selected_action": [str(found.pk), str(other.pk)]},
    )
    assert sorted(told(answer)) == [
        ("success", "1 marked as abuse and not counted."),
        ("warning", f"{found}: {editor} has just marked it as fine, and it stays so."),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_which_pin_it_is_at_once_are_both_written_down(found, owner, editor, now):
    in_threads(
        *(
            lambda by=by, pin_id=pin_id: attach_pin(
                interaction=found, by=by, pin_id=pin_id, now=now
            )
            for by, pin_id in ((owner, "1"), (editor, "2"))
        )
    )
    told_pins = Evidence.objects.filter(interaction=found, kind="pin_told")
    assert set(told_pins.values_list("detail", "address_key")) == {("1", ""), ("2", "")}
