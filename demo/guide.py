"""What to open and what to press, once everything runs."""

from rich.console import Console
from rich.markup import escape

from demo.place import OPERATOR, Place
from demo.shops.directory import SHOPS
from demo.words import LANGUAGE, say


def show_guide(place: Place, console: Console, seconds: float) -> None:
    def line(text: str, style: str = "") -> None:
        # No wrapping: a link broken in two cannot be opened.
        console.print(text, style=style, soft_wrap=True, highlight=False)

    line(f"\n[bold green]{say('ready', seconds=seconds)}[/]\n")
    line(f"[bold]1. {say('open')} [cyan]{place.web_url}/[/][/] {say('paste')}")
    for shop in SHOPS.values():  # the first product of each: every one tells a story of its own
        line(f"   [cyan]{place.shop_url(shop.key, shop.listings[0].path)}[/]")
        line(f"      {escape(shop.name)}: {escape(shop.difference[LANGUAGE])}", "dim")
    line(f"[bold]2.[/] {say('confirm')}\n   [cyan]{place.web_url}/dev/inbox[/]")
    line(f"[bold]3.[/] {say('answer')}")
    line(
        f"   [cyan]{place.shop_url('veter', '/staff')}[/]  …  [cyan]http://localhost:{place.ports.shops}/[/]"
    )
    line(f"[bold]4.[/] {say('desk')}\n   [cyan]{place.web_url}/desk/[/]")
    line(f"   {OPERATOR}, {say('password')} [bold]{place.remembered.operator_password}[/]\n")
    line(say("clock", speed=place.environment()["BROKER_CLOCK_SPEED"]), "dim")
    line(say("safari"), "dim")
    line(say("end", logs=place.logs), "dim")
