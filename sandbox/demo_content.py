"""The words of the demo: two small businesses, their boards and Pins."""

from sandbox.demo_shapes import DemoAccount, DemoBoard, DemoPin


def _clay(art: str, title: str, description: str, alt_text: str) -> DemoPin:
    link = "https://maisonclay.example/shop/" + art.replace("/", "-")
    return DemoPin(art, title, description, alt_text, link)


def _oak(art: str, title: str, description: str, alt_text: str) -> DemoPin:
    link = "https://fernandoak.example/journal/" + art.replace("/", "-")
    return DemoPin(art, title, description, alt_text, link)


_MAISON_CLAY = (
    DemoBoard(
        name="Spring glazes",
        description="New colours from the kiln, mixed in small buckets and tested for a month.",
        followers=412,
        pins=(
            _clay(
                "vase/sage/1",
                "Sage dip vase",
                "A stoneware vase dipped once in our new sage glaze. Each edge runs differently.",
                "Cream stoneware vase with a sage green dipped top",
            ),
            _clay(
                "cup/honey/1",
                "Honey tumbler",
                "Warm amber over raw clay. Holds a long coffee.",
                "Honey coloured ceramic tumbler in front of a dark jar",
            ),
            _clay(
                "jar/sea/1",
                "Tidal jar",
                "Sea glaze, fired twice for depth.",
                "Round ceramic jar with a deep teal glaze",
            ),
            _clay(
                "bottle/dusk/1",
                "Dusk bottle vase",
                "A narrow neck for a single stem, in plum.",
                "Slim ceramic bottle with a plum coloured neck",
            ),
        ),
    ),
    DemoBoard(
        name="The table",
        description="Plates, bowls and cups that want to be used every day.",
        followers=1280,
        sections=("Bowls", "Cups", "Serving"),
        pins=(
            _clay(
                "bowl/dune/1",
                "Everyday bowl, terracotta",
                "The bowl we reach for: soup, pasta, fruit. Dishwasher safe.",
                "Wide terracotta bowl on a sand coloured table",
            ),
            _clay(
                "cup/fog/1",
                "Fog cup",
                "Thin lip, thick foot, soft grey glaze.",
                "Pale grey ceramic cup",
            ),
            _clay(
                "jar/honey/1",
                "Honey jar with a wooden lid",
                "For sugar, salt or actual honey.",
                "Ceramic storage jar in warm amber",
            ),
            _clay(
                "bowl/sea/1",
                "Serving bowl, tidal",
                "Thirty centimetres across and light to carry.",
                "Large teal serving bowl with a bottle behind it",
            ),
            _clay(
                "cup/night/1",
                "Night espresso cup",
                "Sixty millilitres of quiet.",
                "Dark espresso cup on a dark table",
            ),
        ),
    ),
    DemoBoard(
        name="Vases & stems",
        description="One good branch is enough.",
        followers=903,
        pins=(
            _clay(
                "vase/dusk/1",
                "Three stems, one vase",
                "How we arrange dried stems: odd numbers, different heights.",
                "Vase with dried stems against a rose wall",
            ),
            _clay(
                "bottle/sage/1",
                "Bottle vase, sage",
                "Thrown in one piece, no two necks alike.",
                "Slender bottle vase with green sprigs",
            ),
            _clay(
                "vase/honey/1",
                "Morning light",
                "The kitchen window at eight.",
                "Vase with sprigs in warm yellow light",
            ),
        ),
    ),
    DemoBoard(
        name="Studio diary",
        description="Wet hands, dry floors: a week at the wheel.",
        followers=356,
        pins=(
            _clay(
                "jar/dune/1",
                "First pieces out of the kiln",
                "Still warm when we took this one out.",
                "Round jar with a terracotta rim",
            ),
            _clay(
                "bowl/fog/1",
                "Trimming day",
                "A foot ring takes four minutes and ten years.",
                "Pale bowl in front of a tall bottle",
            ),
        ),
    ),
    DemoBoard(
        name="Gifts under 50",
        description="Small things, wrapped in brown paper.",
        followers=674,
        pins=(
            _clay(
                "cup/dusk/1",
                "A pair of plum cups",
                "For the friend who reads in bed.",
                "Plum coloured cup in front of a jar",
            ),
            _clay(
                "bottle/night/1",
                "Bud vase, midnight",
                "Fits a book shelf and one flower.",
                "Small dark bottle vase with a rust coloured disc behind it",
            ),
        ),
    ),
    DemoBoard(
        name="Wabi-sabi homes",
        description="Rooms with room for imperfection.",
        followers=2104,
        pins=(
            _clay(
                "vase/fog/1",
                "Grey on grey",
                "A still corner needs one tall thing.",
                "Pale vase in a grey room",
            ),
            _clay(
                "jar/moss/1",
                "Moss green, low light",
                "Glaze that changes with the hour.",
                "Moss green jar against a soft green wall",
            ),
        ),
    ),
    DemoBoard(
        name="Care & repair",
        description="How to keep stoneware for decades, and how to mend it.",
        followers=188,
        pins=(
            _clay(
                "bowl/honey/1",
                "Mending with gold",
                "Our beginner's guide to kintsugi at the kitchen table.",
                "Amber bowl on a golden table",
            ),
        ),
    ),
    DemoBoard(
        name="Workshops",
        description="Two evenings, one bowl, no experience needed.",
        followers=95,
    ),
    DemoBoard(
        name="Autumn launch",
        description="Not public yet: moods for the autumn collection.",
        privacy="SECRET",
        pins=(
            _clay(
                "vase/night/1",
                "Black clay test",
                "Iron-rich body, no glaze inside.",
                "Vase on black ground with a rust coloured disc",
            ),
            _clay(
                "bottle/dune/1",
                "Rust slip, second firing",
                "Closer. A touch less iron next time.",
                "Bottle vase with a rust coloured neck",
            ),
        ),
    ),
)

