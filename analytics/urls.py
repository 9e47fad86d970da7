"""URLs of the analytics app, below /analytics/. The page itself is put together by pinapp."""

from django.urls import path, re_path

from analytics.views import digests, files, pins

urlpatterns = [
    path("report.csv", files.report_csv, name="analytics_csv"),
    re_path(
        r"^accounts/(?P<account_id>\d{1,32})/pins/(?P<pin_id>\d{1,32})/$",
        pins.pin_figures,
        name="analytics_pin",
    ),
    path("digest/", digests.digest, name="analytics_digest"),
    path("report.json", files.report_json, name="analytics_json"),
]
