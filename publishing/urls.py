"""URLs of the publishing app, below /pins/."""

from django.urls import path

from publishing.boards.views import board_desk, boards
from publishing.bulk.views import bulk
from publishing.composer.views import compose, hosts, schedule
from publishing.exports.views import exports
from publishing.handover.views import successions
from publishing.holds.views import held
from publishing.imports.views import imports, reading, row_form
from publishing.media.views import media, public_pictures, videos
from publishing.pages.views import pin, pin_list, preferences, timeline
from publishing.preflight.views import preflight
from publishing.reconcile.views import answers, removals
from publishing.schedule.views import calendar, moves, queue, rearranging, series

urlpatterns = [
    path("", pin_list.pin_list, name="pin_list"),
    path("bulk/", bulk.pin_bulk, name="pin_bulk"),
    path("calendar/", calendar.pin_calendar, name="pin_calendar"),
    path("new", compose.pin_new, name="pin_new"),
    path("media/", media.media_upload, name="media_upload"),
    path("media/from-url/", media.media_from_url, name="media_from_url"),
    path("media/<uuid:media_id>/", media.media_preview, name="media_preview"),
    path("videos/", videos.video_upload, name="video_upload"),
    path("videos/<uuid:video_id>/<int:second>/", videos.video_still, name="video_still"),
    path("videos/<uuid:video_id>/", videos.video_file, name="video_file"),
    path("boards/", boards.board_options, name="board_options"),
    path("boards/more/", schedule.more_boards, name="more_boards"),
    path("hosts/", hosts.host_letters, name="host_letters"),
    path("plan/", schedule.plan_preview, name="plan_preview"),
    path("boards/manage/", board_desk.board_desk, name="board_desk"),
    path("boards/manage/sync/", board_desk.board_sync, name="board_sync"),
    path("boards/manage/new/", board_desk.board_new, name="board_new"),
    path("boards/manage/move/", board_desk.stranded_move, name="stranded_move"),
    path("boards/manage/<int:board_id>/sections/", board_desk.section_new, name="section_new"),
    path(
        "boards/manage/sections/<int:section_id>/", board_desk.section_rename, name="section_rename"
    ),
    path("boards/refresh/", boards.boards_refresh, name="boards_refresh"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("queue/", queue.queue, name="queue"),
    path("queue/<uuid:connection_id>/slots/", queue.queue_slot_add, name="queue_slot_add"),
    path(
        "queue/<uuid:connection_id>/slots/<int:slot_id>/remove/",
        queue.queue_slot_remove,
        name="queue_slot_remove",
    ),
    path("queue/<uuid:connection_id>/copy/", queue.queue_day_copy, name="queue_day_copy"),
    path("queue/<uuid:connection_id>/arrange/", rearranging.queue_arrange, name="queue_arrange"),
    path("queue/<uuid:connection_id>/preset/", queue.queue_preset, name="queue_preset"),
    path("pictures/<str:name>", public_pictures.public_picture_file, name="public_picture"),
    path("export/", exports.export_page, name="pin_export"),
    path("export/pinterest.csv", exports.export_for_pinterest, name="pin_export_pinterest"),
    path("export/pinterest.zip", exports.export_archive, name="pin_export_archive"),
    path("export.csv", exports.export_csv, name="pin_export_csv"),
    path("export.json", exports.export_json, name="pin_export_json"),
    path("import/", imports.import_new, name="pin_import"),
    path("import/template.csv", imports.import_template, name="import_template"),
    path("import/<uuid:import_id>/", imports.import_detail, name="import_detail"),
    path("import/<uuid:import_id>/progress/", imports.import_progress, name="import_progress"),
    path("import/<uuid:import_id>/rows/<int:number>/", row_form.import_row, name="import_row"),
    path("import/<uuid:import_id>/encoding/", reading.import_encoding, name="import_encoding"),
    path("import/<uuid:import_id>/columns/", reading.import_columns, name="import_columns"),
    path("import/<uuid:import_id>/zone/", reading.import_zone, name="import_zone"),
    path(
        "import/<uuid:import_id>/day-order/",
        reading.import_day_order,
        name="import_day_order",
    ),
    path("import/<uuid:import_id>/repeats/", reading.import_repeats, name="import_repeats"),
    path("import/<uuid:import_id>/board/", imports.import_board, name="import_board"),
    path("import/<uuid:import_id>/account/", imports.import_account, name="import_account"),
    path("import/<uuid:import_id>/start/", imports.import_start, name="import_start"),
    path("import/<uuid:import_id>/discard/", imports.import_discard, name="import_discard"),
    path("import/<uuid:import_id>/to-mend.csv", imports.import_failed, name="import_failed"),
    path("<uuid:pin_id>/", pin.pin_detail, name="pin_detail"),
    path("<uuid:pin_id>/timeline.json", timeline.pin_timeline_json, name="pin_timeline_json"),
    path("<uuid:pin_id>/timeline.csv", timeline.pin_timeline_csv, name="pin_timeline_csv"),
    path("<uuid:pin_id>/status/", pin.pin_status, name="pin_status"),
    path("held/", held.held_page, name="held_pins"),
    path("held/answer/", held.held_answer, name="held_answer"),
    path("held/space/", held.held_space, name="held_space"),
    path("held/space/give/", held.held_space_give, name="held_space_give"),
    path("successions/<int:succession_id>/", successions.succession_page, name="succession"),
    path(
        "successions/<int:succession_id>/check/",
        successions.succession_check,
        name="succession_check",
    ),
    path(
        "successions/<int:succession_id>/schedule/",
        successions.succession_schedule,
        name="succession_schedule",
    ),
    path(
        "successions/<int:succession_id>/history/",
        successions.succession_history,
        name="succession_history",
    ),
    path("resume/", answers.publishing_resume, name="publishing_resume"),
    path("<uuid:pin_id>/answer/", answers.pin_answer, name="pin_answer"),
    path("<uuid:pin_id>/move/", moves.pin_move, name="pin_move"),
    path("<uuid:pin_id>/edit/", compose.pin_edit, name="pin_edit"),
    path("<uuid:pin_id>/publish-now/", pin.pin_publish_now, name="pin_publish_now"),
    path("<uuid:pin_id>/check/", preflight.pin_check, name="pin_check"),
    path("<uuid:pin_id>/link-is-fine/", preflight.pin_trust_link, name="pin_trust_link"),
    path("<uuid:pin_id>/unschedule/", pin.pin_unschedule, name="pin_unschedule"),
    path("<uuid:pin_id>/queue/", series.pin_queue, name="pin_queue"),
    path("<uuid:pin_id>/series/stop/", series.pin_series_stop, name="pin_series_stop"),
    path("<uuid:pin_id>/duplicate/", pin.pin_duplicate, name="pin_duplicate"),
    path("<uuid:pin_id>/delete/", pin.pin_delete, name="pin_delete"),
    path(
        "<uuid:pin_id>/delete-at-pinterest/", removals.pin_delete_remote, name="pin_delete_remote"
    ),
]
