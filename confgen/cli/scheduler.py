"""The options that say on which cluster the work is done."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from confgen.cli.sections import under
from confgen.model.cluster import SchedulerAccess

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ADDRESS = re.compile(r"tls://[^\s:/]+:\d{1,5}|tls://\[[0-9A-Fa-f:.]+\]:\d{1,5}")
_CLUSTER = under("A cluster")


def _scheduler(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and _ADDRESS.fullmatch(value) is None:
        raise click.BadParameter(
            f"{value!r} is not reached over TLS; write tls://HOST:PORT: whoever speaks with a scheduler can have any "
            "code run on its workers"
        )
    return value


_OPTIONS = (
    _CLUSTER(
        "--scheduler",
        metavar="URL",
        callback=_scheduler,
        help="Let workers of a Dask cluster do it, tls://HOST:PORT: those of each PBX's `site`, whatever --parallel "
        "says.",
    ),
    _CLUSTER(
        "--cluster-ca",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Its authority, which signs for nobody else; as Dask's configuration says when not given, like the next "
        "two.",
    ),
    _CLUSTER(
        "--cluster-cert", metavar="FILE", type=click.Path(path_type=Path), help="Your certificate by that authority."
    ),
    _CLUSTER("--cluster-key", metavar="FILE", type=click.Path(path_type=Path), help="The key of that certificate."),
)


def scheduler_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a command may be told of a cluster."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def access_of(told: Mapping[str, Any]) -> SchedulerAccess | None:
    """The scheduler among the values of these options; a mistake of usage, where none is named that they speak of."""
    files = {"authority": told["cluster_ca"], "certificate": told["cluster_cert"], "key": told["cluster_key"]}
    if told["scheduler"] is None:
        if any(path is not None for path in files.values()):
            raise click.UsageError(
                "--cluster-ca, --cluster-cert and --cluster-key speak of a cluster: name its --scheduler"
            )
        return None
    return SchedulerAccess(address=told["scheduler"], **files)
