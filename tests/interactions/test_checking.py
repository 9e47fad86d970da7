"""Who is Pinterest's crawler: by its names, outside of any request, three answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import Error, connection, transaction

from interactions.models import CrawlerAddress, Evidence, Interaction
from interactions.policy import crawler as rules
from interactions.policy.levels import Verdict
from interactions.services import checking, dns, reckoning
from interactions.services.checking import check_crawlers, forget_addresses
from interactions.services.dns import look_up
from interactions.services.spool import spool
from tests.interactions.asking import CRAWLER, PROXY, fetch, new_nonce
from tests.interactions.names import SERVFAIL, SILENCE, names

ADDRESS = "54.236.1.11"
SOON = timedelta(seconds=20)
"""The clock of a test goes on while it runs."""
NAME = "crawl-54-236-1-11.pinterest.com"


@pytest.fixture
def dns_server(settings, monkeypatch):
    with names() as server:
        settings.DNS_RESOLVER = server.place
        monkeypatch.setattr(dns, "_LIFETIME_S", 0.3)
        yield server


@pytest.fixture
def genuine(dns_server):
    """Pinterest's own address and name."""
    dns_server.point(ADDRESS, [f"{NAME}."])
    dns_server.lead(NAME, ADDRESS)
    return dns_server


@pytest.mark.parametrize(
    ("address", "ptr", "forward"),
    [
        (ADDRESS, [f"{NAME}."], {NAME: [ADDRESS]}),
        ("188.95.153.187", ["Crawl-BC5F99BB.PinterestCrawler.COM."], None),
        (ADDRESS, ["host.example.", f"{NAME}."], {NAME: [ADDRESS]}),
        (ADDRESS, [f"{NAME}."], {NAME: ["54.236.1.99", ADDRESS]}),
        (f"::ffff:{ADDRESS}", [f"{NAME}."], {NAME: [ADDRESS]}),
        ("2620:109::5", ["crawl-6.pinterest.com."], {"crawl-6.pinterest.com": ["2620:109::5"]}),
    ],
)
def test_a_name_that_leads_back_is_pinterest_s(dns_server, address, ptr, forward):
    """T3, T6."""
    plain = address.removeprefix("::ffff:")
    dns_server.point(plain, ptr)
    for name, addresses in (forward or {ptr[0]: [plain]}).items():
        dns_server.lead(name, *addresses, kind="AAAA" if ":" in plain else "A")
    found = look_up(address)
    assert (found.verdict, found.name) == (Verdict.YES, found.name.lower().rstrip("."))


@pytest.mark.parametrize(
    "name",
    [
        "evilpinterest.com",
        "pinterest.com.evil.example",
        "xpinterestcrawler.com",
        "pinterest.com",
        "crawl.pinterest.com.evil",
        "host.example",
        # Dots inside of a label, which stand in the text of a name like any other.
        r"a\.pinterest.com",
        r"crawl-8-8-4-4\.pinterest.com",
        r"crawl\.pinterestcrawler.com",
        r"crawl.pinterest\.com",
        r"crawl\.pinterest\.com.evil.example",
        # Below the domain, and no host's name.
        r"a\.b.pinterest.com",
        r"a\000.pinterest.com",
        r"a\ b.pinterest.com",
        "-a.pinterest.com",
    ],
)
def test_a_name_that_only_looks_like_it_is_not(dns_server, name):
    """T5: with a forward that matches."""
    dns_server.point("203.0.113.5", [f"{name}."])
    dns_server.point("8.8.4.4", [f"{name}."])
    dns_server.lead(name, "8.8.4.4")
    assert look_up("8.8.4.4").verdict is Verdict.NO


def test_a_name_that_leads_elsewhere_is_a_lie(dns_server):
    """T4."""
    dns_server.point("8.8.4.4", [f"{NAME}."])
    dns_server.lead(NAME, ADDRESS)
    assert look_up("8.8.4.4").verdict is Verdict.NO


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "x", ""])
def test_private_addresses_are_not_asked_about(dns_server, address):
    assert look_up(address).verdict is Verdict.NO
    assert dns_server.asked == []


def test_a_demo_may_allow_them(dns_server, settings):
    settings.CRAWLER_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    dns_server.point("127.0.0.54", ["crawl-127-0-0-54.pinterest.com."])
    dns_server.lead("crawl-127-0-0-54.pinterest.com", "127.0.0.54")
    assert look_up("127.0.0.54").verdict is Verdict.YES


@pytest.mark.parametrize(
    ("ptr", "forward", "verdict"),
    [
        (SILENCE, None, Verdict.UNKNOWN),
        (SERVFAIL, None, Verdict.UNKNOWN),
        (None, None, Verdict.NO),
        ([f"{NAME}."], SILENCE, Verdict.UNKNOWN),
        ([f"{NAME}."], SERVFAIL, Verdict.UNKNOWN),
    ],
)
def test_dns_that_fails_is_no_answer(dns_server, ptr, forward, verdict):
    """T7: unknown is never yes."""
    if ptr is not None:
        dns_server.point(ADDRESS, ptr)
    if forward is not None:
        dns_server.records[f"{NAME}.", "A"] = forward
    assert look_up(ADDRESS).verdict is verdict


