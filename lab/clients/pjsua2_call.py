"""Registers and calls, or is called, with pjsua2; a process of its own: JSON on stdin, JSON on stdout."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable

import pjsua2

_TIMEOUT = 15.0  # seconds
_CALLED_WITHIN = 40.0  # seconds
_SRTP = {"sdes": 2, "none": 0}  # PJMEDIA_SRTP_MANDATORY, PJMEDIA_SRTP_DISABLED


class _Account(pjsua2.Account):  # type: ignore[misc] # made by SWIG, without types
    answer = ""
    called: _Call | None = None
    offered: tuple[str, ...] = ()

    def onRegState(self, state: pjsua2.OnRegStateParam) -> None:  # noqa: N802 - called by pjsua2
        if state.code:
            self.answer = f"{state.code} {state.reason}"

    def onIncomingCall(self, incoming: pjsua2.OnIncomingCallParam) -> None:  # noqa: N802 - called by pjsua2
        self.offered = tuple(re.findall(r"^m=audio \d+ (\S+)", incoming.rdata.wholeMsg, re.MULTILINE))
        self.called = _Call(self, incoming.callId)
        answer = pjsua2.CallOpParam(True)  # noqa: FBT003 - SWIG takes no keywords
        answer.statusCode = 200
        self.called.answer(answer)


class _Call(pjsua2.Call):  # type: ignore[misc] # made by SWIG, without types
    is_established = False
    is_over = False
    reason = ""
    tone: pjsua2.ToneGenerator | None = None

    def onCallState(self, _: pjsua2.OnCallStateParam) -> None:  # noqa: N802 - called by pjsua2
        state = self.getInfo()
        self.reason = f"{state.lastStatusCode} {state.lastReason}"
        self.is_established |= state.state == pjsua2.PJSIP_INV_STATE_CONFIRMED
        self.is_over = state.state == pjsua2.PJSIP_INV_STATE_DISCONNECTED

    def onCallMediaState(self, _: pjsua2.OnCallMediaStateParam) -> None:  # noqa: N802 - called by pjsua2
        for media in self.getInfo().media:
            if media.type == pjsua2.PJMEDIA_TYPE_AUDIO and media.status == pjsua2.PJSUA_CALL_MEDIA_ACTIVE:
                tone = pjsua2.ToneDesc()
                tone.freq1, tone.on_msec = 400, 1000
                self.tone = pjsua2.ToneGenerator()
                self.tone.createToneGenerator(8000, 1)
                self.tone.play(pjsua2.ToneDescVector([tone]), True)  # noqa: FBT003 - SWIG takes no keywords
                self.tone.startTransmit(self.getAudioMedia(media.index))


def main() -> None:
    order = json.load(sys.stdin)
    endpoint = pjsua2.Endpoint()
    endpoint.libCreate()
    configuration = pjsua2.EpConfig()
    configuration.logConfig.consoleLevel = 0
    endpoint.libInit(configuration)
    endpoint.audDevManager().setNullDev()
    transport = pjsua2.TransportConfig()
    transport.tlsConfig.CaListFile = order["authority"]
    transport.tlsConfig.verifyServer = True
    transport.tlsConfig.method = pjsua2.PJSIP_TLSV1_2_METHOD
    endpoint.transportCreate(pjsua2.PJSIP_TRANSPORT_TLS, transport)
    endpoint.libStart()
    account = _Account()
    account.create(_account_configuration(order))
    _wait(lambda: account.answer != "")
    result: dict[str, object] = {"registration": account.answer, "call": None}
    if account.answer.startswith("200 "):
        result["call"] = _call(account, order) if order["number"] else _answer(account, order)
    result["offered"] = account.offered
    account.shutdown()
    endpoint.libDestroy()
    print(json.dumps(result))


def _account_configuration(order: dict[str, str]) -> pjsua2.AccountConfig:
    configuration = pjsua2.AccountConfig()
    configuration.idUri = f"sip:{order['user']}@{order['server']}"
    configuration.regConfig.registrarUri = f"sip:{order['server']}:{order['port']};transport=tls"
    login = pjsua2.AuthCredInfo("digest", "*", order["user"], 0, order["password"])
    configuration.sipConfig.authCreds.append(login)
    configuration.mediaConfig.srtpUse = _SRTP[order["media_encryption"]]
    configuration.mediaConfig.srtpSecureSignaling = 1
    return configuration


def _call(account: _Account, order: dict[str, str]) -> dict[str, object]:
    call = _Call(account)
    target = f"sip:{order['number']}@{order['server']}:{order['port']};transport=tls"
    call.makeCall(target, pjsua2.CallOpParam(True))  # noqa: FBT003 - SWIG takes no keywords
    _wait(lambda: call.is_established or call.is_over)
    return _conversation(call, order)


def _answer(account: _Account, order: dict[str, str]) -> dict[str, object] | None:
    """The first call that comes in; None where none does."""
    _wait(lambda: account.called is not None, _CALLED_WITHIN)
    call = account.called
    if call is None:
        return None
    account.called = None  # a call must be gone before the library is
    _wait(lambda: call.is_established or call.is_over)
    return _conversation(call, order)


def _conversation(call: _Call, order: dict[str, str]) -> dict[str, object]:
    packets = (0, 0)
    is_srtp = False
    if call.is_established:
        time.sleep(float(order["seconds"]))
        statistics = call.getStreamStat(0).rtcp
        packets = (statistics.txStat.pkt, statistics.rxStat.pkt)
        is_srtp = "SRTP status: Active" in call.dump(True, "")  # noqa: FBT003 - SWIG takes no keywords
        call.hangup(pjsua2.CallOpParam(True))  # noqa: FBT003 - SWIG takes no keywords
        _wait(lambda: call.is_over)
    return {
        "is_established": call.is_established,
        "close_reason": call.reason,
        "is_srtp": is_srtp,
        "packets_sent": packets[0],
        "packets_received": packets[1],
    }


def _wait(is_done: Callable[[], bool], seconds: float = _TIMEOUT) -> None:
    deadline = time.monotonic() + seconds
    while not is_done() and time.monotonic() < deadline:
        time.sleep(0.02)


if __name__ == "__main__":
    main()
