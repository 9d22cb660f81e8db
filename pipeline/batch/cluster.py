"""The workers of a Ray cluster: one that is there already, or one made on this machine for the run.

Actors, as an article wants a worker with its engines loaded, and writes its files by itself; so results are short, and
nothing of an article goes through Ray's object store. Planning, manifests, the report and the lock of the output folder
are those of the local run, on the machine that starts it.
"""

import logging
import os
import secrets
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.batch.locking import read_lock
from pipeline.batch.machine import count_workers
from pipeline.batch.running import Worker
from pipeline.batch.station import Keeper, Order, Station, list_engines
from pipeline.batch.tasks import Result, Setup, Task
from pipeline.engines.routes import Router
from pipeline.errors import ClusterError, UsageError
from pipeline.exports import Inputs
from pipeline.program import program_digest

AUTO = "auto"  # the cluster that runs on this machine
_ANSWER_S = 5.0  # for a machine to take a connection
_CLOSE_S = 10.0  # for a worker to end its engines
# Ray reports to its makers unless told not to, and repeats what workers print.
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}  # fmt: skip
_STORE_BYTES = 100_000_000  # the object store of a cluster of our own; the least that Ray takes is 75 MB


def check_ray(address: str) -> None:
    """Raise UsageError where Ray is not installed or the address is of a kind that cannot do."""
    _set(_QUIET)
    if address:
        _set({"RAY_NUM_REDIS_GET_RETRIES": "1"})  # tell after 40 s, not after many minutes, that it is no cluster
    else:
        # The ports of a cluster of our own are open to the network: nobody gets in without a secret of this run. Ray
        # looks for it when it is imported.
        _set({"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)})
    try:
        import ray  # noqa: F401
    except ImportError as exc:
        raise UsageError("--runner ray needs Ray; install it with: pip install 'translate-article[ray]'") from exc
    if "://" in address:
        raise UsageError(
            f"{address}: a run cannot be started from outside of the cluster; start it on one of its machines, with"
            " --ray-address auto or host:port"
        )


def _set(variables: Mapping[str, str]) -> None:
    os.environ.update({name: value for name, value in variables.items() if name not in os.environ})


class RayCrew:
    """Workers of a Ray cluster. See `running.Crew`. Made by `open_crew`."""

    def __init__(self, ray: Any, setup: Setup, size: int, *, is_here: bool) -> None:
        """Take the connected library, what each worker needs, and how many there may be.

        `is_here` where the cluster is this machine alone: then workers open the memory's file as local ones do.
        """
        self.size = size
        self._ray = ray
        # A worker may have another folder to work in, so that paths are made whole.
        whole = replace(
            setup,
            output=setup.output.resolve(),
            inputs=Inputs(path.resolve() for path in setup.inputs.paths),
            memory=setup.memory and setup.memory.resolve(),
        )
        with _router(setup) as router:
            order = Order(read_lock(setup.output), program_digest(), list_engines(router))
        self._keeper = self._keep(whole.memory) if whole.memory and not is_here else None
        self._given = (ray.put(whole), order, self._keeper)

    def _keep(self, path: Path) -> Any:
        ray = self._ray
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=False
        )
        # Reads change nothing, and what is written twice is there once: so each may be tried again.
        return (
            ray.remote(Keeper)
            .options(num_cpus=0, max_restarts=2, max_task_retries=2, scheduling_strategy=here)
            .remote(path)
        )

    def hire(self) -> Worker:
        """Ask the cluster for a worker."""
        return RayWorker(self._ray, self._given)

    def wait(self, pool: Sequence[Worker], seconds: float) -> list[Worker]:
        """Return the workers with a result, and those that are gone; note which are ready."""
        expected = {worker.expected: worker for worker in pool if isinstance(worker, RayWorker) and worker.expected}
        if not expected:
            return []
        refs = list(expected)
        self._ray.wait(refs, num_returns=1, timeout=seconds)
        ready, _ = self._ray.wait(refs, num_returns=len(refs), timeout=0)
        return [expected[ref] for ref in ready if not expected[ref].note_start()]


class RayWorker(Worker):
    """A worker somewhere in the cluster."""

    def __init__(self, ray: Any, given: tuple[Any, ...]) -> None:
        self.is_ready = False
        self._ray = ray
        self._actor = ray.remote(Station).options(num_cpus=1, max_restarts=0).remote()
        self.expected: Any = self._actor.open.remote(*given)  # what the next news is about

    def note_start(self) -> bool:
        """Take the news that the worker is ready to begin; False if the news is another."""
        if self.is_ready:
            return False
        try:
            self._ray.get(self.expected)
        except self._ray.exceptions.RayError:
            return False
        self.is_ready, self.expected = True, None
        return True

    def send(self, task: Task) -> None:
        """Hand over the task, its path made whole."""
        beside = tuple(replace(one, path=one.path.resolve()) for one in task.beside)
        self.expected = self._actor.localise.remote(replace(task, path=task.path.resolve(), beside=beside))

    def receive(self) -> Result | None:
        """Take the result. The tasks in it are those that were handed over here, with paths as the user wrote them."""
        assert self.task is not None
        try:
            result: Result = self._ray.get(self.expected)
        except self._ray.exceptions.RayError:
            return None
        pairs = zip(result.beside, self.task.beside, strict=True)
        result = replace(result, task=self.task, beside=tuple(replace(one, task=task) for one, task in pairs))
        self.task = self.expected = None
        return result

    def finish(self) -> None:
        """Let it end its engines."""
        if self.is_ready:
            with suppress(self._ray.exceptions.RayError):
                self._ray.get(self._actor.close.remote(), timeout=_CLOSE_S)

    def kill(self) -> str:
        """End its process."""
        with suppress(self._ray.exceptions.RayError):
            self._ray.kill(self._actor)
        return ""


@contextmanager
def open_crew(setup: Setup, address: str, jobs: int | None, tasks: int) -> Iterator[RayCrew]:
    """Connect to a cluster, or make one of this machine where `address` is "", and leave it or end it afterwards.

    `jobs` are the most workers; None is one a processor. Raises UsageError without Ray, ClusterError for a cluster that
    does not answer.
    """
    check_ray(address)
    import ray
    import ray.util.scheduling_strategies

    with _connected(ray, address, min(jobs or count_workers(tasks), tasks)):
        size = jobs or int(ray.cluster_resources().get("CPU", 0)) or 1
        yield RayCrew(ray, setup, min(size, tasks), is_here=not address)


@contextmanager
def _connected(ray: Any, address: str, workers: int) -> Iterator[None]:
    quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL, "configure_logging": False}
    own = {
        "address": "local", "num_cpus": workers, "num_gpus": 0, "include_dashboard": False,
        "object_store_memory": _STORE_BYTES,
    }  # fmt: skip
    if address:
        _knock(address)
    try:
        with _own_signals():
            ray.init(**(quiet | ({"address": address} if address else own)))
    except Exception as exc:  # the library raises whatever it likes
        reason = str(exc).strip().partition("\n")[0] or type(exc).__name__
        raise ClusterError(f"no Ray cluster at {address or 'this machine'}: {reason}; {_HINT}") from exc
    try:
        yield
    finally:
        ray.shutdown()


_HINT = "is it up (ray status), with the same versions of Python and Ray? Without --ray-address this machine is used"


def _knock(address: str) -> None:
    """Raise ClusterError where nothing listens: Ray would try for a long time."""
    host, _, port = address.rpartition(":")
    if address == AUTO:
        return
    if not host or not port.isdigit():
        raise UsageError(f"{address} is no address of a cluster; write host:port, or auto")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWER_S).close()
    except (OSError, OverflowError) as exc:
        raise ClusterError(f"no Ray cluster at {address}: {str(exc).lower()}; {_HINT}") from exc


@contextmanager
def _router(setup: Setup) -> Iterator[Router]:
    router = Router(setup.options.engine, via=setup.options.via)
    try:
        yield router
    finally:
        router.close()


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keep our handlers: Ray sets one of its own for SIGTERM."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        yield
    finally:
        with suppress(ValueError):  # not in the main thread
            for number, handler in before.items():
                signal.signal(number, handler)
