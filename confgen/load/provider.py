"""Trunks to providers, from what is written to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.dialling import carries, destination, number_form
from confgen.load.secret_references import reference
from confgen.load.settings import given_at, usable_at, value_at
from confgen.load.yaml_tree import YamlMapping, place_of
from confgen.model.provider import Account, Did, Provider, ProviderTrunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import Drafts, ProviderDraft, ProviderTrunkDraft


def provider_trunk(draft: ProviderTrunkDraft, drafts: Drafts, *, pbx: str) -> ProviderTrunk | None:
    """The trunk as the PBX has it; None where its provider or its account is not whole."""
    provider_draft = None if draft.provider is None else drafts.providers.get(draft.provider)
    provider = None if provider_draft is None else _provider(provider_draft, pbx)
    account = _account(draft)
    if provider is None or (account is None and "account" in draft.written):
        return None
    caller_id, hides, most_calls, context, test_number = (
        given_at(draft.written, *keys)
        for keys in (("caller_id", "number"), ("caller_id", "hide"), ("max_calls",), ("context",), ("test_number",))
    )
    return ProviderTrunk(
        name=draft.name,
        provider=provider,
        account=account,
        addresses=given_at(draft.written, "addresses") or (),
        dids=tuple(_dids(draft)),
        caller_id=caller_id,
        hides_caller_id=hides is True,
        most_calls=most_calls,
        codecs=usable_at({"trunk": draft.written}, "trunk", "codecs"),
        context=context,
        test_number=test_number,
        place=draft.place,
    )


def _provider(draft: ProviderDraft, pbx: str) -> Provider | None:
    own = {"provider": draft.written}
    domain = given_at(own, "provider", "domain")
    if domain is None:
        return None
    return Provider(
        name=draft.name,
        domain=domain,
        port=given_at(own, "provider", "port"),
        profile=usable_at(own, "provider", "profile"),
        authority=reference(value_at(own, "provider", "authority"), pbx=pbx),
        beyond=carries(value_at(own, "provider", "beyond")),
        number_form=number_form(value_at(own, "provider")),
        place=draft.place,
    )


def _account(draft: ProviderTrunkDraft) -> Account | None:
    user = given_at(draft.written, "account", "user")
    secret = reference(value_at(draft.written, "account", "secret"), trunk=draft.name)
    if user is None or secret is None:
        return None
    return Account(user=user, secret=secret, registers=given_at(draft.written, "account", "register") is not False)


def _dids(draft: ProviderTrunkDraft) -> Iterator[Did]:
    written = draft.written.get("dids")
    if isinstance(written, YamlMapping):
        for number, leads_to in written.items():
            end = destination(leads_to)
            if end is not None:
                yield Did(number=number, destination=end, place=place_of(written.key_mark(number)))
