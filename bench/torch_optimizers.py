"""torch_optimizers.py: torch.optim's side of `bench optimizers`, with the same lines; each optimizer the faster of fused (where it has it) and foreach."""
import json, math, os, resource, statistics, time
import torch

THREADS = int(os.environ.get("OMP_NUM_THREADS", 2))
WINDOW, REPEATS = float(os.environ.get("BENCH_WINDOW", 1)), int(os.environ.get("BENCH_REPEATS", 5))
LAYERS, WIDTH = 24, 1024
torch.set_num_threads(THREADS)
torch.manual_seed(0)
clock = time.process_time if os.environ.get("BENCH_CLOCK") == "cpu" else time.perf_counter


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


def emit(metric, value, unit):
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(dict(peer="torch", workload="optimizers", metric=metric, value=float(f"{value:.5g}"), unit=unit, threads=THREADS, peak_rss_mib=round(rss))),
          flush=True)


def some_parameters(matrices_only):
    params = []
    for _ in range(LAYERS):
        params.append(torch.randn(WIDTH, WIDTH, requires_grad=True))
        if not matrices_only:
            params.append(torch.randn(WIDTH, requires_grad=True))
    for p in params:
        p.grad = torch.randn(p.shape) * 0.01
    return params


start = torch.randn(LAYERS * (WIDTH * WIDTH + WIDTH))
end = torch.zeros_like(start)
emit("copy", 2 * start.nbytes / seconds_per_call(lambda: end.copy_(start)) / 1e9, "GB/s")
del start, end

for name in ("SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "SparseAdam", "Adagrad", "Adadelta", "RMSprop", "Rprop", "ASGD", "Adafactor", "Muon"):
    make = getattr(torch.optim, name)
    options = {"momentum": 0.9} if name == "SGD" else {}
    seconds = {}
    for how in ("fused", "foreach", "plain"):
        params = some_parameters(name == "Muon")
        if name == "SparseAdam":  # takes no other gradients
            if how != "plain":
                continue
            for p in params:
                p.grad = p.grad.to_sparse()
        try:
            optimizer = make(params, **options, **({} if how == "plain" else {how: True}))
        except (TypeError, RuntimeError):
            continue
        if how == "plain" and seconds:
            continue
        seconds[how] = seconds_per_call(optimizer.step)
    how = min(seconds, key=seconds.get)
    emit(name, 1e3 * seconds[how], "ms")
