"""What a worker reads of the Pin in its hand."""

from publishing.delivery.selectors.claimed import claimed_pin
from publishing.delivery.services import claims
from publishing.models import AppStop, Attempt, Pin

APP = "1234567"
ASIDE = ("connection", "board", "section", "media", "video")


def test_a_claimed_pin_is_read_whole_and_at_once(write_pin, django_assert_num_queries, now):
    pin = write_pin()
    claims.claim_due(now=now, limit=10)
    whole = Pin.objects.select_related(*ASIDE).get(pk=pin.pk)
    with django_assert_num_queries(1):
        claimed = claimed_pin(str(pin.pk), app_id=APP)
        assert columns_of(claimed.pin) == columns_of(whole)
        for part in ASIDE:
            assert columns_of(getattr(claimed.pin, part)) == columns_of(getattr(whole, part))
    assert (claimed.pin.connection.scopes, claimed.attempts, claimed.is_stopped) == (
        whole.connection.scopes,
        0,
        False,
    )
    assert claimed.pin.pk == pin.pk


def test_a_claimed_pin_knows_its_tries_and_the_stop(write_pin, now):
    pin = write_pin()
    assert claimed_pin(str(pin.pk), app_id=APP) is None  # nobody has it in hand
    claims.claim_due(now=now, limit=10)
    tried = {"worker": "w", "started_at": now, "finished_at": now, "outcome": "refused"}
    for number in (1, 2):
        Attempt.objects.create(pin=pin, number=number, **tried)
    AppStop.objects.create(app_id=APP, since=now, reason="x", message="m", remedy="r")
    ours, others = (claimed_pin(str(pin.pk), app_id=app) for app in (APP, "7654321"))
    assert (ours.attempts, ours.is_stopped, others.is_stopped) == (2, True, False)


def columns_of(row):
    if row is None:
        return None
    assert not row.get_deferred_fields()
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
