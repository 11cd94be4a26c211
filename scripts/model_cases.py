#!/usr/bin/env python3
"""Makes tests/examples/models: small random weights under the names that torchvision and Hugging Face give them, and what PyTorch makes of an input.

    python3 scripts/model_cases.py FOLDER           # needs torch and safetensors
    python3 scripts/model_cases.py FOLDER --full    # in the sizes that scripts/interop.sh compares, too large to keep
"""
import math
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(0)
folder = sys.argv[1]
full = "--full" in sys.argv


def weights(shapes):
    """Random values of these sizes: norms near one, variances positive, the rest small."""
    made = {}
    for name, shape in shapes.items():
        value = torch.randn(shape) * (min(0.3, math.prod(shape[1:]) ** -0.5) if full else 0.3)
        if name.endswith("running_var"):
            value = value.abs() + 0.5
        elif name.endswith("num_batches_tracked"):
            value = torch.tensor(7)
        elif "bn" in name and name.endswith("weight") or "ln_" in name and name.endswith("weight") or name.endswith("LayerNorm.weight"):
            value = value + 1
        made[name] = value
    return made


def resnet(width, classes):
    shapes = {"conv1.weight": (width, 3, 7, 7)}

    def norm(name, n):
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{name}.{part}"] = (n,)
        shapes[f"{name}.num_batches_tracked"] = ()

    norm("bn1", width)
    n = width
    for stage in range(4):
        out = width << stage
        for block in range(2):
            name = f"layer{stage + 1}.{block}"
            shapes[f"{name}.conv1.weight"] = (out, n, 3, 3)
            norm(f"{name}.bn1", out)
            shapes[f"{name}.conv2.weight"] = (out, out, 3, 3)
            norm(f"{name}.bn2", out)
            if n != out:
                shapes[f"{name}.downsample.0.weight"] = (out, n, 1, 1)
                norm(f"{name}.downsample.1", out)
            n = out
    shapes["fc.weight"] = (classes, n)
    shapes["fc.bias"] = (classes,)
    w = weights(shapes)

    def bn(x, name):
        return F.batch_norm(x, w[f"{name}.running_mean"], w[f"{name}.running_var"], w[f"{name}.weight"].clone(), w[f"{name}.bias"])

    x = image = torch.randn(2, 3, 40, 32)
    x = F.max_pool2d(F.relu(bn(F.conv2d(x, w["conv1.weight"], stride=2, padding=3), "bn1")), 3, 2, 1)
    for stage in range(4):
        for block in range(2):
            name = f"layer{stage + 1}.{block}"
            down = f"{name}.downsample.0.weight" in w
            y = F.relu(bn(F.conv2d(x, w[f"{name}.conv1.weight"], stride=2 if down else 1, padding=1), f"{name}.bn1"))
            y = bn(F.conv2d(y, w[f"{name}.conv2.weight"], padding=1), f"{name}.bn2")
            if down:
                x = bn(F.conv2d(x, w[f"{name}.downsample.0.weight"], stride=2), f"{name}.downsample.1")
            x = F.relu(x + y)
    out = F.linear(x.mean((2, 3)), w["fc.weight"], w["fc.bias"])
    return w, {"input": image, "output": out}


