"""torch_timing.py: how the torch_*.py beside it time and print, as `bench` does: windows of BENCH_WINDOW seconds, the median of BENCH_REPEATS, JSON lines."""
import json, math, os, resource, statistics, time
import torch

THREADS = int(os.environ.get("OMP_NUM_THREADS", 2))
WINDOW, REPEATS = float(os.environ.get("BENCH_WINDOW", 1)), int(os.environ.get("BENCH_REPEATS", 5))
clock = time.process_time if os.environ.get("BENCH_CLOCK") == "cpu" else time.perf_counter
torch.set_num_threads(THREADS)
torch.manual_seed(0)


def seconds_per_call(step):
    for _ in range(3):
        step()

    def timed(n):
        t = clock()
        for _ in range(n):
            step()
        return clock() - t
    n = 1
    while (t := timed(n)) < WINDOW / 8:
        n *= 2
    n = max(1, math.ceil(n * WINDOW / t))
    return statistics.median(timed(n) / n for _ in range(REPEATS))


def emit(peer, workload, metric, value, unit):
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = dict(peer=peer, workload=workload, metric=metric, value=float(f"{value:.5g}"), unit=unit, threads=THREADS, peak_rss_mib=round(rss))
    print(json.dumps(line), flush=True)
