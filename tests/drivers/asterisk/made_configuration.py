"""Made configuration texts: mostly of the dialect's words, in orders that nobody would write."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = (
    *("a", "b", "A", "t", "x", "y", "1", "é", " ", "  ", "\t", "=", "=>", "+=", ">", "-", "#", "\\", "\\;", ",", "!"),
    *("+", "[a]", "[b]", "[t]", "[", "]", "(!)", "(+)", "(t)", "(", ")", ";", ";--", "--;", "#include made/b.conf"),
    *(
        "(+x=1)",
        "(+TEMPLATES=include)",
        "[]",
        "()",
        "\ufeff",
        "\r",
        "\x01",
        "\xa0",
        "--",
        ";;",
        '"',
        "<",
        "*",
        "{",
        "}",
    ),
)
_LINES = (
    *(
        "[a]",
        "[b]",
        "[t](!)",
        "[a](t)",
        "[b](t,a)",
        "[a](+)",
        "x = 1",
        "y => 2 ; 3",
        "x += 3",
        "z = 4\\;5",
        ";--",
        "--;",
    ),
    *("#include made/b.conf", "#tryinclude made/c.conf", '#include "made/{b,c}.conf"'),
    *("[a](+x=1)", "[t](+TEMPLATES=include)", "x =", "y = 1 ;-- 2", "3 --; z = 4"),
)


def texts() -> st.SearchStrategy[str]:
    """Texts of up to a dozen lines; of other files they include made/b.conf and made/c.conf."""
    lines = st.one_of(st.sampled_from(_LINES), st.lists(st.sampled_from(_WORDS), max_size=8).map("".join))
    return st.lists(lines, max_size=12).map("\n".join)
