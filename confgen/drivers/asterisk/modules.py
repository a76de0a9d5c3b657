"""The modules an encrypted PBX needs: nothing else is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import Part

if TYPE_CHECKING:
    from confgen.model.inventory import Pbx

# `require` ends Asterisk when the module is missing: without these two it would run and carry no encrypted call.
REQUIRED = ("res_srtp", "chan_pjsip")

_CORE = (
    "res_timing_timerfd",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "res_security_log",
    "res_clioriginate",  # `confgen verify` calls through trunks
    "cdr_csv",
)
_MEDIA = ("res_rtp_asterisk", "res_crypto", "codec_resample", "bridge_simple", "bridge_native_rtp", "bridge_softmix")
_SIP = (
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_pubsub",  # chan_pjsip declines to load without it
    "res_pjsip_sdp_rtp",
    "res_pjsip_authenticator_digest",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_registrar",
    "res_pjsip_caller_id",
    "res_pjsip_diversion",
    "res_pjsip_acl",
    "res_pjsip_nat",
    "res_pjsip_refer",
    "res_pjsip_rfc3326",
    "res_pjsip_dlg_options",
    "res_pjsip_dtmf_info",
)
_DIALPLAN = (
    "pbx_config",
    "app_dial",
    "app_echo",
    "app_stack",
    "func_callerid",
    "func_channel",
    "func_global",
    "bridge_builtin_features",
)
_CODECS = {
    "alaw": ("codec_alaw",),
    "ulaw": ("codec_ulaw",),
    "g722": ("codec_g722",),
    "gsm": ("codec_gsm",),
    "g729": (),  # passed through, never transcoded
    "opus": ("res_format_attr_opus",),  # passed through, never transcoded
}


def codecs_in_use(pbx: Pbx) -> tuple[str, ...]:
    """Every codec that an extension or a trunk of the PBX may speak, in a fixed order."""
    spoken = {codec for extension in pbx.extensions for codec in extension.codecs}
    spoken.update(codec for trunk in pbx.trunks for codec in trunk.codecs)
    if pbx.probe is not None:
        spoken.add("ulaw")
    return tuple(sorted(spoken))


def modules(pbx: Pbx) -> tuple[str, ...]:
    """What modules.conf loads, in the order that Asterisk is told: the user's own last."""
    return tuple(dict.fromkeys((*_CORE, *_MEDIA, *_codec_modules(pbx), *_SIP, *REQUIRED, *_DIALPLAN, *pbx.modules)))


def needed(pbx: Pbx) -> tuple[str, ...]:
    """What must run for encrypted calls and their proof, where the modules are the user's own."""
    dialplan = _DIALPLAN if Part.DIALPLAN in pbx.manages else ("pbx_config", "app_echo", "func_channel")
    return (
        "res_security_log",
        "res_clioriginate",
        "res_rtp_asterisk",
        *_codec_modules(pbx),
        *_SIP,
        *REQUIRED,
        *dialplan,
    )


def _codec_modules(pbx: Pbx) -> tuple[str, ...]:
    return tuple(module for codec in codecs_in_use(pbx) for module in _CODECS[codec])
