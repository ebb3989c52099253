"""A short run of what `python -m tests.torture.store` does at length, in a process of its own."""

import subprocess
import sys


def tortured(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  # ours
        [sys.executable, "-m", "tests.torture.store", "--seed", "1", *arguments],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_random_kills_lose_nothing():
    assert "random kills: 20" in tortured("--kills", "20", "--states", "0", "--calls", "none")


def test_power_loss_and_rot_are_never_silent():
    assert "states, 0 bad" in tortured("--kills", "0", "--states", "1200", "--calls", "none")


def test_a_kill_at_every_system_call_leaves_before_or_after():
    said = tortured("--kills", "0", "--states", "0", "--calls", "commit")

    assert "call of commit" in said or "no strace" in said
