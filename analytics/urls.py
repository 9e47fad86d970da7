"""URLs of the analytics app, below /analytics/. The page itself is put together by pinapp."""

from django.urls import path

from analytics.views import files

urlpatterns = [
    path("report.csv", files.report_csv, name="analytics_csv"),
    path("report.json", files.report_json, name="analytics_json"),
]
