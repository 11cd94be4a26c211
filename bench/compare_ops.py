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
# Bytes read and written for each element of x by copies and conversions, of which `clone x` is the measure.
MOVED = {"clone x": 8, "contiguous t": 8, "clone t": 8, "contiguous z": 8, "contiguous Tt": 8, "flip x dims=[1]": 8, "roll x 3 1": 8, "cat L 1": 16, "stack L 1": 16, 'to x "float64"': 12,
         'to X "float32"': 12, 'to x "bfloat16"': 6, 'to x "float16"': 6, 'to H "float32"': 6, 'to h "float32"': 6, 'to n "float32"': 12, 'to x "int64"': 12, 'to x "bool"': 5,
         'to b "float32"': 5, 'to n "int32"': 12, 'to t "float64"': 12, 'to z "float64"': 12, 'to x "complex64"': 12}


FUNCTIONAL = ("batch_norm", "instance_norm", "dropout", "embedding")  # of another signature in torch itself


def operands(torch, size):
    n, k = (8, 128, 2048)[size], (8, 64, 512)[size]
    images, channels, side = (2, 4, 8)[size], 8 << size, 14 << size
    torch.manual_seed(1)
    x, y, p, q = torch.rand(n, n) * 0.9 + 0.05, torch.rand(n, n) + 1, torch.rand(k, k), torch.rand(k, k)
    part = (2, 8, 64)[size]
    m8, m16, q32, v1 = torch.rand(n * n // 64, 8, 8), torch.rand(n * n // 256 + 1, 16, 16), torch.rand(32, 32), torch.rand(n * n - 1)
    q8 = m8 @ m8.transpose(1, 2) + torch.eye(8)
    return {
        "x": x, "y": y, "t": y.t(), "X": x.double(), "Y": y.double(), "h": x.bfloat16(), "c": torch.complex(x, y), "d": torch.complex(y, x),
        "n": torch.randint(1, 8, (n, n)), "b": x > 0.5, "b1": (x > 0.5).float(), "v": x.reshape(-1), "V": x.double().reshape(-1), "v8": torch.rand(k),
        "u": torch.rand(1), "k": [n], "o": torch.arange(0, 1, 1 / 64), "l": torch.randint(0, 8, (n * n,)), "i": torch.randint(0, n, (n,)),
        "g": torch.randint(0, n, (n, n)), "p": p, "q": q, "S": p.double(), "P": p @ p.t() / k + torch.eye(k), "p8": torch.rand(8, 8), "e": torch.rand(k),
        "B": torch.rand(4, k // 2, k // 2), "L": [x, y], "E": [p, q], "w": torch.randn(images, channels, side, side),
        "z": torch.rand(n, 2 * n)[:, ::2], "T": x.reshape(n // part, part, n), "Tt": x.reshape(n // part, part, n).permute(2, 0, 1),
        "H": x.half(), "h2": y.bfloat16(), "H2": y.half(), "n32": torch.randint(1, 8, (n, n), dtype=torch.int32), "m": x[:, 0] > 0.5,
        "a": y[0].contiguous(), "a1": y[:, :1].contiguous(), "many": [x[:n // 4]] * 32, "M8": m8, "Q8": q8, "Q2": q8[:, :2, :2].contiguous(),
        "Q16": m16 @ m16.transpose(1, 2) + torch.eye(16), "M16": m16, "Q32": q32 @ q32.t() / 32 + torch.eye(32), "q32": q32,
        "v1": v1, "vc": torch.complex(v1, v1), "x1": torch.rand(n, n - 1), "w1": torch.randn(images, channels, side * side),
        "f1": torch.randn(channels, channels, 3), "wl": torch.randn(images, channels, side, side).to(memory_format=torch.channels_last),
        "A": torch.randn(images, 4, side, 32),
        "f": torch.randn(channels, channels, 3, 3), "r": torch.zeros(channels), "s": torch.ones(channels),
    }


def function_of(torch, op):
    if op == "index":
        return lambda x, indices: x[tuple(indices)]
    if op == "index_put":
        return lambda x, indices, values, accumulate=False: torch.index_put(x, tuple(indices), values, accumulate)
    places = (torch.nn.functional, torch, torch.Tensor) if op in FUNCTIONAL else (torch, torch.nn.functional, torch.Tensor)
    for place in places:
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
            if word[0] == "[" and word[1].isalpha():
                return [known[name] for name in word[1:-1].split(",")]
            v = json.loads(word)
            return getattr(torch, v) if isinstance(v, str) and isinstance(getattr(torch, v, None), torch.dtype) else v

        def leaf(v, leaves):
            if isinstance(v, list):
                return [leaf(item, leaves) for item in v]
            if isinstance(v, torch.Tensor) and v.is_floating_point():
                v = v.detach().requires_grad_()
                leaves.append(v)
            return v

        for line in calls:
            op, *words = line.split()
            gradient = op == "grad"
            if gradient:
                op, *words = words
            args = [value(w) for w in words if "=" not in w or w[0] == '"']
            kwargs = {w.split("=")[0]: value(w.split("=")[1]) for w in words if "=" in w and w[0] != '"'}
            if op == "einsum":
                args = [args[0], *args[1]]
            f = function_of(torch, op)
            with torch.set_grad_enabled(gradient):
                try:
                    if gradient:
                        leaves = []
                        args, kwargs = leaf(args, leaves), {key: leaf(v, leaves) for key, v in kwargs.items()}
                        call, first = f, lambda result: result if isinstance(result, torch.Tensor) else result[0]
                        weights = torch.ones_like(first(f(*args, **kwargs)))
                        f = lambda *args, **kwargs: torch.autograd.grad(first(call(*args, **kwargs)), leaves, weights)
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
            low, middle, high = statistics.quantiles(of_size, n=4) if len(of_size) > 1 else of_size * 3
            text += f"\n{size}: median ratio {middle:.2f}, quartiles {low:.2f} and {high:.2f}, {sum(r < 0.8 for r in of_size)} of {len(of_size)} below 0.8"
        if clone := ours.get(f"{size}: clone x"):
            pace = MOVED["clone x"] / statistics.median(clone)
            shares = [f"{call} {MOVED[call] / statistics.median(ours[key]) / pace:.2f}" for call in MOVED if (key := f"{size}: {call}") in ours]
            text += f"\n{size}: of the bandwidth of clone x: {', '.join(shares)}"
    print(text)
    if args.table:
        with open(args.table, "w") as f:
            f.write(text + "\n")


if __name__ == "__main__":
    main()
