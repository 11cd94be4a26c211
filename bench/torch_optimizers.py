"""torch_optimizers.py: torch.optim's side of `bench optimizers`, with the same lines; each optimizer the faster of fused (where it has it) and foreach."""
import torch
from torch_timing import emit, seconds_per_call

LAYERS, WIDTH = 24, 1024


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
emit("torch", "optimizers", "copy", 2 * start.nbytes / seconds_per_call(lambda: end.copy_(start)) / 1e9, "GB/s")
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
    emit("torch", "optimizers", name, 1e3 * seconds[how], "ms")
