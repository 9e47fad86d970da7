from urllib.parse import urlsplit

from django.db import migrations

from interactions.policy.origins import read_origin


def read_anew(apps, _schema_editor):
    """Addresses of sites that were kept under another name than browsers send.

    What was typed for a site is not kept, what was typed for its pages is: a page at
    `straße.example` of a site with the address `strasse.example` says which was meant.
    """
    for site in apps.get_model('interactions', 'Site').objects.all():
        written = {*site.entities.values_list('page_url', flat=True).distinct()}
        written |= {*site.lists.filter(is_sitemap=True).values_list('name', flat=True)}
        meant = dict(_renamed(written))
        really_there = {read_origin(address) for address in written}
        origins = []
        for origin in site.origins:
            if origin not in meant or origin in really_there:
                origins.append(origin)
            if origin in meant:
                origins.append(meant[origin])
        origins = list(dict.fromkeys(origins))
        if origins != site.origins:
            site.origins = origins
            site.save(update_fields=['origins'])


def _renamed(addresses):
    """The origin as it was read before, and as it is."""
    for address in addresses:
        before, now = _origin_of_2003(address), read_origin(address)
        if before and now and before != now:
            yield before, now


def _origin_of_2003(address):
    try:
        parts = urlsplit(address)
        host = (parts.hostname or '').encode('idna').decode('ascii')
        port = parts.port
    except ValueError:
        return None
    if not host or ':' in host:
        return None
    is_default = port in (None, {'http': 80, 'https': 443}.get(parts.scheme))
    return f"{parts.scheme}://{host}" + ('' if is_default else f':{port}')


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0008_one_line_names'),
    ]

    operations = [
        migrations.RunPython(read_anew, migrations.RunPython.noop),
    ]