_FERN_AND_OAK = (
    DemoBoard(
        name="Plants that forgive",
        description="Green company for people who travel.",
        followers=1533,
        pins=(
            _oak(
                "fern/moss/1",
                "The fern that came back",
                "Three weeks without water, and still here.",
                "Green fern fronds in front of a pale sun",
            ),
            _oak(
                "branch/sage/1",
                "Olive branch, north window",
                "It wants less than you think.",
                "Branches with narrow leaves on a sage ground",
            ),
            _oak(
                "fern/sea/1",
                "Bathroom jungle",
                "Steam is free.",
                "Fern fronds on a blue green ground",
            ),
        ),
    ),
    DemoBoard(
        name="Pressed & dried",
        description="A summer kept between two pages.",
        followers=820,
        pins=(
            _oak(
                "branch/honey/1",
                "Late August, pressed",
                "Collect in the morning, press by noon.",
                "Dried branches on honey coloured paper",
            ),
            _oak(
                "stem/dusk/1",
                "Three stems for the hallway",
                "Frame them with air around.",
                "Three stems on a rose ground",
            ),
        ),
    ),
    DemoBoard(
        name="Small balconies",
        description="One square metre, well used.",
        followers=467,
        pins=(
            _oak(
                "stem/dune/1",
                "Evening corner",
                "A chair, a lamp, a pot of thyme.",
                "Stems before a warm evening sun",
            ),
        ),
    ),
)

ACCOUNTS = (
    DemoAccount(
        username="maison-clay",
        name="Maison Clay",
        about="Stoneware for slow mornings. Thrown, glazed and fired by four people in one room.",
        website_url="https://maisonclay.example",
        art="vase/dune/1",
        followers=4820,
        following=163,
        monthly_views=218_400,
        boards=_MAISON_CLAY,
    ),
    DemoAccount(
        username="fern-and-oak",
        name="Fern & Oak",
        about="A plant studio. We bring the forest indoors, one pot at a time.",
        website_url="https://fernandoak.example",
        art="fern/moss/2",
        followers=2310,
        following=88,
        monthly_views=96_700,
        boards=_FERN_AND_OAK,
    ),
)
