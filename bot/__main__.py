"""The command line: what a person types after `exportwire`. Imports are lazy: --help is quick."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

_UPKEEP = {
    "backup": "copy the store to a file; the bot may run",
    "restore": "make a store from a backup",
    "export": "print chats, subscriptions, stories and added sources as JSON lines",
    "import": "add what an export holds, from standard input",
    "status": "how the bot does; it may run, and need not",
    "doctor": "check the whole set-up, or --sources; --repair brings back a damaged store",
}


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
    for name, words in _UPKEEP.items():
        command = commands.add_parser(name, help=words)
        command.add_argument(
            "--data", type=Path, metavar="DIR", help="where the store is (DATA_DIR)"
        )
        if name in {"backup", "restore"}:
            command.add_argument("file", type=Path)
        if name == "doctor":
            command.add_argument("--repair", action="store_true", help="bring back a damaged store")
            command.add_argument(
                "--sources",
                type=Path,
                nargs="?",
                const=Path(),
                metavar="FILE",
                help="ask every source of the catalogue once, and say what is wrong",
            )
            command.add_argument("--items", action="store_true", help="with --sources: JSON lines")
        if name == "export":
            command.add_argument("--format", choices=["jsonl"], default="jsonl")
    sources = commands.add_parser("sources", help="how each source does; the bot may run")
    sources.add_argument("--data", type=Path, metavar="DIR", help="where the store is (DATA_DIR)")
    sources.add_argument("action", nargs="?", choices=["import", "export"], help="lists of feeds")
    sources.add_argument("file", nargs="?", type=Path, help="an OPML file")
    classify = commands.add_parser("classify", help="label JSON lines from standard input")
    classify.add_argument("--explain", action="store_true", help="add the words that decided")
    return parser


def _run(args: argparse.Namespace) -> int:
    from bot import serve  # noqa: PLC0415  # lazy: the libraries cost half a second
    from bot.settings import load  # noqa: PLC0415

    settings = load(data_dir=args.data, sources=args.sources)
    return serve.run(settings, once=args.once, console=args.console)


def _demo(_args: argparse.Namespace) -> int:
    from bot.demo import run  # noqa: PLC0415  # lazy, as above

    return run.main()


def _classify(args: argparse.Namespace) -> int:
    from bot import stream  # noqa: PLC0415  # lazy, as above

    return stream.main(sys.stdin.buffer, sys.stdout, sys.stderr, explain=args.explain)


def _sources(args: argparse.Namespace) -> int:
    from bot import survey  # noqa: PLC0415  # lazy, as above
    from bot.settings import load  # noqa: PLC0415  # lazy, as above

    settings = load(data_dir=args.data)
    match args.action:
        case "import":
            told = survey.bring_in(settings, args.file)
        case "export":
            told = survey.hand_out(settings, args.file)
        case _:
            told = survey.table(settings)
    print(told)  # noqa: T201  # the answer to a shell
    return 0


def _doctor(args: argparse.Namespace) -> int:
    if args.repair:
        return _upkeep(args)
    from bot import doctor, survey  # noqa: PLC0415  # lazy, as above
    from bot.settings import load  # noqa: PLC0415  # lazy, as above

    if args.sources is None:
        return doctor.run(load(data_dir=args.data))
    given = args.sources if args.sources.name else None
    return survey.run(load(data_dir=args.data, sources=given), items=args.items)


def _upkeep(args: argparse.Namespace) -> int:
    from bot import upkeep  # noqa: PLC0415  # lazy, as above
    from bot.settings import load  # noqa: PLC0415  # lazy, as above

    folder = load(data_dir=args.data).data_dir
    match args.command:
        case "backup":
            told = upkeep.backup(folder, args.file)
        case "restore":
            told = upkeep.restore(folder, args.file)
        case "export":
            told = upkeep.export(folder)
        case "status":
            told = upkeep.status(folder)
        case "import":
            told = upkeep.bring_in(folder, sys.stdin)
        case _:
            told = upkeep.mended(folder)
    if told:
        print(told)  # noqa: T201  # the answer to a shell
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "demo": _demo,
    "classify": _classify,
    **dict.fromkeys(_UPKEEP, _upkeep),
    "doctor": _doctor,
    "sources": _sources,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status: 0 done, 1 bad input, 2 cannot start, 3 disk failed."""
    from bot.errors import BotError  # noqa: PLC0415  # lazy, as above

    args = _parser().parse_args(argv)
    try:
        status = COMMANDS[args.command](args)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has enough; Python would say so again at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except BotError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the one place that speaks to a shell
        return 2
    except KeyboardInterrupt:
        return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
