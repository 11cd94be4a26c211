#!/usr/bin/env python3
"""Times the calls of bench/ops.txt with Lazuli and with PyTorch eager, in turns, and prints the ratios (above 1: Lazuli is faster).

compare_ops.py BENCH [--rounds 3] [--threads 2] [--window 0.02] [--clock wall|cpu] [--sizes tiny,cache,memory] [--filter REGEX] [--table FILE]
BENCH is build/bench/bench; the Python that runs this has torch. --clock cpu counts the processor's time, which with one thread says something on a busy machine too.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

SIZES = ("tiny", "cache", "memory")


def operands(torch, size):
    n, k = (8, 128, 2048)[size], (8, 64, 512)[size]
    images, channels, side = (2, 4, 8)[size], 8 << size, 14 << size
    torch.manual_seed(1)
    x, y, p, q = torch.rand(n, n) * 0.9 + 0.05, torch.rand(n, n) + 1, torch.rand(k, k), torch.rand(k, k)
    return {
        "x": x, "y": y, "t": y.t(), "X": x.double(), "Y": y.double(), "h": x.bfloat16(), "c": torch.complex(x, y), "d": torch.complex(y, x),
        "n": torch.randint(1, 8, (n, n)), "b": x > 0.5, "b1": (x > 0.5).float(), "v": x.reshape(-1), "V": x.double().reshape(-1), "v8": torch.rand(k),
        "u": torch.rand(1), "k": [n], "o": torch.arange(0, 1, 1 / 64), "l": torch.randint(0, 8, (n * n,)), "i": torch.randint(0, n, (n,)),
        "g": torch.randint(0, n, (n, n)), "p": p, "q": q, "S": p.double(), "P": p @ p.t() / k + torch.eye(k), "p8": torch.rand(8, 8), "e": torch.rand(k),
        "B": torch.rand(4, k // 2, k // 2), "L": [x, y], "E": [p, q], "w": torch.randn(images, channels, side, side),
        "f": torch.randn(channels, channels, 3, 3), "r": torch.zeros(channels), "s": torch.ones(channels),
    }


def function_of(torch, op):
    for place in (torch, torch.nn.functional, torch.Tensor):
        found = place
        for part in op.split("."):
            found = getattr(found, part, None)
        if found is not None:
            return found
    raise AttributeError(op)


def torch_times(calls, window, sizes, clock):
    import torch
    times = {}
    for size, name in enumerate(SIZES):
        if name not in sizes:
            continue
        known = operands(torch, size)

        def value(word):
            if word in known:
                return known[word]
            v = json.loads(word)
            return getattr(torch, v) if isinstance(v, str) and hasattr(torch, v) else v

        for line in calls:
            op, *words = line.split()
            args = [value(w) for w in words if "=" not in w or w[0] == '"']
            kwargs = {w.split("=")[0]: value(w.split("=")[1]) for w in words if "=" in w and w[0] != '"'}
            if op == "pad":
                args = [args[0], [args[1]] * 2]
            if op == "einsum":
                args = [args[0], *args[1]]
            f = function_of(torch, op)
            with torch.no_grad():
                try:
                    f(*args, **kwargs)
                except Exception as error:  # a call that PyTorch does not take is left out
                    print(f"torch: {line}: {error}", file=sys.stderr)
                    continue
                windows = []
                for _ in range(3):
                    count, begin = 0, clock()
                    while clock() - begin < window:
                        f(*args, **kwargs)
                        count += 1
                    windows.append((clock() - begin) / count * 1e6)
            times[f"{name}: {line}"] = statistics.median(windows)
    return times


def lazuli_times(bench, list_file, threads, window, sizes, clock):
    environment = dict(os.environ, BENCH_OPS=list_file, BENCH_WINDOW=str(window), BENCH_REPEATS="3", BENCH_SIZES=",".join(sizes), BENCH_CLOCK=clock)
    out = subprocess.run([bench, "ops", "--threads", str(threads)], env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    return {j["metric"]: j["value"] for j in map(json.loads, out.splitlines())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--window", type=float, default=0.02)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--sizes", default=",".join(SIZES))
    parser.add_argument("--filter", default="")
    parser.add_argument("--table")
    args = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "ops.txt")) as f:
        calls = [line.strip() for line in f if line.strip() and line[0] != "#" and re.search(args.filter, line)]
    list_file = f"/tmp/bench_ops_{os.getpid()}.txt"
    with open(list_file, "w") as f:
        f.write("\n".join(calls) + "\n")
    import torch
    torch.set_num_threads(args.threads)
    sizes = args.sizes.split(",")
    ours, theirs = {}, {}
    for _ in range(args.rounds):
        for name, t in lazuli_times(args.bench, list_file, args.threads, args.window, sizes, args.clock).items():
            ours.setdefault(name, []).append(t)
        for name, t in torch_times(calls, args.window, sizes, time.process_time if args.clock == "cpu" else time.perf_counter).items():
            theirs.setdefault(name, []).append(t)
    os.unlink(list_file)
    rows = [(statistics.median(theirs[k]) / statistics.median(ours[k]), k, statistics.median(ours[k]), statistics.median(theirs[k])) for k in ours if k in theirs]
    text = "\n".join(f"{ratio:7.2f}  {a:12.2f}  {b:12.2f}  {name}" for ratio, name, a, b in sorted(rows))
    text = f"{'ratio':>7}  {'lazuli us':>12}  {'torch us':>12}  call\n{text}"
    for size in SIZES:
        of_size = [r[0] for r in rows if r[1].startswith(size)]
        if of_size:
            text += f"\n{size}: median ratio {statistics.median(of_size):.2f}, {sum(r < 0.8 for r in of_size)} of {len(of_size)} below 0.8"
    print(text)
    if args.table:
        with open(args.table, "w") as f:
            f.write(text + "\n")


if __name__ == "__main__":
    main()
