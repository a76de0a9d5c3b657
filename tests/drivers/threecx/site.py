"""A 3CX behind a contract fake, and pushes to it, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from confgen.drivers import threecx
from confgen.drivers.threecx.rollout import ENFORCED
from confgen.model.api import ApiAccess
from confgen.model.check import Check, Level, Question, Vantage
from confgen.model.document import Document
from confgen.model.inventory import Pbx, Peering, ProductSettings, TrunkEnd
from confgen.model.result import Result
from confgen.model.secret import Secret, SecretReference
from confgen.model.terms import Terms
from confgen.model.version import ProductVersion
from confgen.push import push, rollback
from confgen.render import render
from lab.threecx.state import blank
from tests.model.pbxs import a_pbx, a_provider_trunk, a_trunk_end, an_extension, reference
from tests.xapi.host import FakeHost

SENTINEL = "sentinel"  # every planted secret begins so
AUTHORITY = "-----BEGIN CERTIFICATE-----\nAUTHORITY\n-----END CERTIFICATE-----\n"
CHAIN = "-----BEGIN CERTIFICATE-----\nCHAIN\n-----END CERTIFICATE-----\n"


def a_site(**changes: Any) -> Pbx:  # noqa: ANN401 -- any field of it
    """A 3CX with two extensions and a trunk to a provider; `product` takes plain values."""
    values = {"backup": {"secret": reference("BACKUP")}, **changes.pop("product", {})}
    pbx = a_pbx(
        "site",
        kind="threecx",
        product_version=ProductVersion(20, 0, 10),
        own_certificate=None,
        extensions=(an_extension("100", own_secret=None), an_extension("101", own_secret=None)),
        trunks=(),
        routes=(),
        provider_trunks=(a_provider_trunk("carrier"),),
        probe=None,
        echo_number=None,
        api=ApiAccess(name="site.example.test", port=5001, client="confgen", secret=reference("API")),
        product=ProductSettings(values=values, places={}),
    )
    return replace(pbx, **changes)


def a_peer_trunk(name: str = "hq-site") -> TrunkEnd:
    return a_trunk_end(name, "hq", peering=Peering.REGISTERS, peer_authority=reference("HQ_AUTHORITY"))


@dataclass(kw_only=True)
class Site:
    """The PBX, its users and a trunk that is there already; `passes` is whether the proof does."""

    pbx: Pbx = field(default_factory=a_site)
    host: FakeHost = field(default_factory=FakeHost)
    terms: Terms = field(default_factory=lambda: Terms(adopt=True))
    salt: str = "1"  # with another one, every secret is another one
    passes: bool = True
    has_tools: bool = True  # whether the secrets of what a rollback needs are known
    steps: list[str] = field(default_factory=list)
    on_step: Callable[[str], None] = lambda _words: None

    def __post_init__(self) -> None:
        for extension in self.pbx.extensions:
            self.add_user(extension.number)

    @property
    def objects(self) -> Mapping[str, Any]:
        return self.host.fake.state.collections

    def add_user(self, number: str) -> None:
        user = self.host.fake.state.new_user(number)
        self.objects["Users"][user["Id"]] = user

    def add_trunk(self, name: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field of it
        state = self.host.fake.state
        trunk = {**blank("Trunk"), "Id": state.new_id(), "Number": state.first_free_trunk_number(), **fields}
        trunk["Gateway"] = {**blank("Gateway"), "Name": name, "Host": "old.example.test"}
        trunk["AuthPassword"] = {"Value": "sentinel-old-password", "Concealed": False}
        self.objects["Trunks"][trunk["Id"]] = trunk
        return trunk

    def user(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.objects["Users"].values() if one["Number"] == number)
        return found

    def trunk(self, name: str) -> dict[str, Any] | None:
        return next((one for one in self.objects["Trunks"].values() if one["Gateway"]["Name"] == name), None)

    def documents(self) -> tuple[Document, ...]:
        return render(threecx.sources(self.pbx), self.secrets())

    def secrets(self) -> dict[SecretReference, Secret]:
        return _Secrets(self.salt)

    def push(self, **terms: Any) -> Result:  # noqa: ANN401 -- any of the terms
        return push(
            self.host, self.pbx, threecx, self.documents(), terms=replace(self.terms, **terms), prove=self._prove,
            step=self._step,
        )  # fmt: skip

    def rollback(self, generation: int | None = None) -> Result:
        tools = [document for document in self.documents() if document.is_for_push and self.has_tools]
        return rollback(
            self.host, self.pbx, threecx, generation, tools=tools, terms=self.terms, prove=self._prove, step=self._step
        )

    def is_secure(self) -> bool:
        """Whether all of the site is as its inventory says, by the PBX's own word."""
        trunk = self.trunk("carrier")
        return (
            all(self.user(one.number)["SRTPMode"] == ENFORCED for one in self.pbx.extensions)
            and trunk is not None
            and trunk["TransportRestriction"] == "TLS"
            and trunk["Gateway"]["SRTPMode"] == ENFORCED
        )

    def _prove(self, pbx: Pbx, documents: Collection[Document]) -> tuple[Check, ...]:
        self._step("proving")
        question = Question(code="TLS-05", level=Level.TLS, subject="tls", vantage=Vantage.OPERATOR)
        told = question.passed("good") if self.passes else question.failed("bad", "push again")
        return (told, *threecx.state(self.host, pbx, documents))

    def _step(self, words: str) -> None:
        self.steps.append(words)
        self.on_step(words)


class _Secrets(dict[SecretReference, Secret]):
    """A secret of its own for everything that is referred to."""

    def __init__(self, salt: str) -> None:
        super().__init__()
        self._salt = salt

    def get(self, key: SecretReference, default: Any = None) -> Any:  # noqa: ANN401, ARG002 -- as a dict has it
        name = key.words[0]
        if name.endswith("AUTHORITY"):
            return Secret(AUTHORITY)
        if name == "CHAIN":
            return Secret(CHAIN)
        return Secret(f"{SENTINEL}-{name.lower()}-{self._salt}\n")
