"""What an API says of a fault is told, and never what it was sent."""

from __future__ import annotations

import pytest

from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.api_fault import ApiForbidden, ApiRefused, accepted, fault_in
from confgen.model.host import HostError

# Recorded on a live 3CX V20 by others: an address that another user has.
RECORDED = {
    "error": {
        "code": "",
        "message": "EmailAddress:\nWARNINGS.XAPI.ALREADY_IN_USE",
        "details": [{"code": "", "message": "WARNINGS.XAPI.ALREADY_IN_USE", "target": "EmailAddress"}],
    }
}
PATCH = ApiRequest(method="PATCH", path="/xapi/v1/Users(101)?$select=Id", body={"SRTPMode": "SRTPEnforced"})


def _patch(**body: object) -> ApiRequest:
    return ApiRequest(method="PATCH", path="/xapi/v1/Users(101)", body=body)


def test_what_is_wrong_with_each_field_is_told() -> None:
    fault = fault_in(PATCH, ApiAnswer(status=400, body=RECORDED))

    assert [(detail.target, detail.message) for detail in fault.details] == [
        ("EmailAddress", "WARNINGS.XAPI.ALREADY_IN_USE")
    ]
    assert str(fault) == "400 (EmailAddress: WARNINGS.XAPI.ALREADY_IN_USE)"


@pytest.mark.parametrize(
    "body",
    [None, [], "no", {}, {"error": None}, {"error": []}, {"error": {"message": 7, "details": {}}},
     {"error": {"details": [7, None, {"target": []}]}}],
)  # fmt: skip
def test_an_answer_of_another_form_tells_its_status_alone(body: object) -> None:
    assert str(fault_in(PATCH, ApiAnswer(status=500, body=body))) == "500"


def test_what_was_sent_is_blanked_wherever_it_is_said_again() -> None:
    said = {"error": {"message": 'cannot use tr0ub4dor"&3 (tr0ub4dor\\"&3), 12 or 712 as PIN', "code": "hunter2!x"}}
    request = _patch(AuthPassword={"Value": 'tr0ub4dor"&3'}, VMPIN="12", Phones=[{"Secret": "hunter2!"}])

    fault = fault_in(request, ApiAnswer(status=400, body=said))

    assert fault.message == "cannot use ******** (********), ******** or 712 as PIN"
    assert fault.code == "********x"


def test_what_is_told_is_printable_and_bounded() -> None:
    said = {"error": {"message": "\x1b[31m" + "a" * 1000, "details": [{"message": "x"}] * 1000}}

    fault = fault_in(PATCH, ApiAnswer(status=400, body=said))

    assert fault.message.isprintable()
    assert len(fault.message) < 310
    assert len(fault.details) == 20


def test_what_is_accepted_comes_through() -> None:
    answer = ApiAnswer(status=204)

    assert accepted(PATCH, answer) is answer


@pytest.mark.parametrize(("status", "words"), [(403, "role system_owners"), (401, "one token at a time")])
def test_what_the_client_may_not_do_is_told_with_the_mend(status: int, words: str) -> None:
    with pytest.raises(ApiForbidden, match=words) as forbidden:
        accepted(PATCH, ApiAnswer(status=status))

    assert forbidden.value.code == "API-03"
    assert "$select" not in str(forbidden.value)


def test_what_is_refused_is_told_with_its_request() -> None:
    with pytest.raises(
        ApiRefused, match=r"^PATCH /xapi/v1/Users\(101\): the API refused it: 400 \(EmailAddress: "
    ) as it:
        accepted(PATCH, ApiAnswer(status=400, body=RECORDED))

    assert it.value.code == "API-10"
    assert isinstance(it.value, HostError)
    assert it.value.fault.details
