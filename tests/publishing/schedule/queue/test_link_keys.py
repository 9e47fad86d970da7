"""Keys of links that were made by older rules are made anew."""

from importlib import import_module

import pytest
from django.apps import apps

from publishing.models import Pin
from publishing.pins.policy.normalise import link_key

pytestmark = pytest.mark.django_db
read_anew = import_module("publishing.migrations.0017_hosts_of_links").read_anew


def test_keys_of_links_follow_the_rules_of_today(write_pin):
    street = write_pin(link="https://straße.example/bowl", at=None)
    plain = write_pin(link="https://shop.example/bowl", at=None)
    without = write_pin(link="", at=None)
    Pin.objects.filter(pk=street.pk).update(link_key=link_key("https://strasse.example/bowl"))
    read_anew(apps, None)
    for pin in (street, plain, without):
        pin.refresh_from_db()
        assert pin.link_key == link_key(pin.link)
    assert street.link_key == link_key("https://xn--strae-oqa.example/bowl")
