"""Demo content."""

from pinterest.sandbox.sandbox import Sandbox


def seed_demo(sandbox: Sandbox) -> None:
    """Two accounts with taste."""
    maker = sandbox.add_account("maison-clay", name="Maison Clay")
    sandbox.add_board(maker, "Spring glazes")
    sandbox.add_account("fern-and-oak", name="Fern & Oak")
