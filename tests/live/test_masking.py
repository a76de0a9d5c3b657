"""The files that Debian's packages install are masked without loss of form."""

from __future__ import annotations

import hashlib

import pytest

from confgen.drivers.asterisk.configuration import read
from confgen.drivers.asterisk.masking import mask
from lab.root_folder import Root, build


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:10]


@pytest.mark.parametrize("root", [Root.ASTERISK_22, Root.ASTERISK_16])
def test_every_file_of_the_packages_keeps_its_form_and_is_masked_once(root: Root) -> None:
    folder = build(root, lambda _: None).folder / "etc" / "asterisk"
    files = sorted(folder.rglob("*.conf"))
    assert len(files) > 90
    changed = set()
    for file in files:
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        masked = mask(file.name, text, _fingerprint)
        before, after = (read(content, file.name) for content in (text, masked))
        assert [type(line.statement) for line in after.lines] == [type(line.statement) for line in before.lines], file
        assert mask(file.name, masked, _fingerprint) == masked, file
        if masked != text:
            changed.add(file.name)
    assert {"voicemail.conf", "res_odbc.conf", "sip.conf", "iax.conf", "users.conf"} & changed
    assert not {"modules.conf", "rtp.conf", "logger.conf", "features.conf", "queues.conf"} & changed
