"""What is in deploy/ fits the program: commands, settings, hardening, and systemd's own opinion."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import _parser
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
UNIT = (ROOT / "deploy/exportwire.service").read_text()
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
COMPOSE = (ROOT / "deploy/compose.yaml").read_text()
WORST = 1.5  # of ten, in systemd's rating of exposure


def unit_values(name):
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def analyze(*args):
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd is not installed")
    return subprocess.run([tool, *args], capture_output=True, text=True, check=False)  # noqa: S603  # ours


def test_systemd_takes_the_unit(tmp_path):
    """The command is replaced by one that exists here."""
    unit = tmp_path / "exportwire.service"
    unit.write_text(
        re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", UNIT, flags=re.MULTILINE)
    )

    done = analyze("verify", str(unit))

    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_rates_its_exposure_low():
    done = analyze("security", "--offline=true", str(ROOT / "deploy/exportwire.service"))

    rating = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert rating, done.stderr
    assert float(rating[1]) <= WORST


def test_the_unit_restarts_what_a_start_can_mend_and_waits_for_an_ordered_stop():
    assert unit_values("Restart") == ["on-failure"]
    assert unit_values("RestartPreventExitStatus") == ["2"]
    assert int(unit_values("TimeoutStopSec")[0]) > 20 + 5 + 5
    assert unit_values("Type") == ["notify"]


def test_every_start_is_a_command_that_exists():
    starts = [
        unit_values("ExecStart")[0].partition("/bin/exportwire ")[2],
        (ROOT / "Procfile").read_text().partition("worker: exportwire ")[2],
        "run" if 'ENTRYPOINT ["exportwire"]\nCMD ["run"]' in DOCKERFILE else "",
    ]

    assert [_parser().parse_args(start.split()).command for start in starts] == ["run"] * 3


def test_every_setting_that_is_named_exists():
    named = [
        *re.findall(r"^#?LoadCredential=(\w+):", UNIT, re.MULTILINE),
        *re.findall(r"^Environment=(\w+)=", UNIT, re.MULTILINE),
        *re.findall(r"^      ([A-Z_]+):", COMPOSE, re.MULTILINE),
        *re.findall(r"\b(DATA_DIR|HEALTH_PORT)=", DOCKERFILE),
        *re.findall(r"`([A-Z]+_[A-Z]+)(?:=\w+)?`", (ROOT / "docs/DEPLOY.md").read_text()),
    ]

    assert len(named) > 8
    assert {name.lower() for name in named} - set(Settings.model_fields) == {
        "credentials_directory"
    }


@pytest.mark.parametrize(
    "line",
    [
        "read_only: true",
        "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]',
        "stop_grace_period: 40s",
        "tmpfs: /tmp",
    ],
)
def test_the_container_is_confined(line):
    assert line in COMPOSE


def test_the_image_runs_without_rights_and_is_probed():
    stage = DOCKERFILE.rpartition("FROM ")[2]

    assert re.search(r"^USER exportwire$", stage, re.MULTILINE)
    assert re.search(r"^STOPSIGNAL SIGTERM$", stage, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", stage, re.MULTILINE)
    assert "/healthz" in stage
    assert "--require-hashes --only-binary :all:" in DOCKERFILE


def test_what_the_image_is_built_from_exists_and_is_let_in():
    ignore = (ROOT / "deploy/Dockerfile.dockerignore").read_text().splitlines()
    copied = [
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for name in line.split()[:-1]
    ]

    assert len(copied) >= 7
    assert all((ROOT / name).exists() and f"!{name}" in ignore for name in copied)


@pytest.mark.parametrize(
    ("given", "said"), [([], "tests.torture"), (["ROUNDS=2"], "tests.torture --rounds 2")]
)
def test_torture_is_whole_where_nothing_is_asked_for(given, said):
    make = shutil.which("make")
    assert make, "the tests are run by make"
    asked = [make, "--no-print-directory", "-n", "torture", *given]
    told = subprocess.check_output(asked, cwd=ROOT, text=True)  # noqa: S603  # ours
    assert told.splitlines()[-1].split(" -m ")[1].strip() == said
