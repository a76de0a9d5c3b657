"""What the end of a leg is asked, and its answer, where the PBX is reached: here or on a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from confgen import verify
from confgen.drivers import driver_of
from confgen.model.check import CALLED_OFF
from confgen.model.driver import PushRefused
from confgen.model.host import HostError
from confgen.model.inventory import Inventory
from confgen.push import Stopped, said

if TYPE_CHECKING:
    from confgen.fleet.job import Site
    from confgen.model.check import Check
    from confgen.model.inventory import Pbx, TrunkEnd
    from confgen.model.leg import Bound, Called, NotCalled, NotRegistered, Witness
    from confgen.model.provider import ProviderTrunk

Trunk = TypeVar("Trunk")
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegQuestion(Generic[Trunk]):
    """To one PBX, about one of its trunks; it pickles, and holds references to secrets only."""

    inventory: Inventory  # of the one PBX alone
    trunk: Trunk
    is_repeatable: bool  # where nobody knows how far it came: nobody is charged twice

    @property
    def pbx(self) -> Pbx:
        """The one."""
        return self.inventory.pbxs[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Why there is no answer."""

    reason: str
    mend: str = ""


Ask = Callable[[LegQuestion[Trunk], "Site"], Told]


def answered(ask: Ask[Trunk, Told], question: LegQuestion[Trunk], site: Site) -> Told | Unanswered:
    """What came of it, or why it was not told; it takes nothing else with it."""
    try:
        return ask(question, site)
    except (Stopped, KeyboardInterrupt):  # the PBXs themselves are pushed and proven by now
        return Unanswered(reason=CALLED_OFF, mend="`confgen verify` proves the legs anew")
    except PushRefused as error:
        return Unanswered(reason=error.finding.message, mend=error.finding.mend)
    except HostError as error:
        return Unanswered(reason=str(error))
    except Exception as error:  # noqa: BLE001 -- a fault of confgen's own takes no other leg with it
        return Unanswered(reason=said(error))


def call_peer(question: LegQuestion[TrunkEnd], site: Site) -> Called | NotCalled | NotRegistered:
    """A call from this end of a trunk to the other one."""
    pbx = question.pbx
    return driver_of(pbx.kind).call_peer(site.connections.to(pbx), pbx, question.trunk)


def heard_of_peer(question: LegQuestion[TrunkEnd], site: Site) -> Witness | Bound | NotCalled | None:
    """What this end tells of the call that came."""
    pbx = question.pbx
    return driver_of(pbx.kind).heard_of_peer(site.connections.to(pbx), pbx, question.trunk)


def call_outside(question: LegQuestion[ProviderTrunk], site: Site) -> Called | NotCalled:
    """A call to a provider's test number, which may cost something."""
    pbx = question.pbx
    return driver_of(pbx.kind).call_outside(site.connections.to(pbx), pbx, question.trunk)


def standing_at_provider(question: LegQuestion[ProviderTrunk], site: Site) -> Check:
    """How this PBX stands with a provider."""
    pbx = question.pbx
    return verify.prove_provider(site.connections.to(pbx), pbx, driver_of(pbx.kind), question.trunk)
