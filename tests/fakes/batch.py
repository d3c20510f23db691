"""Batch runs with the keyword backend in processes of their own, to be killed and stopped.

`python batch.py run FOLDER STORE [naive] [slow|hang] [patient]` prints `ready` when the work begins and ends with the
exit codes of the contract.  `python batch.py serve` does the same for each line `FOLDER<tab>STORE<tab>FAULTS` on
standard input, in a fork that has everything imported: it prints `ready`, then for each run the process id and, when
it has ended, the exit status.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from chaoxun.archive.jobs import Job
from chaoxun.archive.pipeline import tag_inputs
from chaoxun.archive.stopping import stopping
from chaoxun.archive.store import Store
from chaoxun.errors import ChaoxunError
from chaoxun.registry import open_tagger, release_key
from fakes.naive_store import NaiveStore
from fakes.pages import write_folder


def main(folder: str, store_path: str, *faults: str) -> int:
    kind = NaiveStore if "naive" in faults else Store
    with stopping(grace_seconds=60 if "patient" in faults else 1) as stop:
        try:
            with kind(Path(store_path), mode="write") as store:
                for _ in tag_inputs(job_of(folder, stop.is_set), store):
                    time.sleep(0.05 if "slow" in faults else 0)
                    time.sleep(3600 if "hang" in faults else 0)
        except ChaoxunError as error:
            print(error, file=sys.stderr)
            return error.exit_code
        except KeyboardInterrupt:
            return stop.exit_code
    return stop.exit_code


def serve() -> None:
    warm_up()
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 99
            try:
                code = main(*line.rstrip("\n").split("\t"))
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def warm_up() -> None:
    """Loads what is loaded on first use, by doing the whole job once."""
    with tempfile.TemporaryDirectory() as folder:
        write_folder(Path(folder), n_pages=1)
        for _ in tag_inputs(job_of(folder)):
            pass


def job_of(folder: str, is_stopped: Callable[[], bool] = lambda: False) -> Job:
    return Job(
        paths=(Path(folder),), release=release_key(None, backend="keywords"), is_stopped=is_stopped,
        open_tagger=lambda: open_tagger(None, backend="keywords"),
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        print("ready", flush=True)
        sys.exit(main(*sys.argv[2:]))
