"""URLs of the analytics app, below /analytics/. The page itself is put together by pinapp."""

from django.urls import path, re_path

from analytics.views import digests, files, merges, pins, watching

urlpatterns = [
    path("report.csv", files.report_csv, name="analytics_csv"),
    path("report.json", files.report_json, name="analytics_json"),
    path("watch/", watching.watch_filters, name="analytics_watch"),
    path("read/", watching.read_now, name="analytics_read"),
    path("stop/", watching.stop_filters, name="analytics_stop"),
    path("reading/", watching.reading, name="analytics_reading"),
    path("merges/<int:succession_id>/", merges.merge, name="analytics_merge"),
    path("digest/", digests.digest, name="analytics_digest"),
    re_path(
        r"^accounts/(?P<account_id>[0-9]{1,32})/pins/(?P<pin_id>[0-9]{1,32})/$",
        pins.pin_figures,
        name="analytics_pin",
    ),
]
