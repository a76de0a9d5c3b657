"""What can go wrong between confgen and an API: what, with whom, and the mend; never a secret."""

from __future__ import annotations

from confgen.model.host import HostError


class ClientRefused(HostError):
    """The API lets the client in with no token; its secret is not tried again."""

    code = "API-01"
    is_unsent = True


class ApiUnreachable(HostError):
    """Nothing answered where the API should be; nothing was asked for."""

    code = "API-02"
    is_unsent = True


class TlsRefused(HostError):
    """Whoever answered could not prove to be the PBX; nothing was asked for."""

    code = "API-04"
    is_unsent = True


class NoApiThere(HostError):
    """What answered is a server of the web, but has no API at that place."""

    code = "API-05"


class NotUnderstood(HostError):
    """What came back is no answer of an API, or more than confgen is willing to hold."""

    code = "API-06"


class ApiTooSlow(HostError):
    """The answer was not there in time; whether the request was carried out is not known."""

    code = "API-07"


class ApiConnectionLost(HostError):
    """The connection ended before the answer had come; whether the request was carried out is not known."""

    code = "API-08"


class ApiNotServing(HostError):
    """The web server before the API says that the API does not serve now."""

    code = "API-09"


class NoSsh(HostError):
    """The PBX is reached by its API alone, and there is no host to run anything on."""

    code = "API-11"
