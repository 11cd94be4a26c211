"""torch_gpu.py WORKLOAD [--variant eager|compile] [--device cuda]: PyTorch's side of `bench WORKLOAD --device cuda`, with the same lines.
eager: as PyTorch comes. compile: torch.compile with CUDA graphs ("reduce-overhead"), fused optimizers."""
import argparse, gzip, json, math, os, resource, statistics, time
import torch, torch.nn as nn, torch.nn.functional as F

p = argparse.ArgumentParser()
p.add_argument("workload", choices=("mlp_fmnist", "mlp_small", "op_overhead", "matmul", "elementwise", "conv2d"))
p.add_argument("--variant", choices=("eager", "compile"), default="eager")
p.add_argument("--device", default="cuda")
A = p.parse_args()
D = torch.device(A.device)
COMPILE = A.variant == "compile"
FUSED = dict(fused=True) if COMPILE else {}
WINDOW, REPEATS = float(os.environ.get("BENCH_WINDOW", 1)), int(os.environ.get("BENCH_REPEATS", 5))
torch.manual_seed(0)


def sync():
    if D.type == "cuda":
        torch.cuda.synchronize()


def emit(metric, value, unit):
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(dict(peer="torch-" + A.variant, workload=A.workload, metric=metric, value=float(f"{value:.5g}"), unit=unit, threads=torch.get_num_threads(),
                          peak_rss_mib=round(rss))), flush=True)


def compiled(f):
    return torch.compile(f, mode="reduce-overhead") if COMPILE else f


def seconds_per_call(step):
    for _ in range(3):
        step()
    sync()

    def timed(n):
        t = time.perf_counter()
        for _ in range(n):
            step()
        sync()
        return time.perf_counter() - t
    n = 1
    while (t := timed(n)) < WINDOW / 8:
        n *= 2
    n = max(1, math.ceil(n * WINDOW / t))
    return statistics.median(timed(n) / n for _ in range(REPEATS))


def mlp(sizes, batch_norm):
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        layers.append(nn.Linear(a, b))
        if i < len(sizes) - 2:
            layers += ([nn.BatchNorm1d(b)] if batch_norm else []) + [nn.ReLU()]
    return nn.Sequential(*layers).to(D)


def trainer(model, optimizer):
    forward = compiled(lambda x, y: F.cross_entropy(model(x), y))

    def step(x, y):
        if COMPILE:
            torch.compiler.cudagraph_mark_step_begin()
        optimizer.zero_grad(set_to_none=True)
        forward(x, y).backward()
        optimizer.step()
    return step


def idx(name, header, shape):
    with gzip.open(os.path.join(os.environ["FMNIST_DIR"], name)) as f:
        return torch.frombuffer(bytearray(f.read()), dtype=torch.uint8, offset=header).reshape(shape)


def mlp_fmnist(batch=128):
    images = lambda name: ((idx(name, 16, (-1, 784)).to(D).float() / 255 - 0.2860) / 0.3530)
    labels = lambda name: idx(name, 8, (-1,)).to(D).long()
    x, y = images("train-images-idx3-ubyte.gz"), labels("train-labels-idx1-ubyte.gz")
    x_test, y_test = images("t10k-images-idx3-ubyte.gz"), labels("t10k-labels-idx1-ubyte.gz")
    model = mlp([784, 512, 256, 10], True)
    step = trainer(model, torch.optim.Adam(model.parameters(), 1e-3, **FUSED))
    seconds, steps = [], len(x) // batch
    for epoch in range(max(3, REPEATS + 1)):
        t = time.perf_counter()
        model.train()
        order = torch.randperm(len(x), device=D)
        for i in range(steps):
            rows = order[i * batch:(i + 1) * batch]
            step(x[rows], y[rows])
        sync()
        if epoch:
            seconds.append(time.perf_counter() - t)
        if epoch == 2:
            model.eval()
            with torch.no_grad():
                accuracy = (model(x_test).argmax(1) == y_test).float().mean().item()
    emit("train", steps * batch / statistics.median(seconds), "samples/s")
    emit("test_acc_3ep", accuracy * 100, "%")


def mlp_small():
    model = mlp([64, 64, 64, 10], False)
    step = trainer(model, torch.optim.SGD(model.parameters(), 0.01, **FUSED))
    x, y = torch.randn(32, 64, device=D), torch.randint(10, (32,), device=D)
    emit("train", 1 / seconds_per_call(lambda: step(x, y)), "steps/s")


def op_overhead():
    a, b, g = torch.ones(1, device=D), torch.ones(1, device=D), torch.ones(1, device=D, requires_grad=True)
    emit("add_nograd", seconds_per_call(lambda: [a + b for _ in range(1000)]) * 1e6, "ns")
    emit("add_grad", seconds_per_call(lambda: [g + b for _ in range(1000)]) * 1e6, "ns")


def matmul():
    for dtype, name in ((torch.float32, "f32"), (torch.bfloat16, "bf16")):
        for n in (512, 1024, 2048, 8192):
            a, b = torch.randn(n, n, device=D).to(dtype), torch.randn(n, n, device=D).to(dtype)
            emit(f"{name}_{n}", 2e-9 * n**3 / seconds_per_call(lambda: a @ b), "GFLOP/s")


def elementwise():
    n = 256 << 20 if D.type == "cuda" else 16 << 20
    a, b, o = (torch.randn(n, device=D) for _ in range(3))
    m, w, c = torch.randn(1024, 1024, device=D), torch.randn(1024, device=D), torch.randn(1024, device=D)
    gb, square = a.nbytes * 1e-9, m.nbytes * 1e-9
    gelu, softmax, layer_norm = compiled(F.gelu), compiled(lambda x: torch.softmax(x, -1)), compiled(lambda x: F.layer_norm(x, (1024,), w, c))
    with torch.no_grad():
        emit("add", 3 * gb / seconds_per_call(lambda: a + b), "GB/s")
        emit("add_out", 3 * gb / seconds_per_call(lambda: torch.add(a, b, out=o)), "GB/s")
        emit("gelu", 2 * gb / seconds_per_call(lambda: gelu(a)), "GB/s")
        emit("sum", gb / seconds_per_call(lambda: a.sum()), "GB/s")
        emit("softmax", 2 * square / seconds_per_call(lambda: softmax(m)), "GB/s")
        emit("layer_norm", 2 * square / seconds_per_call(lambda: layer_norm(m)), "GB/s")


def conv2d():
    torch.backends.cudnn.allow_tf32 = False  # as Lazuli comes
    image = lambda *sizes: torch.randn(*sizes, device=D).contiguous(memory_format=torch.channels_last)
    x, w = image(16, 64, 56, 56).requires_grad_(), torch.randn(64, 64, 3, 3, device=D, requires_grad=True)
    gflop, forward = 2e-9 * 16 * 64 * 56 * 56 * 64 * 9, compiled(lambda: F.conv2d(x, w, padding=1))
    with torch.no_grad():
        emit("fwd", gflop / seconds_per_call(forward), "GFLOP/s")
    y, g = F.conv2d(x, w, padding=1), image(16, 64, 56, 56)
    emit("bwd", 2 * gflop / seconds_per_call(lambda: torch.autograd.grad(y, (x, w), g, retain_graph=True)), "GFLOP/s")


globals()[A.workload]()
