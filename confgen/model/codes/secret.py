"""Codes of secrets: why a reference could not be resolved."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation
from confgen.model.codes.standards import ITSPA

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
            "ask nothing. What it writes is never shown, on stderr neither: the secret could be in it. Of the "
            "environment it gets PATH, HOME, TMPDIR, the language, the proxies, and what finds agents, desktops and "
            "GnuPG; no token of yours, but what you name: CONFGEN_PASS_ENVIRONMENT=OP_SERVICE_ACCOUNT_TOKEN,BW_SESSION."
        ),
        mend="Run it by hand in that folder: it must write the secret, and nothing else, to stdout, and end with 0. "
        "Name the variables that it needs in CONFGEN_PASS_ENVIRONMENT.",
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
    Explanation(
        code="SEC-06",
        title="a SOPS file gave no secret",
        meaning=(
            "The inventory says `{sops: {file: PATH, key: A.B}}`. The program `sops` was not found, or could not "
            "decrypt the file, or the file has no text at that key. Each file is decrypted once in a run, and only in "
            "memory. `sops` gets the environment that commands get (SEC-03) and the variables of its keys: SOPS_*, and "
            "AWS_*, GOOGLE_*, CLOUDSDK_*, AZURE_* and HUAWEICLOUD_* for keys in a cloud. For a key in a vault hand on "
            "the token: CONFGEN_PASS_ENVIRONMENT=VAULT_ADDR,VAULT_TOKEN; the file itself names the vault that gets it."
        ),
        mend="`sops decrypt FILE` in the folder of the inventory must end with 0, and show text at that key.",
        example="secret: {sops: {file: secrets.sops.yaml, key: 'phones.{extension}'}}",
    ),
    Explanation(
        code="SEC-07",
        title="a vault gave no secret",
        meaning=(
            "The inventory says `{vault: {path: PATH, field: NAME}}`. HashiCorp Vault and OpenBao are asked as their "
            "own command line asks, with VAULT_ADDR, VAULT_TOKEN (or what `vault login` left), VAULT_NAMESPACE, "
            "VAULT_CACERT, VAULT_CAPATH, VAULT_CLIENT_CERT and VAULT_CLIENT_KEY. The certificate is always checked, "
            "plain http only leads to this machine, and no redirection is followed, so that nobody else gets the token."
        ),
        mend="`vault kv get -mount=MOUNT PATH` with the same variables must show the field.",
        example="secret: {vault: {mount: kv, path: 'pbx/{pbx}/{extension}', field: password}}",
    ),
    Explanation(
        code="SEC-08",
        title="the keyring gave no secret",
        meaning=(
            "The inventory says `{keyring: {service: NAME, user: NAME}}`, and the keyring of your session is locked, "
            "is not there, or has no such password. Servers mostly have none: it is for an operator's own machine."
        ),
        mend="`keyring get SERVICE USER` must show it.",
        example="secret: {keyring: {service: 'confgen {pbx}', user: '{extension}'}}",
    ),
    Explanation(
        code="SEC-09",
        title="secrets were not looked at",
        meaning=(
            "`confgen validate` resolves no secret by itself, so that it runs where none can be had. It could not tell "
            "whether secrets can be guessed, or are used twice, or fit their certificates."
        ),
        mend="`confgen validate --with-secrets`, where they can be had: it shows none, and asks no PBX.",
    ),
    Explanation(
        code="SEC-10",
        title="a secret can be tried out",
        meaning=(
            "It has fewer than 12 signs, or is so simple that there are fewer than 64 bits in it. Digest "
            "authentication lets anybody who has heard one login try billions a second at home."
        ),
        mend="`openssl rand -base64 18` makes one that is long enough, and can be written into every file.",
        standards=("RFC 7616 §5", "BSI ORP.4.A22", ITSPA),
    ),
    Explanation(
        code="SEC-11",
        title="a secret is one that everybody tries first",
        meaning=(
            "It is a word that products come with, or that people begin with, perhaps with digits behind it. Scanners "
            "on the internet try these on every PBX that they find."
        ),
        mend="Give it another one at once, and look at the calls that it has made.",
        standards=("BSI ORP.4.A8", ITSPA),
    ),
    Explanation(
        code="SEC-12",
        title="a secret can be read off what everybody may know",
        meaning=(
            "It is the number or the name of the extension, user, trunk or PBX that it belongs to, perhaps backwards, "
            "twice, or with digits behind it. The finding does not say which, since logs are read by many."
        ),
        mend="Give it another one at once, and look at the calls that it has made.",
        standards=("BSI ORP.4.A8",),
    ),
    Explanation(
        code="SEC-13",
        title="a secret is used twice",
        meaning=(
            "Who learns it from one phone, or one PBX, can use the others too, and it must be changed everywhere at "
            "once. The two ends of a trunk count as one."
        ),
        mend="Give each its own: placeholders such as {extension} in the reference make it easy.",
        standards=("BSI ORP.4.A8",),
        example="extension_defaults: {secret: {file: 'secrets/{pbx}/{extension}'}}",
    ),
)
