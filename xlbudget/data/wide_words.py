"""What the columns of wide marketing files are called, and what can be told from a name alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DATES = _words(
    "date dates day week weeks ds datum time timestamp period wk dt fecha jour semaine woche"
)
REGIONS = _words(
    "geo geos region regions market markets state country dma city province area territory "
    "location zip"
)
CHANNELS = _words(
    "channel channels medium media source platform network publisher vendor partner campaign "
    "kanal canal mezzo"
)
POPULATION = frozenset({"population", "pop", "inhabitants"})
SPEND = _words(
    "spend spends spending cost costs spent invest investment investments budget kosten ausgaben "
    "depense gasto mdsp"
)
SHOWN = _words("impression impressions impr imps imp views reach grp grps trp trps exposures mdip")
CLICKS = frozenset({"click", "clicks", "visits", "sessions"})
LETTERS: Mapping[str, str] = {"S": "spend", "I": "impressions", "P": "clicks"}  # tv_S, tv_I, tv_P

OUTCOMES = (  # the most telling first
    "revenue", "sales", "turnover", "gmv", "bookings", "income", "umsatz", "ventas",
    "conversions", "conversion", "orders", "purchases", "transactions", "units", "subscribers",
    "subscriptions", "signups", "leads", "installs", "customers", "registrations", "quantity",
    "volume", "demand", "profit", "kpi", "outcome", "target", "response", "depvar", "dep", "y",
)  # fmt: skip
TRUTH = frozenset({"effect", "effects", "contribution", "contributions", "truth", "true", "roas",
                   "roi", "baseline", "predicted", "prediction", "fitted", "residual"})  # fmt: skip
CLOCKS = _words(
    "t trend dayofyear dayofweek weekday doy weekofyear weeknumber weeknum month months quarter "
    "year yr qtr prd nbr index idx id row seas season seasonality sin cos unnamed"
)
CLOCK_PARTS = CLOCKS | DATES | {"in", "of", "the", "number", "num", "start"}
RIVALS = frozenset({"competitor", "competitors", "competition", "comp", "rival", "rivals"})
RATIOS = frozenset({"per", "cpc", "cpm", "cpa", "ctr", "cvr", "rate"})
OUTSIDE = _words(
    "control controls price prices pricing promo promos "
    "promotion promotions discount discounts markdown markdowns mrkdn holiday holidays hldy event "
    "events weather temperature temp rain sunshine unemployment gdp inflation cpi gas sentiment "
    "covid lockdown stringency distribution stores macro confidence organic launch stock "
    "availability school vacation payday dummy"
)
MEDIA = _words(
    "tv television radio print newspaper newspapers magazine magazines ooh dooh outdoor billboard "
    "cinema facebook fb meta instagram google youtube yt bing search sem ppc paid brand display "
    "programmatic video social tiktok snapchat snap pinterest twitter linkedin reddit email "
    "newsletter crm affiliate affiliates influencer influencers creators podcast podcasts audio "
    "spotify dm mail direct digital online banner banners ads ad media retargeting remarketing "
    "ctv ott shopping pmax amazon criteo"
)

_ROLES: tuple[tuple[str, frozenset[str]], ...] = (  # the first that has a word wins
    ("retention", _words("email mail newsletter crm sms push loyalty retention dm")),
    ("brand", _words(
        "tv television radio ooh dooh outdoor print cinema billboard newspaper newspapers "
        "magazine magazines sponsorship sponsoring ctv ott audio podcast podcasts brand"
    )),
    ("prospecting", _words(
        "social display video affiliate affiliates facebook fb meta instagram tiktok youtube yt "
        "snapchat snap pinterest twitter linkedin reddit influencer influencers creators "
        "programmatic banner banners prospecting native digital"
    )),
    ("harvest", _words(
        "search sem ppc shopping google bing retargeting remarketing pmax adwords criteo"
    )),
)  # fmt: skip

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"x_?\d+[ _.-]+(?=\S)", re.IGNORECASE)  # x1_Search-Ads


def pieces(header: str) -> list[str]:
    """The words of a header as written: `tv_S` -> tv, S; `MetaSpend` -> Meta, Spend."""
    text = unicodedata.normalize("NFC", header)
    return [word for part in _WORD.findall(text) for word in _CAMEL.split(part)]


def words(header: str) -> list[str]:
    """The words of a header in lower case."""
    return [piece.casefold() for piece in pieces(header)]


def kind_of(header: str) -> str:
    """`spend`, `impressions`, `clicks` or "": what a media column counts, told by its name."""
    found = words(header)
    for kind, known in (("impressions", SHOWN), ("clicks", CLICKS), ("spend", SPEND)):
        if known.intersection(found):
            return kind
    if letter := _letter(pieces(header)):
        return LETTERS[letter]
    return "spend" if any(word.endswith(("spend", "cost")) for word in found) else ""


def stem_of(header: str) -> str:
    """The channel's part of a media column's name, in lower case: `facebook_I` -> facebook."""
    return " ".join(word.casefold() for word in _stem(header))


def channel_name(header: str) -> str:
    """A channel's name as people write it: `tv_S` -> TV, `mdsp_auddig` -> Auddig."""
    text = _NUMBERED.sub("", header.strip())
    if text == header.strip():
        kept = _stem(header)
        text = " ".join(kept) if kept else text
    if text.islower() and text[:1].isalpha() and not any(c.isdigit() for c in text):
        return text.upper() if len(text) <= 3 else text.title()
    return " ".join(text.replace("_", " ").split())


def role_of(channel: str) -> str:
    """The role that a channel's name suggests; `other` where it suggests none."""
    found = set(words(channel))
    if {"brand", "branded"} & found and {"search", "sem", "ppc", "google", "bing"} & found:
        return "harvest"
    return next((role for role, known in _ROLES if known & found), "other")


def _stem(header: str) -> list[str]:
    tags = SPEND | SHOWN | CLICKS
    own = [piece for piece in pieces(header) if piece.casefold() not in tags]
    return own[:-1] if _letter(own) else own


def _letter(own: list[str]) -> str:
    """S, I or P at the end of a header: `tv_S`; in lower case only behind a medium: `tv_s`."""
    last = own[-1] if len(own) > 1 else ""
    known = last in LETTERS or MEDIA.intersection(word.casefold() for word in own[:-1])
    return last.upper() if known and last.upper() in LETTERS else ""
