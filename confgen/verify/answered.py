"""Whether the answer to an encrypted offer is one that a call can be encrypted with. Pure."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from confgen.verify.wire.dtls import is_strong
from confgen.verify.wire.sdp import KEY_AND_SALT_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.verify.wire.sdp import Answer, Crypto, Media, Offer


def faults_of_answer(offer: Offer, answer: Answer | None) -> tuple[str, ...]:
    """What is wrong with the answer to an offer of one audio stream with SDES or with DTLS-SRTP."""
    if answer is None or len(answer.media) != 1:
        return (f"the answer describes {0 if answer is None else len(answer.media)} streams of media, not one",)
    media = answer.media[0]
    faults = list(_faults_of_stream(offer, media))
    if offer.crypto is not None:
        faults += _faults_of_keys(offer.crypto, media)
    else:
        faults += _faults_of_certificate(media)
    return tuple(faults)


def _faults_of_stream(offer: Offer, media: Media) -> Iterator[str]:
    if media.kind != "audio" or media.port == 0:
        yield "the audio is declined"
    if media.profile != offer.profile.value:
        yield f"it is {media.profile}, not {offer.profile.value}"
    if media.address is None or not _is_address(media.address):
        yield "it does not say where its media is"


def _faults_of_keys(offered: Crypto, media: Media) -> Iterator[str]:
    if len(media.crypto) != 1:
        yield f"it holds {len(media.crypto) or 'no'} key{'s' if len(media.crypto) > 1 else ''}, not one"
        return
    crypto = media.crypto[0]
    if crypto.tag != offered.tag:
        yield f"its key is for the offer's key {crypto.tag}, which there was not"
    if crypto.suite != offered.suite:
        yield f"its suite is {crypto.suite}, not {offered.suite}"
    if crypto.session_parameters:
        yield f"its key has {' '.join(crypto.session_parameters)}"
    if len(crypto.key_and_salt) != KEY_AND_SALT_LENGTH:
        yield f"its key has {len(crypto.key_and_salt)} bytes, not {KEY_AND_SALT_LENGTH}"
    if crypto.key_and_salt == offered.key_and_salt:
        yield "its key is ours"


def _faults_of_certificate(media: Media) -> Iterator[str]:
    if media.crypto:
        yield "it holds keys, which were not offered"
    if media.fingerprint is None:
        yield "it announces no certificate"
    elif not is_strong(media.fingerprint):
        yield f"it announces its certificate by {media.fingerprint.hash_function}"
    if media.setup not in {"active", "passive"}:
        yield f"it does not say who begins the handshake ({media.setup or 'nothing'})"


def _is_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not address.is_unspecified
