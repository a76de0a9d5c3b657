"""What runs confgen in continuous integration: the hook, the action and the snippets, each run as it would be there."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from junitparser import JUnitXml

from confgen.cli.commands.validate import validate
from tests import quick

CHECKOUT = Path(__file__).resolve().parents[2]
GITLAB = CHECKOUT / "docs" / "ci" / "gitlab.yml"
GOOD = (CHECKOUT / "confgen" / "cli" / "commands" / "starter.yaml").read_text(encoding="utf-8")
WRONG = f"{GOOD}\nprovidres: {{}}\n"
NO_YAML = f"{GOOD}\nproviders: [\n"
OF_PYTHON = "${{ steps.python.outputs.python-path || 'python3' }}"
CONFGEN = f'#!/bin/sh\nPYTHONPATH={CHECKOUT} exec {sys.executable} -m confgen "$@"\n'
# In place of Python: a venv with this confgen in it, and a pip that writes down what it is asked for.
PYTHON = """#!/bin/sh
test "$1 $2 $3" = "-I -m venv" || exit 9
mkdir -p "$4/bin"
cp {confgen} "$4/bin/confgen"
printf '#!/bin/sh\\necho "$@" > {asked}\\n' > "$4/bin/pip"
chmod +x "$4/bin/pip"
"""


def program(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """Little, and this confgen first on the PATH."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program(programs / "confgen", CONFGEN)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{who}_{what}": "ann@example.test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A repository's folder with an inventory in it."""
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "inventory.yaml").write_text(GOOD, encoding="utf-8")
    return folder


def ran(
    *words: str | Path, cwd: Path, env: Mapping[str, str], succeeds: bool = True
) -> subprocess.CompletedProcess[str]:
    answer = subprocess.run(words, cwd=cwd, env=env, check=False, capture_output=True, text=True)
    assert not succeeds or answer.returncode == 0, answer.stdout + answer.stderr
    return answer


# The hook


@pytest.fixture
def hooks(tmp_path: Path, env: Mapping[str, str]) -> Path:
    """A repository of the hook alone."""
    folder = tmp_path / "confgen-repository"
    folder.mkdir()
    shutil.copy(CHECKOUT / ".pre-commit-hooks.yaml", folder)
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "The hook"]):
        ran("git", *words, cwd=folder, env=env)
    return folder


def precommit(*words: str, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    home = str(cwd.parent / "pre-commit")
    return ran(
        sys.executable, "-m", "pre_commit", *words, cwd=cwd, env={**env, "PRE_COMMIT_HOME": home}, succeeds=False
    )


@pytest.fixture
def hooked(company: Path, hooks: Path, env: Mapping[str, str]) -> Path:
    """The company's folder with the hook, and all that is in it staged."""
    revision = ran("git", "rev-parse", "HEAD", cwd=hooks, env=env).stdout.strip()
    hook = {"id": "confgen-validate", "language": "system"}  # this confgen, so that nothing is fetched
    config = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": [hook]}]}
    (company / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    ran("git", "init", "--quiet", cwd=company, env=env)
    ran("git", "add", ".", cwd=company, env=env)
    return company


def test_the_hook_keeps_a_wrong_inventory_out(hooked: Path, env: Mapping[str, str]) -> None:
    good = precommit("run", cwd=hooked, env=env)

    assert good.returncode == 0, good.stdout + good.stderr
    assert re.search(r"^confgen validate\.+Passed$", good.stdout, re.MULTILINE)

    (hooked / "inventory.yaml").write_text(WRONG, encoding="utf-8")
    ran("git", "add", ".", cwd=hooked, env=env)
    wrong = precommit("run", cwd=hooked, env=env)

    assert wrong.returncode == 1
    assert re.search(r"^inventory\.yaml:\d+:1: LOAD-10 ", wrong.stdout, re.MULTILINE)


@pytest.mark.full
def test_the_hook_runs_where_a_file_was_deleted(hooked: Path, env: Mapping[str, str]) -> None:
    (hooked / "policy.yaml").write_text("policy: {profile: strict}\n", encoding="utf-8")
    (hooked / "inventory.yaml").write_text(f"include: [policy.yaml]\n{GOOD}", encoding="utf-8")
    ran("git", "add", ".", cwd=hooked, env=env)
    ran("git", "commit", "--quiet", "--no-verify", "--message", "All", cwd=hooked, env=env)
    ran("git", "rm", "--quiet", "policy.yaml", cwd=hooked, env=env)

    deleted = precommit("run", cwd=hooked, env=env)

    assert deleted.returncode == 1
    assert "LOAD-16" in deleted.stdout


def test_pre_commit_takes_the_manifest_and_the_example(company: Path, env: Mapping[str, str]) -> None:
    example = next(block for block in blocks("yaml") if block.startswith("repos:"))
    (company / ".pre-commit-config.yaml").write_text(example, encoding="utf-8")

    for words in (["validate-manifest", str(CHECKOUT / ".pre-commit-hooks.yaml")], ["validate-config"]):
        answer = precommit(*words, cwd=company, env=env)
        assert (answer.returncode, answer.stdout) == (0, ""), answer.stdout + answer.stderr


# The action


def action() -> Any:  # noqa: ANN401, YAML
    return yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))


