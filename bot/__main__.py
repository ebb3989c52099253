"""The command line: what a person types after `exportwire`. Imports are lazy: --help is quick."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="exportwire",
        description="Export-control news, told once, exactly, to the chats that asked.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="poll the sources and serve the chats")
    run.add_argument("--once", action="store_true", help="poll every source once, deliver, end")
    run.add_argument(
        "--console", action="store_true", help="keep the console although a token is set"
    )
    run.add_argument("--data", type=Path, metavar="DIR", help="where the store is (DATA_DIR)")
    run.add_argument(
        "--sources", type=Path, metavar="FILE", help="a catalogue instead of ours (SOURCES)"
    )
    commands.add_parser("demo", help="half a minute of simulated news, without network")
    classify = commands.add_parser("classify", help="label JSON lines from standard input")
    classify.add_argument("--explain", action="store_true", help="add the words that decided")
    return parser


def _run(args: argparse.Namespace) -> int:
    from bot import app  # noqa: PLC0415  # lazy: the libraries cost half a second
    from bot.settings import load  # noqa: PLC0415

    settings = load(data_dir=args.data, sources=args.sources)
    return app.run(settings, once=args.once, console=args.console)


def _demo(_args: argparse.Namespace) -> int:
    from bot.demo import run  # noqa: PLC0415  # lazy, as above

    return run.main()


def _classify(args: argparse.Namespace) -> int:
    from bot import stream  # noqa: PLC0415  # lazy, as above

    return stream.main(sys.stdin.buffer, sys.stdout, sys.stderr, explain=args.explain)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "demo": _demo,
    "classify": _classify,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status: 0 done, 1 some input was bad, 2 cannot start."""
    from bot.errors import BotError  # noqa: PLC0415  # lazy, as above

    args = _parser().parse_args(argv)
    try:
        return COMMANDS[args.command](args)
    except BotError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the one place that speaks to a shell
        return 2
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
