"""Mounts the apps."""

from django.contrib import admin
from django.urls import include, path, re_path

from health import views as health
from pinapp import analytics_files, analytics_page, views
from pinapp.demo import views as demo

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("", include("accounts.urls")),
    path("pins/", include("publishing.urls")),
    path("analytics/", analytics_page.analytics, name="analytics"),
    re_path(
        r"^analytics/(?P<name>pins|best-pins|boards|hours|followers)\.(?P<kind>csv|json)$",
        analytics_files.analytics_file,
        name="analytics_file",
    ),
    path("analytics/", include("analytics.urls")),
    path("interactions/", include("interactions.urls")),
    # Not allauth.urls: Pinterest is connected under /connections/ and is no way to sign in.
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("favicon.ico", views.favicon),
    # Answered ahead of these by HealthDoorMiddleware; listed here to have names.
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics_page, name="metrics"),
    path("demo/mail/", demo.mail_list, name="demo_mail"),
    path("demo/mail/<str:mail_id>/", demo.mail_detail, name="demo_mail_detail"),
]