def attention(q, k, v, heads, mask):
    n, t, c = q.shape
    q, k, v = (z.view(n, t, heads, c // heads).transpose(1, 2) for z in (q, k, v))
    scores = q @ k.transpose(-2, -1) / math.sqrt(c // heads)
    scores = scores.masked_fill(~mask, float("-inf"))
    return (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, c)


def gpt2(vocab, positions, c, layers, heads):
    shapes = {"transformer.wte.weight": (vocab, c), "transformer.wpe.weight": (positions, c)}
    for i in range(layers):
        p = f"transformer.h.{i}."
        shapes |= {p + "ln_1.weight": (c,), p + "ln_1.bias": (c,), p + "attn.c_attn.weight": (c, 3 * c), p + "attn.c_attn.bias": (3 * c,)}
        shapes |= {p + "attn.c_proj.weight": (c, c), p + "attn.c_proj.bias": (c,), p + "ln_2.weight": (c,), p + "ln_2.bias": (c,)}
        shapes |= {p + "mlp.c_fc.weight": (c, 4 * c), p + "mlp.c_fc.bias": (4 * c,), p + "mlp.c_proj.weight": (4 * c, c), p + "mlp.c_proj.bias": (c,)}
    shapes |= {"transformer.ln_f.weight": (c,), "transformer.ln_f.bias": (c,)}
    w = weights(shapes)

    def ln(x, name):
        return F.layer_norm(x, (c,), w[f"{name}.weight"], w[f"{name}.bias"], 1e-5)

    def conv1d(x, name):
        return x @ w[f"{name}.weight"] + w[f"{name}.bias"]

    tokens = torch.randint(vocab, (2, positions - 1))
    t = tokens.shape[1]
    causal = torch.ones(t, t, dtype=torch.bool).tril()
    x = w["transformer.wte.weight"][tokens] + w["transformer.wpe.weight"][:t]
    for i in range(layers):
        p = f"transformer.h.{i}."
        q, k, v = conv1d(ln(x, p + "ln_1"), p + "attn.c_attn").split(c, -1)
        x = x + conv1d(attention(q, k, v, heads, causal), p + "attn.c_proj")
        x = x + conv1d(F.gelu(conv1d(ln(x, p + "ln_2"), p + "mlp.c_fc"), approximate="tanh"), p + "mlp.c_proj")
    out = ln(x, "transformer.ln_f") @ w["transformer.wte.weight"].T
    w["transformer.h.0.attn.bias"] = causal.view(1, 1, t, t).float()  # a buffer of older files
    return w, {"input": tokens, "output": out}


def bert(vocab, positions, c, layers, heads, wide):
    shapes = {"embeddings.word_embeddings.weight": (vocab, c), "embeddings.position_embeddings.weight": (positions, c)}
    shapes |= {"embeddings.token_type_embeddings.weight": (2, c), "embeddings.LayerNorm.weight": (c,), "embeddings.LayerNorm.bias": (c,)}
    for i in range(layers):
        p = f"encoder.layer.{i}."
        for name, n, m in (("attention.self.query", c, c), ("attention.self.key", c, c), ("attention.self.value", c, c), ("attention.output.dense", c, c),
                           ("intermediate.dense", wide, c), ("output.dense", c, wide)):
            shapes |= {f"{p}{name}.weight": (n, m), f"{p}{name}.bias": (n,)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{p}{name}.weight": (c,), f"{p}{name}.bias": (c,)}
    shapes |= {"pooler.dense.weight": (c, c), "pooler.dense.bias": (c,)}
    w = weights(shapes)

    def dense(x, name):
        return F.linear(x, w[f"{name}.weight"], w[f"{name}.bias"])

    def ln(x, name):
        return F.layer_norm(x, (c,), w[f"{name}.weight"], w[f"{name}.bias"], 1e-12)

    tokens, types = torch.randint(vocab, (2, positions)), torch.randint(2, (2, positions))
    mask = torch.ones(2, positions, dtype=torch.int64)
    mask[1, -3:] = 0
    e = "embeddings."
    x = w[e + "word_embeddings.weight"][tokens] + w[e + "position_embeddings.weight"] + w[e + "token_type_embeddings.weight"][types]
    x = ln(x, e + "LayerNorm")
    for i in range(layers):
        p = f"encoder.layer.{i}."
        y = attention(dense(x, p + "attention.self.query"), dense(x, p + "attention.self.key"), dense(x, p + "attention.self.value"), heads, mask.bool()[:, None, None])
        x = ln(x + dense(y, p + "attention.output.dense"), p + "attention.output.LayerNorm")
        x = ln(x + dense(F.gelu(dense(x, p + "intermediate.dense")), p + "output.dense"), p + "output.LayerNorm")
    weight = mask[..., None].float()
    sentence = F.normalize((x * weight).sum(1) / weight.sum(1), dim=1)
    case = {"input": tokens, "types": types, "mask": mask, "output": x, "pooled": torch.tanh(dense(x[:, 0], "pooler.dense")), "sentence": sentence}
    return {"bert." + name: value for name, value in w.items()}, case


def put(name, made, torch_file):
    w, case = made
    if torch_file:
        torch.save(w, f"{folder}/{name}.pt")
    else:
        save_file({k: v.contiguous() for k, v in w.items()}, f"{folder}/{name}.safetensors")
    save_file({k: v.contiguous() for k, v in case.items()}, f"{folder}/{name}_case.safetensors")


if full:
    put("resnet18", resnet(width=64, classes=1000), torch_file=True)
    put("gpt2", gpt2(vocab=1000, positions=64, c=256, layers=6, heads=8), torch_file=False)
    put("bert", bert(vocab=1000, positions=512, c=384, layers=6, heads=12, wide=1536), torch_file=False)
else:
    put("resnet18", resnet(width=2, classes=5), torch_file=True)
    put("gpt2", gpt2(vocab=19, positions=7, c=8, layers=2, heads=2), torch_file=False)
    put("bert", bert(vocab=23, positions=6, c=8, layers=2, heads=2, wide=12), torch_file=False)
