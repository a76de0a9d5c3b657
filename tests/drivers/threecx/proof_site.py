"""A 3CX behind a contract fake that has what its inventory says, for what proves it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from confgen.drivers.threecx import records
from confgen.drivers.threecx.fingerprints import fingerprint_under
from confgen.drivers.threecx.objects import in_order
from confgen.drivers.threecx.present import present_one
from confgen.drivers.threecx.records import State, Written
from confgen.drivers.threecx.sources import sources
from confgen.drivers.threecx.texts import digest_of, without_secrets
from confgen.drivers.threecx.writing import write
from confgen.model.api import ApiAccess
from confgen.model.document import Document
from confgen.model.inventory import Pbx, Peering, ProductSettings
from confgen.model.secret import Secret, SecretReference
from confgen.model.version import ProductVersion
from confgen.render import render
from lab.threecx.quirks import Quirks
from tests.model.pbxs import a_pbx, a_provider_trunk, a_trunk_end, an_extension, reference
from tests.verify.wire.certificates import make_authority
from tests.xapi.host import FakeHost, make_fake

ISSUER = make_authority()
AUTHORITY = ISSUER.pem


def a_site(**changes: Any) -> Pbx:  # noqa: ANN401 -- any field of it
    """A 3CX with two extensions, a trunk to a provider, and one on which it registers with an Asterisk."""
    pbx = a_pbx(
        "site",
        kind="threecx",
        product_version=ProductVersion(20, 0, 10),
        own_certificate=None,
        extensions=(an_extension("100", own_secret=None), an_extension("101", own_secret=None)),
        trunks=(a_trunk_end("hq-site", "hq", peering=Peering.REGISTERS, peer_authority=reference("AUTHORITY")),),
        routes=(),
        provider_trunks=(a_provider_trunk("carrier-site"),),
        probe=None,
        echo_number="600",
        api=ApiAccess(
            name="site.example.test",
            port=5001,
            client="confgen",
            secret=reference("API"),
            authority=reference("API_AUTHORITY"),
        ),
        product=ProductSettings(values={}, places={}),
    )
    return replace(pbx, **changes)


@dataclass(kw_only=True)
class ProvenSite:
    """The PBX with everything that its documents say; `has_pushed` is whether the shelf knows of it."""

    pbx: Pbx = field(default_factory=a_site)
    has_pushed: bool = True
    host: FakeHost = field(init=False)

    def __post_init__(self) -> None:
        self.host = FakeHost(fake=make_fake(version=self.pbx.product_version))
        users = self.host.fake.state.collections["Users"]
        for extension in self.pbx.extensions:
            user = self.host.fake.state.new_user(extension.number)
            users[user["Id"]] = user
        by_key = {document.key: document for document in self.documents() if not document.is_for_push}
        for key in in_order(by_key):
            one = present_one(self.host, key, self.pbx.product_version)
            write(self.host, key, by_key[key].reveal(), one, self.pbx.product_version)
        if self.has_pushed:
            self._keep(by_key.values())

    def documents(self, *, salt: str = "1") -> tuple[Document, ...]:
        """With all their secrets; another salt gives others."""
        return render(sources(self.pbx), _Secrets(salt))

    def documents_of_a_proof(self) -> tuple[Document, ...]:
        """Without the secrets that a proof does not need."""
        return render(sources(self.pbx), {reference("AUTHORITY"): Secret(AUTHORITY), **_carriers()})

    def misbehave(self, **quirks: Any) -> None:  # noqa: ANN401 -- any field of it
        self.host.fake.quirks = Quirks(**quirks)

    def user(self, number: str) -> dict[str, Any]:
        users = self.host.fake.state.collections["Users"].values()
        found: dict[str, Any] = next(user for user in users if user["Number"] == number)
        return found

    def trunk(self, name: str) -> dict[str, Any]:
        trunks = self.host.fake.state.collections["Trunks"].values()
        found: dict[str, Any] = next(trunk for trunk in trunks if trunk["Gateway"]["Name"] == name)
        return found

    def _keep(self, documents: Any) -> None:  # noqa: ANN401 -- of documents
        fingerprint = fingerprint_under(records.fingerprint_key(self.host.shelf))
        written = {}
        for document in documents:
            text = without_secrets(document.key, document.reveal(), fingerprint)
            written[document.key] = Written(digest=digest_of(document.reveal()), text=text, reading=text)
        records.keep_state(self.host.shelf, State(push="1" * 16, generation=1, generations=(1,), written=written))


def _carriers() -> dict[SecretReference, Secret]:
    return {reference(f"{name}_AUTHORITY"): Secret(AUTHORITY) for name in ("CARRIERS", "API")}


class _Secrets(dict[SecretReference, Secret]):
    """A secret of its own for everything that is referred to."""

    def __init__(self, salt: str) -> None:
        super().__init__()
        self._salt = salt

    def get(self, key: SecretReference, default: Any = None) -> Any:  # noqa: ANN401, ARG002 -- as a dict has it
        name = key.words[0]
        return Secret(AUTHORITY if name.endswith("AUTHORITY") else f"sentinel-{name.lower()}-{self._salt}\n")
