"""Whatever OpenSSL hands over as an error has words."""

from __future__ import annotations

import pytest
from OpenSSL import SSL

from confgen.verify.wire.openssl_errors import reason_of


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SSL.Error([("SSL routines", "", "no shared cipher"), ("", "", "")]), "no shared cipher"),
        (SSL.Error([("", "", "one"), ("", "", "two")]), "one, two"),
        (SSL.Error([]), "Error"),
        (SSL.Error(), "Error"),
        (SSL.SysCallError(-1, "Unexpected EOF"), "Unexpected EOF"),
        (SSL.SysCallError(104, ""), "SysCallError"),
        (SSL.ZeroReturnError(), "ZeroReturnError"),
    ],
)
def test_each_error_has_words(error: SSL.Error, words: str) -> None:
    assert reason_of(error) == words