def steps() -> list[Any]:
    """Those that run a shell."""
    return [step for step in action()["runs"]["steps"] if "run" in step]


def run_action(company: Path, env: Mapping[str, str], **inputs: str) -> tuple[int, str, Mapping[str, str]]:
    """Its steps as GitHub's runner runs them: exit code, log and outputs."""
    told = action()
    asked = company.parent / "pip-was-asked"
    python = PYTHON.format(confgen=company.parent / "bin" / "confgen", asked=asked)
    program(company.parent / "bin" / "python3", python)
    values = {name: each.get("default", "") for name, each in told["inputs"].items()} | inputs
    outputs = company.parent / "outputs"
    of_runner = {
        "GITHUB_ACTION_PATH": str(CHECKOUT),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_WORKSPACE": str(company),
        "RUNNER_TEMP": str(company.parent / "temp"),
    }
    log, code = "", 0
    for at, step in enumerate(steps()):
        script = program(company.parent / f"step-{at}.sh", step["run"])
        own = {
            name: re.sub(r"\${{ inputs\.([a-z-]+) }}", lambda match: values[match[1]], value).replace(
                OF_PYTHON, "python3"
            )
            for name, value in step.get("env", {}).items()
        }
        answer = ran(
            *("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script),
            cwd=company,
            env={**env, **of_runner, **own},
            succeeds=False,
        )
        log, code = log + answer.stdout + answer.stderr, answer.returncode
        if code:
            break
    assert asked.read_text(encoding="utf-8").split()[-1] == str(CHECKOUT)
    written = outputs.read_text(encoding="utf-8") if outputs.exists() else ""
    pairs = [line.split("=", 1) for line in written.splitlines()]
    return code, log, dict(pairs)


@pytest.mark.parametrize(
    ("text", "code", "finding"),
    quick.each(2, [(GOOD, 0, None), (WRONG, 1, "LOAD-10"), (NO_YAML, 2, "LOAD-02")], first=1),
)
def test_the_action_tells_findings_and_ends_as_confgen_does(
    text: str, code: int, finding: str | None, company: Path, env: Mapping[str, str]
) -> None:
    (company / "inventory.yaml").write_text(text, encoding="utf-8")

    ended, log, outputs = run_action(company, env)

    assert (ended, set(outputs), outputs["exit-code"]) == (code, {"sarif", "exit-code"}, str(code))
    results = json.loads(Path(outputs["sarif"]).read_text(encoding="utf-8"))["runs"][0]["results"]
    if finding is None:
        assert "::error" not in log
    else:
        assert finding in {result["ruleId"] for result in results}
        assert re.search(rf"^::error file=inventory\.yaml,line=\d+,col=\d+,title={finding}::", log, re.MULTILINE)


@pytest.mark.full
def test_the_action_writes_no_sarif_where_none_is_wanted(company: Path, env: Mapping[str, str]) -> None:
    _, _, outputs = run_action(company, env, sarif="false")

    assert "sarif" not in outputs
    assert not list(company.parent.glob("**/*.sarif"))


def test_the_action_writes_through_no_link_of_the_repository(company: Path, env: Mapping[str, str]) -> None:
    link = company / "confgen.sarif"
    (company / "inventory.yaml").write_text(WRONG, encoding="utf-8")
    link.symlink_to("../temp/confgen/bin/confgen")

    code, log, outputs = run_action(company, env)

    assert (code, outputs["exit-code"]) == (1, "1")
    assert "LOAD-10" in log
    assert link.read_text(encoding="utf-8") == CONFGEN
    assert company not in Path(outputs["sarif"]).resolve().parents


def test_no_input_of_the_action_is_run_by_the_shell(company: Path, env: Mapping[str, str]) -> None:
    sly = "$(touch sly) `touch sly`; touch sly #.yaml"
    (company / sly).write_text(GOOD, encoding="utf-8")

    code, _, _ = run_action(company, env, inventory=sly)

    assert code == 0
    assert not (company / "sly").exists()
    assert "${{" not in "".join(step["run"] for step in steps())


@pytest.mark.parametrize("sarif", ["true\nexit-code=0", "a.sarif", "", "$(touch sly)"])
def test_the_action_takes_nothing_but_true_and_false_for_sarif(
    sarif: str, company: Path, env: Mapping[str, str]
) -> None:
    code, log, outputs = run_action(company, env, sarif=sarif)

    assert (code, outputs) == (2, {})
    assert log.startswith("::error")


def test_what_the_action_uses_is_named_by_its_commit() -> None:
    used = [step["uses"] for step in action()["runs"]["steps"] if "uses" in step]

    assert used
    assert all(re.fullmatch(r"[a-z-]+/[a-z-]+@[0-9a-f]{40}", each) for each in used)


@pytest.mark.parametrize("inventory", quick.each(3, ["-v", "--help", "--fail-on=note"], first=2))
def test_no_input_of_the_action_is_an_option(inventory: str, company: Path, env: Mapping[str, str]) -> None:
    code, log, _ = run_action(company, env, inventory=inventory)

    assert code == 2
    assert "LOAD-01" in log


def test_every_output_of_the_action_is_one_of_a_step() -> None:
    told = action()
    scripts = "".join(step["run"] for step in steps())

    for name, each in told["outputs"].items():
        assert each["value"] == f"${{{{ steps.validate.outputs.{name} }}}}"
        assert f"{name}=%s" in scripts


# The snippet of GitLab


def run_job(company: Path, env: Mapping[str, str]) -> tuple[int, Mapping[str, str]]:
    """Its lines as GitLab's runner runs them: exit code, and the names of the reports."""
    job = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["confgen"]
    script = program(company.parent / "script.sh", "\n".join(job["script"]))
    answer = ran(
        *("bash", "-e", "-o", "pipefail", script),
        cwd=company,
        env={**env, **job["variables"], "CI_PROJECT_DIR": str(company)},
        succeeds=False,
    )
    return answer.returncode, job["artifacts"]["reports"]


@pytest.mark.parametrize(("text", "code"), quick.each(3, [(GOOD, 0), (WRONG, 1), (NO_YAML, 2)], first=1))
def test_the_job_of_gitlab_fills_its_reports_and_ends_as_confgen_does(
    text: str, code: int, company: Path, env: Mapping[str, str]
) -> None:
    (company / "inventory.yaml").write_text(text, encoding="utf-8")

    ended, reports = run_job(company, env)

    assert ended == code
    issues = json.loads((company / reports["codequality"]).read_text(encoding="utf-8"))
    assert any(issue["severity"] == "critical" for issue in issues) is bool(code)
    assert all(issue["location"]["path"] == "inventory.yaml" for issue in issues)
    assert bool(JUnitXml.fromfile(str(company / reports["junit"])).failures) is bool(code)


@pytest.mark.parametrize("report", quick.each(2, ["codequality", "junit"]))
def test_the_job_of_gitlab_writes_through_no_link_of_the_repository(
    report: str, company: Path, env: Mapping[str, str]
) -> None:
    (company / "inventory.yaml").write_text(WRONG, encoding="utf-8")
    (company / f"confgen.{report}.{'json' if report == 'codequality' else 'xml'}").symlink_to("../bin/confgen")

    code, reports = run_job(company, env)

    assert code == 1
    assert (company.parent / "bin" / "confgen").read_text(encoding="utf-8") == CONFGEN
    assert "inventory.yaml" in (company / reports[report]).read_text(encoding="utf-8")


# What all of them are


def blocks(language: str) -> list[str]:
    page = (CHECKOUT / "docs" / "ci.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("schema", quick.each(3, ["github-actions", "github-workflows", "gitlab-ci"]))
def test_each_is_what_its_schema_wants(schema: str, tmp_path: Path) -> None:
    match schema:
        case "github-actions":
            file = CHECKOUT / "action.yml"
        case "github-workflows":
            file = tmp_path / "workflow.yml"
            file.write_text(next(block for block in blocks("yaml") if "\njobs:" in block), encoding="utf-8")
        case _:
            file = GITLAB
    program_and_words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]

    answer = subprocess.run(program_and_words, check=False, capture_output=True, text=True)

    assert answer.returncode == 0, answer.stdout


def test_the_page_names_every_format() -> None:
    page = (CHECKOUT / "docs" / "ci.md").read_text(encoding="utf-8")
    (option,) = (each for each in validate.params if each.name == "output_format")

    named = set(re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE))
    assert named == {str(choice.value) for choice in option.type.choices}  # type: ignore[attr-defined]
