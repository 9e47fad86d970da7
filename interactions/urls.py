"""URLs of the interactions app, below /interactions/. Public doors: `interactions.door`."""

from django.urls import path

from interactions.views import archives, entities, results, sites

urlpatterns = [
    path("", sites.site_list, name="interactions"),
    path("sites/new", sites.site_new, name="site_new"),
    path("sites/<slug:key>/", sites.site_detail, name="site_detail"),
    path("sites/<slug:key>/results/", results.site_results, name="site_results"),
    path("records/", results.interaction_list, name="interaction_list"),
    path("records/<uuid:interaction_id>/", results.interaction_detail, name="interaction_detail"),
    path(
        "records/<uuid:interaction_id>/review/",
        results.interaction_review,
        name="interaction_review",
    ),
    path("sites/<slug:key>/data/", archives.site_data, name="site_data"),
    path("sites/<slug:key>/data/export.ndjson", archives.site_export, name="site_export"),
    path("sites/<slug:key>/settings/", sites.site_settings, name="site_settings"),
    path("sites/<slug:key>/pause/", sites.site_pause, name="site_pause"),
    path("sites/<slug:key>/key/", sites.site_key, name="site_key"),
    path("sites/<slug:key>/entities/new", entities.entity_new, name="entity_new"),
    path("entities/<slug:key>/", entities.entity_detail, name="entity_detail"),
    path("entities/<slug:key>/picture/", entities.entity_picture, name="entity_picture"),
    path("entities/<slug:key>/archive/", entities.entity_archive, name="entity_archive"),
]
