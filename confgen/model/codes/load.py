"""LOAD: what is wrong with the text of an inventory."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS: tuple[Explanation, ...] = (
    Explanation(
        code="LOAD-01",
        title="the inventory cannot be read",
        meaning=(
            "There is no such file, it may not be read, it is empty, it is no UTF-8 text, the folder holds no "
            "*.yaml file, or everything together is larger than 64 MB. Nothing was checked, and the exit code is "
            "2."
        ),
        mend=(
            "Check the path, the owner and the mode, and save the file as UTF-8. `confgen init` writes an "
            "inventory to start from."
        ),
    ),
    Explanation(
        code="LOAD-02",
        title="the file is not YAML",
        meaning=(
            "The text breaks off where YAML expects something else: a bracket or quote that is not closed, a tab "
            "that indents, a line that is indented differently from its neighbours. Nothing was checked, and the "
            "exit code is 2."
        ),
        mend="Look at the place that is named and at the line before it. YAML indents with spaces only.",
        source="YAML 1.2.2, section 6.1",
    ),
    Explanation(
        code="LOAD-03",
        title="a key stands twice",
        meaning=(
            "The same key stands twice in one mapping, or the same PBX, group or trunk in two files of a folder. "
            "Most YAML programs silently keep the last one, so that half of what you wrote would not count."
        ),
        mend="Remove one of the two, or merge them.",
        source="YAML 1.2.2, section 3.2.1.1",
    ),
    Explanation(
        code="LOAD-04",
        title="an unquoted value is ambiguous",
        meaning=(
            "YAML programs do not agree on what was written without quotes, or would lose a part of it: 22.10 "
            "becomes the number 22.1, 0100 may become 64, +4930… loses its plus sign, NO becomes false, 12:30 may"
            " become 750. A dialled number or a version that changes on its way into a PBX is hard to find later."
        ),
        mend='Put the value in quotes: "22.10", "0100", "+4930123456".',
        source="YAML 1.1, language-independent types; YAML 1.2.2, section 10.3",
    ),
    Explanation(
        code="LOAD-05",
        title="YAML that an inventory does not use",
        meaning=(
            "Tags, several documents in one file, keys that are no text, values nested very deep, and aliases that "
            "lead nowhere, into themselves or to a million values. Programs read them differently, and some are "
            "used to make a small file fill the memory."
        ),
        mend="Write the values out. What several PBXs have in common belongs into `defaults` or into a group.",
        source="YAML 1.2.2, section 3.2",
    ),
    Explanation(
        code="LOAD-10",
        title="a key is not known",
        meaning=(
            "confgen does not know this key here, so what stands below it would have no effect. Mostly it is a "
            "slip of the pen, or the key stands one level too deep. There are no keys for plain SIP or plain RTP:"
            " they cannot be asked for."
        ),
        mend="Write the key that the finding names, or remove it. `confgen schema` lists every key.",
    ),
    Explanation(
        code="LOAD-11",
        title="a value is of the wrong kind",
        meaning=(
            "A text stands where a number belongs, a single value where a list belongs, or nothing at all. "
            "Dialled numbers, port ranges and versions are texts and stand in quotes; ports and counts are "
            "numbers and do not."
        ),
        mend=(
            "Write the value as the finding shows. An editor with a YAML language server shows the same while you type."
        ),
    ),
    Explanation(
        code="LOAD-12",
        title="a value is not allowed",
        meaning=(
            "The value is of the right kind, but not one that confgen takes: a port above 65535, a codec or a TLS"
            " version that it does not know, a name with capital letters. TLS 1.0 and 1.1 and plain RTP are left "
            "out on purpose."
        ),
        mend="Choose one of the values that the finding names. `confgen schema` tells what each key takes.",
        source="RFC 9325, section 3.1.1",
    ),
    Explanation(
        code="LOAD-13",
        title="a value is missing",
        meaning=(
            "Something that the PBX cannot do without is written neither at the PBX itself nor in one of its "
            "groups nor in `defaults`: its address, its SIP domain, its certificate, the secret of an extension. "
            "confgen invents none of them."
        ),
        mend="Write it at the PBX, or once for all in `defaults`. {pbx} and {extension} in a path save repetition.",
    ),
    Explanation(
        code="LOAD-14",
        title="plain text where a reference belongs",
        meaning=(
            "An inventory lies in version control and is read by many, so that secrets, keys and certificates "
            "never stand in it, nor below keys of your own (`x-…`), nor in tables: there a key or a column that is "
            "named like password, PIN or token gives them away. An inventory only says where they are found. If a "
            "real secret was written here, treat it as known to others and change it."
        ),
        mend="Write {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}, and move the secret there.",
    ),
    Explanation(
        code="LOAD-15",
        title="the version of the format is not known",
        meaning=(
            "`version` tells in which format the inventory is written. This confgen knows version 1 and does not "
            "guess what another one means."
        ),
        mend=(
            "Write `version: 1`, as a number without quotes. If the inventory was made for a newer confgen, "
            "install that one."
        ),
    ),
    Explanation(
        code="LOAD-16",
        title="a file that the inventory names is not there",
        meaning=(
            "`include` or `extensions_from` names a file that does not exist or is none, or a pattern that no file "
            "fits. Paths begin at the folder of the file in which they stand. What that file would say is missing, "
            "so that further findings may follow from it."
        ),
        mend=(
            "Write the path as seen from the folder of the file that names it. What is included is named *.yaml or "
            "*.yml. In a pattern * and ? fit no slash."
        ),
        example='include: ["sites/*.yaml", ../shared/providers.yaml]',
    ),
    Explanation(
        code="LOAD-17",
        title="files include one another, or too many",
        meaning=(
            "A file includes itself, directly or through others; or files are included 20 deep, or ten thousand by "
            "one line; or the patterns of an inventory look at more than a hundred thousand names. A file that is "
            "included twice without a circle is no mistake: it is read once."
        ),
        mend=(
            "Remove one of the lines that the finding names, and let one file include all the others. Write a pattern "
            "that passes through fewer folders."
        ),
    ),
    Explanation(
        code="LOAD-18",
        title="a table of extensions cannot be read",
        meaning=(
            "The table that `extensions_from` names is no text in UTF-8, its heading lacks a column or has one that "
            "confgen does not know, or a line does not fit the heading: it has more or fewer cells, no number, or a "
            "quote that is not closed in the same line."
        ),
        mend=(
            "Save the table as CSV in UTF-8, with a heading of number, name and whatever else it sets; or name its "
            "columns by their headings in `columns`, and all others are passed over."
        ),
        source="RFC 4180",
        example="extensions_from: {csv: phones.csv, columns: {number: Extension, name: Full name}}",
    ),
    Explanation(
        code="LOAD-19",
        title="what is merged is no mapping",
        meaning=(
            "The merge key << lays a mapping, or each of a list of mappings, under the one in which it stands. A "
            "text or a number has nothing to lay there."
        ),
        mend="Give << the alias of a mapping: `<<: *desk`, or `<<: [*desk, *office]`, of which the first counts most.",
        source="YAML 1.1, merge key language-independent type",
    ),
    Explanation(
        code="LOAD-20",
        title="a file is out of reach",
        meaning=(
            "An inventory reads the files of its own folder or, where that lies in a git repository, of the whole "
            "repository; neither `..` nor a link leads out of it, nor to what git keeps in .git. A link leads to a "
            "file of its own kind: *.yaml to *.yaml. Else a change to an inventory, such as a stranger's pull request, "
            "could make the machine that judges it read out its own files."
        ),
        mend=(
            "Move the file into the folder of the inventory, or keep both in one git repository. In place of a link, "
            "name the inventory to which it leads."
        ),
    ),
)
