"""Where Pinterest is and which app we are to it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PinterestApp:
    """One registered Pinterest app and the addresses it talks to.

    `api_url` includes the version and has no trailing slash (`https://api.pinterest.com/v5`);
    `oauth_url` is the consent page, slash included (`https://www.pinterest.com/oauth/`).
    """

    app_id: str
    app_secret: str = field(repr=False)
    api_url: str
    oauth_url: str
