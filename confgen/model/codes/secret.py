"""Codes of secrets: why a reference could not be resolved."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="SEC-01",
        title="a variable of the environment holds no secret",
        meaning="The inventory says `{env: NAME}`, and NAME is not set, is empty or is not text.",
        mend="Export the variable in the shell, or in the CI job, that runs confgen.",
    ),
    Explanation(
        code="SEC-02",
        title="a secret file cannot be used",
        meaning=(
            "The inventory says `{file: PATH}`, and there is no regular file, it may not be read, it is empty, longer "
            "than 1 MiB, or not UTF-8. A relative path starts at the folder of the inventory."
        ),
        mend="Put it into the file that the finding names; only you should be able to read a secret.",
    ),
    Explanation(
        code="SEC-03",
        title="a command gave no secret",
        meaning=(
            "The inventory says `{command: [PROGRAM, ARGUMENT, …]}`, and the program was not found, failed, wrote "
            "nothing, or did not end within a minute. It runs without a shell, in the folder of the inventory, and can "
            "ask nothing. What it writes is never shown, on stderr neither: the secret could be in it."
        ),
        mend="Run it by hand in that folder: it must write the secret, and nothing else, to stdout, and end with 0.",
    ),
    Explanation(
        code="SEC-04",
        title="a secret file is readable by everyone",
        meaning="Every user of this machine can read the file, and with it call at your expense.",
        mend="`chmod o-rwx FILE`; if others have had it, change the secret.",
    ),
    Explanation(
        code="SEC-05",
        title="a value cannot be written into the PBX's files",
        meaning=(
            "A line end, a control character, `;` or `\\` in a secret would end the option or begin a comment, so that "
            "Asterisk read another secret, or other options. The message names the reference, never the secret."
        ),
        mend="Choose a secret without these signs: `openssl rand -base64 18` gives one.",
    ),
)
