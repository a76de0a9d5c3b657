"""Help whose options stand under headings of what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class SectionedOption(click.Option):
    """An option that stands under a heading."""

    def __init__(self, declarations: Sequence[str], *, section: str, **settings: Any) -> None:  # noqa: ANN401 -- click's
        super().__init__(declarations, **settings)
        self.section = section


class SectionedCommand(click.Command):
    """A command whose help lists options without a heading first, then each heading in the order of its options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {"Options": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and not isinstance(parameter, click.Argument):
                section = parameter.section if isinstance(parameter, SectionedOption) else "Options"
                sections.setdefault(section, []).append(record)
        for section, records in sections.items():
            if records:
                with formatter.section(section):
                    formatter.write_dl(records)


def under(section: str) -> Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]:
    """`click.option` for options under a heading."""

    def option(*declarations: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401
        return click.option(*declarations, cls=SectionedOption, section=section, **settings)

    return option
