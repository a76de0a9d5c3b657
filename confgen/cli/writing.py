"""An answer, written in the format that was asked for, and as a page besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.cli import output
from confgen.cli.checkout import checkout
from confgen.cli.options import OutputFormat, ReportFormat
from confgen.report.visible import without_commands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from confgen.model.inventory import Pbx
    from confgen.report.answer import Answer


def is_for_people(output_format: OutputFormat | ReportFormat) -> bool:
    """Whether words may stand beside the answer."""
    return output_format in {OutputFormat.TEXT, ReportFormat.TEXT}


def write(
    told: Answer,
    as_text: Callable[[Answer], str],
    *,
    output_format: OutputFormat | ReportFormat,
    pbxs: Sequence[Pbx] = (),
    page: Path | None = None,
    with_diffs: bool = True,
) -> int:
    """Say it on stdout first, so that a page that cannot be written hides nothing; `pbxs` are those it is about.

    The exit code is the answer's; that of a page that cannot be written only where the answer is good.
    """
    from datetime import UTC, datetime

    made_at = datetime.now(UTC)
    if written := _written(told, as_text, ReportFormat(output_format.value), pbxs, made_at, with_diffs=with_diffs):
        output.data(written)
    if page is not None:
        from confgen.cli import page_file
        from confgen.report import html
        from confgen.report.visible import one_line

        try:
            page_file.write(page, html.page(told, pbxs, made_at))
        except page_file.CannotWrite as error:
            output.aside(one_line(str(error)))
            return told.exit_code or error.exit_code
    return told.exit_code


def _written(
    told: Answer,
    as_text: Callable[[Answer], str],
    report_format: ReportFormat,
    pbxs: Sequence[Pbx],
    made_at: datetime,
    *,
    with_diffs: bool,
) -> str:
    """What there is to say; nothing where a format has no words for it."""
    match report_format:
        case ReportFormat.TEXT:
            written = without_commands(as_text(told))
        case ReportFormat.JSON:
            from confgen.report import json_form

            written = json_form.answer(told, with_diffs=with_diffs)
        case ReportFormat.SARIF:
            from confgen.report import sarif_form

            written = sarif_form.answer(told, pbxs, made_at, checkout())
        case ReportFormat.JUNIT:
            from confgen.report import junit_form

            written = junit_form.answer(told, made_at)
        case ReportFormat.GITHUB:
            from confgen.report import github_form

            written = github_form.answer(told, pbxs, checkout())
        case ReportFormat.GITLAB:
            from confgen.report import gitlab_form

            written = gitlab_form.answer(told, pbxs, checkout())
        case ReportFormat.PROMETHEUS:
            from confgen.report import prometheus_form

            written = prometheus_form.answer(told, made_at)
    return written
