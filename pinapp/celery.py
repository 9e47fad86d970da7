"""The Celery application and the whole beat table, each line with its reason."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, worker_init

from pinapp.private_files import keep_files_private
from publishing.pins.policy.leases import TICK

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pinapp.settings")

app = Celery("pinapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def close_files_to_others(**_kwargs: object) -> None:
    """A worker that is started without `make run` writes pictures too."""
    keep_files_private()


@worker_init.connect
def watch_worker(**_kwargs: object) -> None:
    """Give the worker its heartbeat; it needs models, which are not there when this is imported."""
    from health.worker import WatchedWorker  # noqa: PLC0415

    app.steps["consumer"].add(WatchedWorker)


app.conf.beat_schedule = {
    # Due Pins are found in the database twice a second, and what becomes due between two ticks is
    # handed out by the first. A tick nobody takes in time is worthless: the next one sees the
    # same rows.
    "hand-out-due-pins": {
        "task": "publishing.hand_out_due_pins",
        "schedule": TICK.total_seconds(),
        "kwargs": {"span_s": TICK.total_seconds()},
        "options": {"expires": 2},
    },
    # Videos travel to Pinterest ahead of their Pins, a step at a time, at the times their rows say.
    "prepare-videos": {
        "task": "publishing.prepare_videos",
        "schedule": 2.0,
        "options": {"expires": 2},
    },
    # A cover chosen a moment ago is drawn for lists and calendar, and so is one of before there
    # were any drawn.
    "draw-stills": {
        "task": "publishing.draw_stills",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    # Claims and sends whose worker died come back to a person's or the engine's attention.
    "recover-abandoned-pins": {
        "task": "publishing.recover_abandoned_pins",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    # Disconnecting an account holds its Pins at once; one may have been planned at that moment.
    "hold-stranded-pins": {
        "task": "publishing.hold_stranded_pins",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Pins whose fate is unknown are looked for on their board, at the times their rows say.
    "settle-uncertain-pins": {
        "task": "publishing.settle_uncertain_pins",
        "schedule": 2.0,
        "options": {"expires": 2},
    },
    # An import goes on by its own messages; this is for the one that got lost with its worker.
    "resume-imports": {
        "task": "publishing.resume_imports",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    # New plans, and Pins that go out in 30 and in 10 minutes, are looked at while there is time
    # to mend what would keep them from going out as meant.
    "preflight-pins": {
        "task": "publishing.preflight_pins",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    # Pins can be deleted at Pinterest without telling us; a look costs an account a few calls.
    "look-for-removed-pins": {
        "task": "publishing.look_for_removed_pins",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    # Addresses that claim to be Pinterest's are looked up soon after the fetch, never within it.
    "check-crawlers": {
        "task": "interactions.check_crawlers",
        "schedule": 2.0,
        "options": {"expires": 4},
    },
    # Pins of the workspace's own accounts confirm interactions; a look costs an account two calls.
    "look-for-pins": {
        "task": "interactions.look_for_pins",
        "schedule": 600.0,
        "options": {"expires": 500},
    },
    # Figures are due every six hours and after each midnight in UTC; their rows say when.
    "hand-out-due-figures": {
        "task": "analytics.hand_out_due",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    # Monday morning comes at another time in each zone.
    "send-digests": {
        "task": "analytics.send_digests",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    # A list of pages goes on by its own messages; this is for the one that got lost.
    "go-on-with-lists": {
        "task": "interactions.go_on_with_lists",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    # Millions of interactions go a batch at a time; their rows say what is left.
    "erase-asked": {
        "task": "interactions.erase_asked",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    # A web process carries its own spool over; this is for those that died.
    "drain-spool": {
        "task": "interactions.drain_spool",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    # Addresses of strangers are kept no longer than they are needed.
    "forget-addresses": {
        "task": "interactions.forget_addresses",
        "schedule": crontab(minute=27),
        "options": {"expires": 3000},
    },
    # Each site says how long it keeps interactions; a day more or less is nobody's loss.
    "forget-old-interactions": {
        "task": "interactions.forget_old",
        "schedule": crontab(hour=3, minute=11),
        "options": {"expires": 40_000},
    },
    # What happened is a row; a few seconds later it is in the inboxes of those it is meant for.
    "tell-people": {
        "task": "accounts.tell_people",
        "schedule": 3.0,
        "options": {"expires": 3},
    },
    # The first mail goes within half a minute, those after it bundled; their rows say when.
    "mail-people": {
        "task": "accounts.mail_people",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    # Half a year is kept of what people were told.
    "forget-events": {
        "task": "accounts.forget_events",
        "schedule": crontab(hour=2, minute=51),
        "options": {"expires": 40_000},
    },
    # Tokens live for 30 days and are renewed well ahead; hourly leaves hundreds of tries.
    "renew-ageing-tokens": {
        "task": "accounts.renew_ageing_tokens",
        "schedule": crontab(minute=17),
        "options": {"expires": 3000},
    },
    # Usernames, names and pictures are display data that people change at Pinterest.
    "refresh-profiles": {
        "task": "accounts.refresh_profiles",
        "schedule": crontab(minute=43),
        "options": {"expires": 3000},
    },
    # Boards are created, renamed and deleted at Pinterest without telling us.
    "refresh-boards": {
        "task": "publishing.refresh_boards",
        "schedule": crontab(minute="*/30"),
        "options": {"expires": 1500},
    },
}
