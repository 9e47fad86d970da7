"""URLs of the publishing app, below /pins/."""

from django.urls import path

from publishing.views import (
    boards,
    calendar,
    compose,
    held,
    media,
    moves,
    pin_list,
    pins,
    queue,
    settling,
)

urlpatterns = [
    path("", pin_list.pin_list, name="pin_list"),
    path("calendar/", calendar.pin_calendar, name="pin_calendar"),
    path("new", compose.pin_new, name="pin_new"),
    path("media/", media.media_upload, name="media_upload"),
    path("media/from-url/", media.media_from_url, name="media_from_url"),
    path("media/<uuid:media_id>/", media.media_preview, name="media_preview"),
    path("boards/", boards.board_options, name="board_options"),
    path("boards/refresh/", boards.boards_refresh, name="boards_refresh"),
    path("queue/", queue.queue, name="queue"),
    path("queue/<uuid:connection_id>/slots/", queue.queue_slot_add, name="queue_slot_add"),
    path(
        "queue/<uuid:connection_id>/slots/<int:slot_id>/remove/",
        queue.queue_slot_remove,
        name="queue_slot_remove",
    ),
    path("queue/<uuid:connection_id>/copy/", queue.queue_day_copy, name="queue_day_copy"),
    path("queue/<uuid:connection_id>/preset/", queue.queue_preset, name="queue_preset"),
    path("<uuid:pin_id>/", pins.pin_detail, name="pin_detail"),
    path("<uuid:pin_id>/status/", pins.pin_status, name="pin_status"),
    path("held/", held.held_page, name="held_pins"),
    path("held/answer/", held.held_answer, name="held_answer"),
    path("held/space/", held.held_space, name="held_space"),
    path("held/space/give/", held.held_space_give, name="held_space_give"),
    path("resume/", settling.publishing_resume, name="publishing_resume"),
    path("<uuid:pin_id>/answer/", settling.pin_answer, name="pin_answer"),
    path("<uuid:pin_id>/move/", moves.pin_move, name="pin_move"),
    path("<uuid:pin_id>/edit/", compose.pin_edit, name="pin_edit"),
    path("<uuid:pin_id>/publish-now/", pins.pin_publish_now, name="pin_publish_now"),
    path("<uuid:pin_id>/unschedule/", pins.pin_unschedule, name="pin_unschedule"),
    path("<uuid:pin_id>/duplicate/", pins.pin_duplicate, name="pin_duplicate"),
    path("<uuid:pin_id>/delete/", pins.pin_delete, name="pin_delete"),
]
