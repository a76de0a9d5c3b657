"""Answers as a page of HTML that needs nothing but itself."""

from confgen.report.html.page import page

__all__ = ["page"]
