import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from matching_people import random_problem

from matching import propose, verify
from matching.bench.synthetic import synthetic, with_siblings
from matching.cluster import cluster_executor


@pytest.fixture(scope="module")
def register():
    return with_siblings(synthetic(100, 600, seed=3), 0.05)


@pytest.fixture(scope="module")
def plan(register):
    return propose(register, seed=2)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_plan_does_not_depend_on_the_number_of_workers(register, plan, workers):
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as executor:
        assert propose(register, seed=2, executor=executor) == plan


def test_threads_are_executors_too(register, plan):
    with ThreadPoolExecutor(2) as executor:
        assert propose(register, seed=2, executor=executor) == plan


def test_when_every_worker_dies_the_round_ends_here_with_the_same_plan(register, plan):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        executor.submit(int).result()

        def kill(done, total, points):
            for process in list(executor._processes.values()):
                process.kill()

        assert propose(register, seed=2, executor=executor, progress=kill) == plan


def test_progress_counts_components_and_points(register, plan):
    seen = []
    propose(register, seed=2, progress=lambda *news: seen.append(news))
    done, totals, points = zip(*seen, strict=True)
    assert list(done) == list(range(1, totals[0] + 1))
    assert set(totals) == {len(seen)}
    assert points[-1] == plan.points
    assert list(points) == sorted(points)


def test_a_cancelled_round_keeps_what_is_done_and_says_so(register):
    seen = []
    stopped = propose(register, progress=lambda *n: seen.append(n), cancel=lambda: len(seen) >= 3)
    assert (stopped.status, stopped.stopped) == ("feasible", "cancelled")
    assert stopped.pairs
    assert stopped.bound >= propose(register).points
    assert "not_reached" in {left.code for left in stopped.unmatched}
    verify(register, None, stopped)


def test_a_plan_stopped_by_the_time_limit_is_feasible_with_a_true_bound_and_in_time():
    problem = synthetic(1500, 10_000, districts=5)
    best = propose(problem)
    for limit in (0.0, 0.3):
        taken = []
        for _ in range(3):  # processor seconds of this thread, the best of three
            began = time.thread_time()
            plan = propose(problem, time_limit_s=limit)
            taken.append(time.thread_time() - began)
            assert plan.status == "feasible" and plan.stopped == "time_limit"
            assert plan.points <= best.points <= plan.bound
            assert plan.most_pairs >= len(best.pairs)
            verify(problem, None, plan)
            if taken[-1] < max(0.33, 1.1 * limit):
                break
        assert min(taken) < max(0.33, 1.1 * limit)


def test_a_time_limit_that_is_long_enough_changes_nothing():
    problem = random_problem(3, 20, 60)
    assert propose(problem, time_limit_s=600) == propose(problem)


@pytest.fixture
def cluster():
    pytest.importorskip("distributed")
    scheduler = subprocess.Popen(
        [
            *(sys.executable, "-m", "distributed.cli.dask_scheduler"),
            *("--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    address = None
    for line in scheduler.stderr:
        if "Scheduler at:" in line:
            address = line.split()[-1]
            break
    drain = threading.Thread(target=lambda: list(scheduler.stderr), daemon=True)
    drain.start()
    workers = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "distributed.cli.dask_worker", address),
                *("--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "20"),
            ],
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()
    drain.join()
    scheduler.stderr.close()


def test_a_cluster_that_loses_a_worker_in_mid_round_ends_with_the_same_plan(cluster):
    address, workers = cluster
    problem = synthetic(300, 1500, districts=20, seed=4)
    plan = propose(problem, seed=2)
    seen = []

    def lose_one(done, total, points):
        seen.append(done)
        if len(seen) == 3:
            workers[0].kill()

    with cluster_executor(address) as executor:
        executor.client.wait_for_workers(2, timeout=120)
        assert propose(problem, seed=2, executor=executor, progress=lose_one) == plan
    assert workers[0].poll() is not None
    assert workers[1].poll() is None
