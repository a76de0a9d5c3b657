"""References to secrets become the secrets, each once and several at a time; what cannot be had is a finding."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from confgen.model.finding import Finding, Severity
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.secrets.once import Once
from confgen.secrets.outcome import Outcome, failed
from confgen.secrets.patience import Patience
from confgen.secrets.plain import of_command, of_environment, of_file
from confgen.secrets.sops import SopsFiles
from confgen.secrets.system_keyring import of_keyring
from confgen.secrets.vault import Vault

_WORKERS = 8  # at once, for one caller of `resolve`
_ASKING = 8  # programs and servers at once, however many PBXs are prepared side by side
_PATIENCE = 60.0  # seconds for one program, vault or keyring
_AT_HAND = frozenset({SecretSource.ENVIRONMENT, SecretSource.FILE})  # nobody need be asked, nor waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The secrets that could be had, and what is to be said of a reference: mostly why it could not."""

    secrets: Mapping[SecretReference, Secret]
    told: Mapping[SecretReference, Finding]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said, in order."""
        return tuple(sorted(self.told.values(), key=Finding.sort_key))


def never() -> bool:
    """Nobody asks to stop."""
    return False


class Resolver:
    """Looks each reference up once in its life, which is a run's, unless it is told to forget; any thread may ask."""

    def __init__(
        self, *, is_stopped: Callable[[], bool] = never, shared: frozenset[SecretReference] = frozenset()
    ) -> None:
        """What is `shared` is never forgotten: all that refer to it get the same."""
        self._shared = shared
        self._is_stopped = is_stopped
        self._is_interrupted = threading.Event()
        self._patience = Patience(
            seconds=_PATIENCE, is_stopped=lambda: self._is_interrupted.is_set() or self._is_stopped()
        )
        self._asking = threading.BoundedSemaphore(_ASKING)
        self._outcomes: Once[tuple[Path, SecretReference], Outcome] = Once()
        self._sops = SopsFiles(self._asking, self._patience)
        self._vault = Vault(self._asking, self._patience)
        self._keyring = threading.Lock()  # backends need not bear two threads

    def resolve(
        self,
        references: Collection[SecretReference],
        *,
        folder: Path,
        public: frozenset[SecretReference] = frozenset(),
        others: Collection[SecretReference] = (),
    ) -> Resolved:
        """Resolve each distinct reference; paths and commands start at `folder`, everyone may read the `public` ones.

        Variables that hold secrets, of these references and of `others`, are kept from the programs that are run.
        """
        distinct = tuple(dict.fromkeys(references))
        environment = _without_secrets((*distinct, *others))

        def look_up(reference: SecretReference) -> Outcome:
            return self._outcomes.answer((folder, reference), lambda: self._look_up(reference, folder, environment))

        at_hand = {reference: look_up(reference) for reference in distinct if reference.source in _AT_HAND}
        asked_for = self._looked_up_together([reference for reference in distinct if reference not in at_hand], look_up)
        outcomes = {**at_hand, **asked_for}
        secrets: dict[SecretReference, Secret] = {}
        told: dict[SecretReference, Finding] = {}
        for reference, outcome in outcomes.items():
            if isinstance(outcome, Finding):
                told[reference] = replace(outcome, place=reference.place)  # another's may have been first
                continue
            secrets[reference] = outcome.secret
            if outcome.is_readable_by_everyone and reference not in public:
                told[reference] = _readable_by_everyone(reference)
        return Resolved(secrets=secrets, told=told)

    def forget(self, references: Collection[SecretReference], *, folder: Path) -> None:
        """Hold these no longer than their PBX is worked on: thousands of PBXs have tens of thousands of them."""
        for reference in frozenset(references) - self._shared:
            self._outcomes.forget((folder, reference))

    def _looked_up_together(
        self, references: Collection[SecretReference], look_up: Callable[[SecretReference], Outcome]
    ) -> Mapping[SecretReference, Outcome]:
        if not references:
            return {}
        with ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="secrets") as workers:
            try:
                return dict(zip(references, workers.map(look_up, references), strict=True))
            except BaseException:
                self._is_interrupted.set()
                workers.shutdown(wait=False, cancel_futures=True)
                raise

    def _look_up(  # noqa: PLR0911 -- one for each source
        self, reference: SecretReference, folder: Path, environment: Mapping[str, str]
    ) -> Outcome:
        match reference.source:
            case SecretSource.ENVIRONMENT:
                return of_environment(reference)
            case SecretSource.FILE:
                return of_file(reference, folder)
            case SecretSource.COMMAND:
                with self._asking:
                    return of_command(reference, folder, environment, self._patience)
            case SecretSource.SOPS:
                return self._sops.value(reference, folder, environment)
            case SecretSource.VAULT:
                return self._vault.field(reference)
            case SecretSource.KEYRING:
                return of_keyring(reference, self._keyring, self._patience)
            case SecretSource.ON_HOST:  # the PBX's own host knows it, and is asked elsewhere
                return failed(reference, "SEC-02", "it lies on the PBX's host", "ask the host")


def resolve(
    references: Collection[SecretReference],
    *,
    folder: Path,
    public: frozenset[SecretReference] = frozenset(),
    others: Collection[SecretReference] = (),
) -> Resolved:
    """What a resolver that nobody asks again makes of the references."""
    return Resolver().resolve(references, folder=folder, public=public, others=others)


def _without_secrets(references: Collection[SecretReference]) -> Mapping[str, str]:
    held = {reference.words[0] for reference in references if reference.source is SecretSource.ENVIRONMENT}
    return {name: value for name, value in os.environ.items() if name not in held}


def _readable_by_everyone(reference: SecretReference) -> Finding:
    return Finding(
        code="SEC-04",
        severity=Severity.WARNING,
        message=f"secret {reference} can be read by every user of this machine",
        mend=f"chmod o-rwx {' '.join(reference.words)}",
        place=reference.place,
    )