def test_a_loop_of_names_is_no_yes(dns_server):
    """T7."""
    dns_server.point(ADDRESS, [f"{NAME}."])
    other = "b.pinterest.com."
    dns_server.records[f"{NAME}.", "CNAME"] = [other]
    dns_server.records[other, "CNAME"] = [f"{NAME}."]
    assert look_up(ADDRESS).verdict is not Verdict.YES


def test_of_many_names_a_few_are_looked_at(dns_server):
    """T7."""
    dns_server.point(ADDRESS, [f"a{n}.pinterest.com." for n in range(20)])
    assert look_up(ADDRESS).verdict is Verdict.NO
    assert len(dns_server.asked) == 1 + rules.MOST_NAMES


@pytest.fixture
def fetched(db, page_token):
    """An interaction whose picture the crawler's user agent fetched."""
    token = f"{page_token}.{new_nonce()}"
    fetch(token)
    return Interaction.objects.get(), token


def test_a_confirmed_address_verifies_the_fetch(fetched, genuine, now):
    """T3."""
    interaction, _ = fetched
    assert check_crawlers(now=now + SOON) == 1
    interaction.refresh_from_db()
    fetch_row, check = interaction.evidence.order_by("id")
    assert (interaction.level, interaction.verified_at) == (4, fetch_row.at)
    assert (check.kind, check.verdict, check.ptr, check.about) == (
        "crawler_check",
        "yes",
        NAME,
        fetch_row,
    )


def test_a_forged_user_agent_stays_claimed(fetched, dns_server, now):
    """T1."""
    interaction, _ = fetched
    check_crawlers(now=now + SOON)
    interaction.refresh_from_db()
    assert (interaction.level, interaction.verified_at) == (3, None)
    assert interaction.evidence.get(kind="crawler_check").verdict == "no"


def test_what_is_known_is_not_asked_again(fetched, genuine, now, page_token):
    check_crawlers(now=now + SOON)
    asked = len(genuine.asked)
    fetch(f"{page_token}.{new_nonce()}")
    assert check_crawlers(now=now + timedelta(hours=1)) == 0
    assert len(genuine.asked) == asked
    assert list(Interaction.objects.values_list("level", flat=True)) == [4, 4]


@pytest.mark.parametrize(("first", "levels"), [([f"{NAME}."], [4, 4]), (["host.example."], [3, 4])])
def test_an_address_that_comes_again_after_its_verdict_ended_is_asked_about_again(
    db, genuine, page_token, now, first, levels
):
    genuine.point(ADDRESS, first)
    fetch(f"{page_token}.{new_nonce()}")
    check_crawlers(now=now + SOON)
    genuine.point(ADDRESS, [f"{NAME}."])
    fetch(f"{page_token}.{new_nonce()}")
    later = now + timedelta(hours=25)
    assert check_crawlers(now=later) == 1
    assert list(Interaction.objects.order_by("pk").values_list("level", flat=True)) == levels
    # Nobody asks about who does not come again.
    assert check_crawlers(now=later + timedelta(hours=25)) == 0


def test_what_was_told_long_ago_is_not_looked_through_again(
    fetched, genuine, now, page_token, monkeypatch
):
    monkeypatch.setattr(checking, "_STILL_COMING", 0)
    check_crawlers(now=now + SOON)
    row = Evidence.objects.get(kind="crawler_fetch")
    assert CrawlerAddress.objects.get().told_up_to == row.pk
    Evidence.objects.filter(kind="crawler_check").delete()
    check_crawlers(now=now + SOON)
    assert not Evidence.objects.filter(kind="crawler_check").exists()
    fetch(f"{page_token}.{new_nonce()}")
    check_crawlers(now=now + SOON)
    assert Evidence.objects.filter(kind="crawler_check").count() == 1


def test_dns_that_answers_later_upgrades(fetched, dns_server, now):
    """T7."""
    interaction, _ = fetched
    dns_server.point(ADDRESS, SERVFAIL)
    check_crawlers(now=now + SOON)
    interaction.refresh_from_db()
    assert (interaction.level, interaction.evidence.count()) == (3, 1)
    assert check_crawlers(now=now + 2 * SOON) == 0
    dns_server.point(ADDRESS, [f"{NAME}."])
    dns_server.lead(NAME, ADDRESS)
    assert check_crawlers(now=now + timedelta(minutes=5)) == 1
    interaction.refresh_from_db()
    assert interaction.level == 4


def test_an_address_dns_never_speaks_of_is_given_up(fetched, dns_server, now):
    dns_server.point(ADDRESS, SERVFAIL)
    at, looks = now, 0
    while CrawlerAddress.objects.filter(next_check_at__isnull=False).exists():
        at += timedelta(hours=1)
        looks += check_crawlers(now=at)
    assert at - now > rules.GIVE_UP_AFTER
    assert 10 < looks < 30
    assert Interaction.objects.get().level == 3


