"""The modules an encrypted PBX needs: nothing else is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk.calls import limited, with_devices
from confgen.drivers.asterisk.profiles import profile_of
from confgen.drivers.asterisk.providers import is_identified_by_address, registers
from confgen.model.dialling import Emergency
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.inventory import Pbx

# Every module that is named here is in every release from 16.0.0 to 23.4.1.
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
    spoken.update(codec for trunk in pbx.provider_trunks for codec in trunk.codecs)
    if pbx.probe is not None:
        spoken.add("ulaw")
    return tuple(sorted(spoken))


def modules(pbx: Pbx) -> tuple[str, ...]:
    """What modules.conf loads, in the order that Asterisk is told: the user's own last."""
    ours = (*_CORE, *_MEDIA, *_codecs(pbx), *_SIP, *_to_providers(pbx), *REQUIRED, *_DIALPLAN, *_functions(pbx))
    lines = (module for channel in pbx.channels for module in channel.modules)
    return tuple(dict.fromkeys((*ours, *lines, *pbx.modules)))


def needed(pbx: Pbx) -> tuple[str, ...]:
    """What must run for encrypted calls and their proof, where the modules are the user's own."""
    core = ("res_security_log", "res_clioriginate", "res_rtp_asterisk")
    ours = (*_DIALPLAN, *_functions(pbx))
    dialplan = ours if Part.DIALPLAN in pbx.manages else ("pbx_config", "app_echo", "func_channel")
    return tuple(dict.fromkeys((*core, *_codecs(pbx), *_SIP, *_to_providers(pbx), *REQUIRED, *dialplan)))


def _codecs(pbx: Pbx) -> tuple[str, ...]:
    return tuple(module for codec in codecs_in_use(pbx) for module in _CODECS[codec])


def _functions(pbx: Pbx) -> Iterator[str]:
    """What the dialplan of this PBX computes with."""
    has_emergency = isinstance(pbx.emergency, Emergency)
    if pbx.routes or pbx.trunks or has_emergency or with_devices(pbx) or pbx.migration is not None:
        yield "func_strings"
    if has_emergency:
        yield "func_logic"
    if any(profile_of(trunk.provider).has_did_in_to for trunk in pbx.provider_trunks):
        yield from ("func_cut", "func_strings")
    if limited(pbx) or pbx.dialling.most_calls is not None:
        yield "func_groupcount"
    if pbx.trunks or pbx.migration is not None:
        yield "res_pjsip_header_funcs"


def _to_providers(pbx: Pbx) -> Iterator[str]:
    if any(registers(trunk) for trunk in pbx.provider_trunks):
        yield "res_pjsip_outbound_registration"
    if (
        is_identified_by_address(pbx) or pbx.migration is not None
    ):  # a module that is not loaded identifies nobody, whatever the order says
        yield "res_pjsip_endpoint_identifier_ip"
