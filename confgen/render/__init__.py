"""Documents from templates: the only module that knows Jinja."""

from __future__ import annotations

from confgen.render.documents import RenderError, references_of, render, render_masked

__all__ = ["RenderError", "references_of", "render", "render_masked"]
