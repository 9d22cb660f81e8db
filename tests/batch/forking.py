"""A run with workers that are forks, in a process of its own: one that runs tests has threads, so it forks nothing.

Usage: python forking.py MODE OUTPUT FILE...; it prints one line of JSON.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from pipeline.batch import processes
from pipeline.batch.locking import lock_folder
from pipeline.batch.running import run_tasks
from pipeline.batch.tasks import Setup, Task
from pipeline.localise import Options


class NotingCrew(processes.ProcessCrew):
    """Notes which workers were forks; the first one that is hired is killed in the middle of its first article."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.hired: list[bool] = []

    def hire(self) -> processes.ProcessWorker:
        """Give a worker, killed once it has its article."""
        worker = super().hire()
        assert isinstance(worker, processes.ProcessWorker)
        if not self.hired:
            threading.Timer(0.05, os.kill, (worker.pid, signal.SIGKILL)).start()
        self.hired.append(worker.forked)
        return worker


def main(mode: str, output: Path, paths: list[Path]) -> dict[str, object]:
    """Do what `mode` says and return what is to be told."""
    setup = Setup(Options(("pt",), source="en"), (), output)
    tasks = [Task(at, path.name, path, path.stem, path.suffix) for at, path in enumerate(paths)]
    if mode == "threads":
        before = processes.may_fork()
        stop = threading.Event()
        thread = threading.Thread(target=stop.wait)
        thread.start()
        during = processes.may_fork()
        stop.set()
        thread.join()
        return {"may": [before, during, processes.may_fork()]}
    if mode == "orphans":
        with lock_folder(output):
            crew = processes.ProcessCrew(setup, 2)
            workers = [crew.hire(), crew.hire()]
            print(json.dumps({"pids": [getattr(worker, "pid", None) for worker in workers]}), flush=True)
            time.sleep(1)  # both have begun
            os.kill(os.getpid(), signal.SIGKILL)
    crew = NotingCrew(setup, 2) if mode == "killed" else processes.ProcessCrew(setup, 2)
    results = list(run_tasks(tasks, crew, lambda: False))
    crew.close()
    hired = crew.hired if isinstance(crew, NotingCrew) else []
    return {"forked": hired, "done": [bool(result.folder) for result in results], "left": len(crew._forks)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), [Path(each) for each in sys.argv[3:]])))
