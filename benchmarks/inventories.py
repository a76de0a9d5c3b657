"""Inventories of any size, as text."""

from __future__ import annotations

_HEAD = """\
version: 1
defaults:
  product_version: "22.10.1"
  certificate:
    chain: {file: "pki/{pbx}.crt"}
    key: {file: "pki/{pbx}.key"}
    authority: {file: pki/authority.crt}
  echo_number: "600"
  extension_defaults: {secret: {env: "SECRET_{extension}"}, permit: [10.0.0.0/8]}
  probe: {secret: {env: PROBE}, permit: [10.0.0.1]}
  emergency: {numbers: ["112"], via: [{channel: line}]}
pbxs:
"""

_PBX = """\
  pbx-{number}:
    kind: asterisk
    address: {address}
    sip: {{domain: pbx-{number}.example.test}}
    channels: {{line: {{dial: "PJSIP/{{number}}@line", signalling: tls, media: srtp}}}}
    extensions:
"""
_EXTENSION = """\
      "{extension}":
        name: "Desk {extension} of {number}"
        contacts: {contacts}
        codecs: [alaw, ulaw]
"""


def inventory(pbxs: int, extensions: int) -> str:
    """So many PBXs with so many extensions each."""
    return _HEAD + "".join(_pbx(number, extensions) for number in range(pbxs))


def _pbx(number: int, extensions: int) -> str:
    address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
    return _PBX.format(number=number, address=address) + "".join(
        _EXTENSION.format(extension=extension, number=number, contacts=1 + extension % 3)
        for extension in range(10000, 10000 + extensions)
    )
