"""What the shop sells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SHOP_NAME: Final = "Maison Clay"


@dataclass(frozen=True, slots=True)
class Good:
    """A thing with a page and a picture of its own. `words` are for a Pin, `story` for the page."""

    slug: str
    name: str
    price: str
    words: str
    story: str
    size: str
    care: str

    @property
    def page_path(self) -> str:
        return f"/{self.slug}"

    @property
    def picture_path(self) -> str:
        return f"/pictures/{self.slug}.jpg"


GOODS: Final = (
    Good(
        slug="sage-dip-vase",
        name="Sage dip vase",
        price="€68",
        words="Stoneware vase, dipped by hand in a sage glaze that runs differently on each one.",
        story="Thrown in one pull and dipped upside down, so the glaze stops where gravity says. "
        "No two lines are alike.",
        size="24 cm high, 13 cm wide",
        care="Rinse by hand. Holds water.",
    ),
    Good(
        slug="breakfast-bowl",
        name="Breakfast bowl",
        price="€34",
        words="A wide bowl in sea blue, deep enough for porridge and light enough for one hand.",
        story="The foot is turned thin and left raw, so it stays put on a wooden table. "
        "Sea blue inside and out.",
        size="8 cm high, 17 cm wide",
        care="Dishwasher and microwave, gladly.",
    ),
    Good(
        slug="terracotta-carafe",
        name="Terracotta carafe",
        price="€52",
        words="An unglazed carafe that keeps water cool through a long lunch.",
        story="Red clay from the hill behind the studio, burnished with a stone and fired slowly. "
        "It breathes, and the water stays cool.",
        size="28 cm high, 12 cm wide, 0.9 litres",
        care="Water only. Let it dry upside down.",
    ),
)

BY_SLUG: Final = {good.slug: good for good in GOODS}
