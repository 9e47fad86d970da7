"""URLs of the interactions app, below /interactions/. Public doors: `interactions.door`."""

from django.urls import path, re_path

from interactions.views import archives, entities, lists, records, results, sites

urlpatterns = [
    path("", sites.site_list, name="interactions"),
    path("sites/new", sites.site_new, name="site_new"),
    path("sites/<slug:key>/", sites.site_detail, name="site_detail"),
    path("sites/<slug:key>/results/", results.site_results, name="site_results"),
    path(
        "sites/<slug:key>/results/results.json", results.site_results_json, name="site_results_json"
    ),
    re_path(
        r"^sites/(?P<key>[-\w]+)/results/by-(?P<by>day|page|entity)\.csv$",
        results.site_results_csv,
        name="site_results_csv",
    ),
    path("records/", records.interaction_list, name="interaction_list"),
    path("records/export.csv", records.interactions_csv, name="interactions_csv"),
    path("records/export.ndjson", records.interactions_json, name="interactions_json"),
    path("records/<uuid:interaction_id>/pin/", records.interaction_pin, name="interaction_pin"),
    path("records/<uuid:interaction_id>/", records.interaction_detail, name="interaction_detail"),
    path(
        "records/<uuid:interaction_id>/review/",
        records.interaction_review,
        name="interaction_review",
    ),
    path("sites/<slug:key>/data/", archives.site_data, name="site_data"),
    path("sites/<slug:key>/data/erasing/", archives.erasing, name="site_erasing"),
    path("sites/<slug:key>/data/export.ndjson", archives.site_export, name="site_export"),
    path("sites/<slug:key>/settings/", sites.site_settings, name="site_settings"),
    path("sites/<slug:key>/pause/", sites.site_pause, name="site_pause"),
    path("sites/<slug:key>/key/", sites.site_key, name="site_key"),
    path("sites/<slug:key>/entities/new", entities.entity_new, name="entity_new"),
    path("button.css", entities.button_css, name="button_css"),
    path("entities/<slug:key>/", entities.entity_detail, name="entity_detail"),
    path("entities/<slug:key>/picture/", entities.entity_picture, name="entity_picture"),
    path("sites/<slug:key>/lists/new", lists.list_new, name="list_new"),
    path("lists/<uuid:list_id>/", lists.list_detail, name="list_detail"),
    path("lists/<uuid:list_id>/progress/", lists.list_progress, name="list_progress"),
    path("lists/<uuid:list_id>/encoding/", lists.list_encoding, name="list_encoding"),
    path("lists/<uuid:list_id>/start/", lists.list_start, name="list_start"),
    path("lists/<uuid:list_id>/stop/", lists.list_stop, name="list_stop"),
    path("lists/<uuid:list_id>/discard/", lists.list_discard, name="list_discard"),
    path("lists/<uuid:list_id>/failed.csv", lists.list_failed, name="list_failed"),
    path("entities/<slug:key>/picture/new", entities.entity_new_picture, name="entity_new_picture"),
    path("entities/<slug:key>/archive/", entities.entity_archive, name="entity_archive"),
]
