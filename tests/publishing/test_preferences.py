"""The workspace's publishing preferences: what they are, who may change them."""

import pytest

from publishing.models import PublishingPreferences
from publishing.selectors.preferences import preferences_of

pytestmark = pytest.mark.django_db


def test_a_workspace_that_has_chosen_nothing_has_the_defaults(workspace):
    found = preferences_of(workspace)
    assert (found.late_way, found.late_spacing_minutes, found.late_hold_hours) == ("spread", 10, 24)
    assert (found.missing_time, found.doubled_time) == ("later", "first")
    assert (found.repeat_days, found.board_interval_hours, found.alarm_mails) == (7, 24, True)
    assert PublishingPreferences.objects.count() == 0


def test_a_workspace_has_its_own_preferences(workspace, stranger):
    elsewhere = stranger.memberships.get().workspace
    PublishingPreferences.objects.create(workspace=elsewhere, repeat_days=1)
    PublishingPreferences.objects.create(workspace=workspace, repeat_days=30)
    assert preferences_of(workspace).repeat_days == 30
