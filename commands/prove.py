"""One number's proof on the command line."""

from pathlib import Path

import click

from commands import shared


@click.command(epilog="Example: nuzuh prove 0b7f1ad5bf06d98e -o proof.zip")
@click.argument("figure")
@click.option("-o", "out", type=click.Path(path_type=Path), metavar="FILE", help="Where to.")
@click.pass_obj
def prove(given: dict[str, str], figure: str, out: Path | None) -> None:
    """A zip with the bytes that FIGURE was read from and a script that shows it in them.

    FIGURE is a figure_id. Whoever has the zip checks it without Nuzuh: python3 -I
    show_the_number.py in the unpacked folder ends with 0.
    """
    from data.publication import atomic_write, proof

    store = shared.store(given)
    release = store.current()
    row = proof.figure(release, figure)
    body = proof.made(release, row, proof.sent(store, release, row))
    path = out or Path(f"nuzuh-{figure}.zip")
    atomic_write.write(path, body)
    click.echo(f"{path}: unpack it and run python3 -I show_the_number.py", err=True)