def test_the_preview_proxy_never_verifies(genuine, db, page_token, now):
    """T9: even from an address of Pinterest's."""
    fetch(f"{page_token}.{new_nonce()}", agent=PROXY)
    assert check_crawlers(now=now + SOON) == 0
    assert Interaction.objects.get().level == 2


@pytest.mark.parametrize("agents", [[PROXY, CRAWLER], [CRAWLER, PROXY]])
def test_preview_and_fetch_in_any_order_verify_once(genuine, db, page_token, now, agents):
    """T10."""
    token = f"{page_token}.{new_nonce()}"
    for agent in [*agents, *agents]:
        fetch(token, agent=agent)
        check_crawlers(now=now + SOON)
    assert sorted(Evidence.objects.values_list("kind", flat=True)) == [
        "crawler_check",
        "crawler_fetch",
        "preview_proxy",
    ]
    assert Interaction.objects.get().level == 4


def test_a_third_party_who_replays_as_the_crawler_changes_nothing(fetched, genuine, now):
    """T14."""
    interaction, token = fetched
    check_crawlers(now=now + SOON)
    fetch(token, address="8.8.4.4")
    check_crawlers(now=now + SOON)
    interaction.refresh_from_db()
    verdicts = interaction.evidence.filter(kind="crawler_check").values_list("verdict", flat=True)
    assert (interaction.level, sorted(verdicts)) == (4, ["no", "yes"])
    assert Interaction.objects.count() == 1


def test_lookups_have_a_budget(db, now, monkeypatch):
    """T19."""
    asked = []

    def count(address):
        asked.append(address)
        return rules.Finding(Verdict.NO, "", "")

    monkeypatch.setattr(checking, "look_up", count)
    CrawlerAddress.objects.bulk_create(
        CrawlerAddress(address=f"8.{n // 250}.4.{n % 250}", next_check_at=now, seen_at=now)
        for n in range(1000)
    )
    for _ in range(30):
        check_crawlers(now=now + SOON)
    assert len(asked) == rules.LOOKUPS_A_MINUTE
    check_crawlers(now=now + timedelta(minutes=2))
    assert len(asked) == rules.LOOKUPS_A_MINUTE + checking.AT_ONCE


def test_a_crowd_that_waits_is_bounded(db, now, monkeypatch):
    """T19: of a flood the longest waiting are given up."""
    monkeypatch.setattr(checking, "MOST_WAITING", 10)
    CrawlerAddress.objects.bulk_create(
        CrawlerAddress(address=f"8.8.4.{n}", next_check_at=now, seen_at=now + timedelta(seconds=n))
        for n in range(30)
    )
    assert forget_addresses(now=now) == 20
    assert CrawlerAddress.objects.get(address="8.8.4.29")


def test_addresses_that_are_not_pinterest_s_are_forgotten(fetched, dns_server, now):
    """T29: they are somebody's."""
    check_crawlers(now=now + SOON)
    assert forget_addresses(now=now + timedelta(minutes=30)) == 0
    assert forget_addresses(now=now + timedelta(hours=2)) == 1
    row = Evidence.objects.get(kind="crawler_fetch")
    assert (row.crawler, len(row.address_key)) == (None, 22)


def test_what_came_after_a_verdict_ended_is_not_forgotten_before_it_is_checked(
    fetched, dns_server, now
):
    _, token = fetched
    check_crawlers(now=now + SOON)
    later = now + timedelta(hours=2)
    with time_machine.travel(later):
        fetch(token, agent=CRAWLER, address=ADDRESS)
    assert forget_addresses(now=later) == 0
    check_crawlers(now=later + SOON)
    newest = Evidence.objects.filter(kind="crawler_check").order_by("pk").last()
    assert newest.verdict == "no"
    assert forget_addresses(now=later + timedelta(hours=2)) == 1


def test_evidence_is_never_changed(fetched):
    row = Evidence.objects.get()
    with pytest.raises(Error), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(verdict="yes")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE interactions_evidence SET kind = 'pin_found'")
    row.refresh_from_db()
    assert (row.kind, row.verdict) == ("crawler_fetch", "")


def test_levels_are_reckoned_anew_from_the_evidence(fetched, genuine, now, capsys, monkeypatch):
    interaction, _ = fetched
    check_crawlers(now=now + SOON)
    Interaction.objects.update(level=0, verified_at=None, policy_version=0)
    call_command("reckon_interactions", site=interaction.site.key)
    interaction.refresh_from_db()
    assert (interaction.level, interaction.policy_version) == (4, 1)
    assert capsys.readouterr().out == "1 interactions reckoned, 1 changed.\n"
    monkeypatch.setattr(reckoning, "POLICY_VERSION", 2)
    call_command("reckon_interactions")
    interaction.refresh_from_db()
    assert interaction.policy_version == 2


def test_a_silent_resolver_is_not_in_the_way_of_the_picture(db, dns_server, page_token):
    """T7: the picture is sent without DNS."""
    dns_server.point(ADDRESS, SILENCE)
    assert fetch(f"{page_token}.{new_nonce()}").status_code == 200
    assert dns_server.asked == []
    spool.drain()
