"""A video whose cover is one of its frames has no picture of ours, and is complete all the same."""

import pytest

from publishing.bulk.selectors.bulk import bulk_rows
from publishing.holds.services.holds import HeldAnswer, publish_held
from publishing.models import Pin

pytestmark = pytest.mark.django_db


def test_a_held_video_with_a_frame_for_a_cover_goes_out_when_somebody_says_so(
    write_film, workspace, owner, now
):
    pin = write_film(media=None, cover_second=2)
    Pin.objects.filter(pk=pin.pk).update(status="held", held_reason="person", due_at=None)
    answer = publish_held(workspace=workspace, pin_ids=[pin.pk], by=owner, now=now)
    pin.refresh_from_db()
    assert (answer, pin.status, pin.due_at) == (HeldAnswer(done=1), "scheduled", now)


@pytest.mark.parametrize(("cover_second", "is_complete"), [(2, True), (None, False)])
def test_bulk_changes_know_a_video_that_has_its_cover(
    write_film, workspace, cover_second, is_complete
):
    pin = write_film(at=None, media=None, cover_second=cover_second)
    assert [row.is_complete for row in bulk_rows(workspace, [pin.pk])] == [is_complete]
