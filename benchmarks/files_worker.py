"""Preloaded by a worker of a Dask cluster (`--preload benchmarks.files_worker`): it knows PBXs of kind "files"."""

from __future__ import annotations

from benchmarks.files_fleet import plug_in


def dask_setup(_worker: object) -> None:
    """Before the worker registers."""
    plug_in()
