"""Which secrets an inventory gives to whom, as their holders have them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confgen.model.finding import Finding
from confgen.model.secret import Secret, SecretReference

if TYPE_CHECKING:
    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx
    from confgen.policy.company import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A secret that was resolved, and who has it."""

    holder: str  # `extension 101 of hq`; a trunk's two ends are one
    pbx: str
    subject: str | None
    reference: SecretReference
    text: Secret  # without the line end of its file
    names: tuple[str, ...]  # what everybody may know of the holder
    place: Place

    @property
    def said(self) -> str:
        """`the secret of extension 101 of hq (env:PHONE)`."""
        return f"the secret of {self.holder} ({self.reference})"

    def finding(self, code: str, message: str, mend: str) -> Finding:
        """What is wrong with it, where it is referred to."""
        return Finding(code=code, message=message, mend=mend, place=self.place, pbx=self.pbx, subject=self.subject)


def held_secrets(company: Company) -> Iterator[Held]:
    """Every one, in the order of the PBXs; none where no secret was resolved."""
    if not company.opened.has_secrets:
        return
    trunks: set[str] = set()
    for pbx in company.pbxs:
        for held in _of(pbx, company.opened.texts):
            if held.holder not in trunks:
                yield held
        trunks.update(_trunk(end.name) for end in pbx.trunks)


def _of(pbx: Pbx, texts: Mapping[SecretReference, Secret]) -> Iterator[Held]:
    common = (pbx.name, pbx.domain, pbx.domain.partition(".")[0])
    for holder, subject, reference, place, names in _uses(pbx):
        text = texts.get(reference)
        if text is not None:
            yield Held(
                holder=holder,
                pbx=pbx.name,
                subject=subject,
                reference=reference,
                text=Secret(text.reveal().removesuffix("\n").removesuffix("\r")),
                names=(*names, *common),
                place=reference.place or place,
            )


_Use = tuple[str, str | None, SecretReference, "Place", tuple[str, ...]]


def _uses(pbx: Pbx) -> Iterator[_Use]:
    yield from _of_phones_and_trunks(pbx)
    yield from _of_services(pbx)


def _of_phones_and_trunks(pbx: Pbx) -> Iterator[_Use]:
    for extension in pbx.extensions:
        if extension.own_secret is not None:
            number, shown = extension.number, extension.display_name or ""
            holder = f"extension {number} of {pbx.name}"
            yield holder, number, extension.own_secret, extension.place, (number, shown, *shown.split())
    for end in pbx.trunks:
        yield _trunk(end.name), end.name, end.secret, end.place, (end.name, end.peer)
    for trunk in pbx.provider_trunks:
        if trunk.account is not None:
            user, provider = trunk.account.user, trunk.provider.name
            names = (user, trunk.name, provider)
            yield f"trunk {trunk.name} of {pbx.name}", trunk.name, trunk.account.secret, trunk.place, names


def _of_services(pbx: Pbx) -> Iterator[_Use]:
    if pbx.probe is not None:
        yield f"the probe of {pbx.name}", pbx.probe.name, pbx.probe.secret, pbx.probe.place, (pbx.probe.name,)
    if pbx.ami is not None:
        for user in pbx.ami.users:
            yield f"the AMI user {user.name} of {pbx.name}", user.name, user.secret, user.place, (user.name,)
    if pbx.api is not None:
        yield f"the API client of {pbx.name}", None, pbx.api.secret, pbx.place, (pbx.api.client,)
    if pbx.product is not None:
        for way, reference in _below(pbx.product.values, ()):
            subject = way[-2] if len(way) > 1 else way[-1]
            yield f"{'.'.join(way)} of {pbx.name}", subject, reference, pbx.place, (subject,)


def _trunk(name: str) -> str:
    return f"trunk {name}"


def _below(value: Mapping[str, Any], way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], SecretReference]]:
    for key, item in value.items():
        if isinstance(item, SecretReference):
            yield (*way, key), item
        elif isinstance(item, dict):
            yield from _below(item, (*way, key))
