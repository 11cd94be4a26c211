"""What scripts/interop.sh runs between `interop write` and `interop read`: reads the one's files and makes those of the other."""
import io
import sys

import PIL.Image
import gguf
import numpy
import onnx
import onnxruntime
import safetensors.torch
import tokenizers
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder = sys.argv[1]
wrong = 0


def check(right, what):
    global wrong
    print("  ok   " if right else "  WRONG", what)
    wrong += not right


def some_tensors(with_bfloat16):
    names = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64"]
    tensors = {}
    for name in names:
        if name != "bfloat16" or with_bfloat16:
            values = torch.arange(6) % 2 if name == "bool" else torch.arange(6)
            tensors[name] = values.to(getattr(torch, name)).view(2, 3)
    tensors["empty"] = torch.zeros(0, 4)
    tensors["number"] = torch.tensor(2.5)
    tensors["turned"] = torch.arange(6).float().view(3, 2).t()
    return tensors


def compare(kind, read, expected):
    for name, tensor in expected.items():
        there = read[name] if isinstance(read[name], torch.Tensor) else torch.from_numpy(read[name])
        check(there.dtype == tensor.dtype and there.shape == tensor.shape and torch.equal(there, tensor), f"{kind} {name}")


compare("safetensors", safetensors.torch.load_file(f"{folder}/lazuli.safetensors"), some_tensors(True))
compare("pt", torch.load(f"{folder}/lazuli.pt", weights_only=True), some_tensors(True))
compare("npz", numpy.load(f"{folder}/lazuli.npz"), some_tensors(False))
compare("npy", {"turned": numpy.load(f"{folder}/lazuli.npy")}, {"turned": some_tensors(False)["turned"]})
ours = {name: tensor.contiguous() for name, tensor in some_tensors(True).items()}
safetensors.torch.save_file(ours, f"{folder}/theirs.safetensors")
torch.save(some_tensors(True), f"{folder}/theirs.pt")
arrays = {name: tensor.numpy() for name, tensor in some_tensors(False).items()}
numpy.savez_compressed(f"{folder}/theirs.npz", **arrays)
numpy.save(f"{folder}/theirs.npy", arrays["turned"])

CASES = {
    "SGD": dict(lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
    "Adam": dict(lr=0.02, weight_decay=0.01, amsgrad=True),
    "AdamW": dict(lr=0.02),
    "Adamax": dict(lr=0.02),
    "NAdam": dict(lr=0.02),
    "RAdam": dict(lr=0.02),
    "SparseAdam": dict(lr=0.02),
    "Adagrad": dict(lr=0.05, lr_decay=0.01),
    "Adadelta": dict(lr=0.5),
    "RMSprop": dict(lr=0.02, momentum=0.5, centered=True),
    "Rprop": dict(lr=0.02),
    "ASGD": dict(lr=0.05, t0=5),
    "Adafactor": dict(lr=0.05),
    "LBFGS": dict(lr=0.3, max_iter=2),
    "Muon": dict(lr=0.02),
}


def new_params(name):
    params = [(torch.arange(12).float() / 7 - 0.5).view(4, 3).requires_grad_(), (torch.arange(3).float() / 3).requires_grad_()]
    return params[:1] if name == "Muon" else params  # which takes matrices


def train(params, optimizer, first, last):
    for step in range(first, last):
        if isinstance(optimizer, torch.optim.LBFGS):

            def closure():
                optimizer.zero_grad()
                loss = ((params[0] - 1).pow(4).sum() + (params[1] - 2).pow(4).sum()) / 10
                loss.backward()
                return loss

            optimizer.step(closure)
            continue
        for k, p in enumerate(params):
            p.grad = torch.cos(torch.arange(p.numel()).float() * 0.7 + step + k).view(p.shape)
            if isinstance(optimizer, torch.optim.SparseAdam):
                p.grad = p.grad.to_sparse()
        optimizer.step()


def named(params):
    return {str(k): p.detach() for k, p in enumerate(params)}


for name, options in CASES.items():
    make = getattr(torch.optim, name)
    end = torch.load(f"{folder}/{name}_20.pt", weights_only=True)
    params = new_params(name)
    optimizer = make(params, **options)
    train(params, optimizer, 0, 10)
    torch.save({"params": {k: v.clone() for k, v in named(params).items()}, "optimizer": optimizer.state_dict()}, f"{folder}/{name}_theirs_10.pt")
    train(params, optimizer, 10, 20)
    torch.save(named(params), f"{folder}/{name}_theirs_20.pt")
    most = max((end[k] - p).abs().max().item() for k, p in named(params).items())
    check(most <= 1e-6, f"{name}: 20 steps agree to {most:.1e}")

    half = torch.load(f"{folder}/{name}_10.pt", weights_only=True)
    params = new_params(name)
    with torch.no_grad():
        for k, p in enumerate(params):
            p.copy_(half["params"][str(k)])
    optimizer = make(params, lr=0.7)
    optimizer.load_state_dict(half["optimizer"])
    train(params, optimizer, 10, 20)
    most = max((end[k] - p).abs().max().item() for k, p in named(params).items())
    check(most <= 1e-6, f"{name}: PyTorch goes on from the state, to {most:.1e}")



class Lion(torch.optim.Optimizer):
    """PyTorch has none: as its paper writes it (Chen and others 2023, https://arxiv.org/abs/2302.06675)."""

    def __init__(self, params, lr, weight_decay, betas=(0.9, 0.99)):
        super().__init__(params, dict(lr=lr, weight_decay=weight_decay, betas=betas))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                average = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * torch.sign(beta1 * average + (1 - beta1) * p.grad))
                average.mul_(beta2).add_(p.grad, alpha=1 - beta2)


params = new_params("Lion")
train(params, Lion(params, lr=0.01, weight_decay=0.1), 0, 20)
end = torch.load(f"{folder}/Lion_20.pt", weights_only=True)
most = max((end[k] - p).abs().max().item() for k, p in named(params).items())
check(most <= 1e-6, f"Lion: 20 steps agree to {most:.1e} with its formula")

SENTENCE = "the banana's hat<|end|> 你好, don't  go\n\n now 🙂"
theirs = tokenizers.Tokenizer.from_file(f"{folder}/lazuli_tokenizer.json")
check(theirs.encode(SENTENCE).ids == numpy.load(f"{folder}/lazuli_tokens.npy").tolist(), "tokenizer is read by Hugging Face's package and encodes alike")
byte_level = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
own = tokenizers.Tokenizer(tokenizers.models.BPE())
own.pre_tokenizer = byte_level
own.decoder = tokenizers.decoders.ByteLevel()
trainer = tokenizers.trainers.BpeTrainer(vocab_size=300, special_tokens=["<|end|>"], initial_alphabet=byte_level.alphabet(), show_progress=False)
own.train_from_iterator(["the cat sat on the mat", "bananas and 你好, 🙂 for don't"], trainer)
own.save(f"{folder}/their_tokenizer.json")
numpy.save(f"{folder}/their_tokens.npy", numpy.array(own.encode(SENTENCE).ids, dtype=numpy.int64))

writer = gguf.GGUFWriter(f"{folder}/theirs.gguf", "llama")
writer.add_uint32("layers", 3)
values = numpy.random.default_rng(1).standard_normal((3, 64)).astype(numpy.float32)
plain = {"f32": values, "f16": values.astype(numpy.float16).astype(numpy.float32)}
writer.add_tensor("f32", values)
writer.add_tensor("f16", values.astype(numpy.float16))
for name in ("Q8_0", "Q4_0", "BF16"):
    kind = getattr(gguf.GGMLQuantizationType, name)
    packed = gguf.quants.quantize(values, kind)
    writer.add_tensor(name, packed, raw_dtype=kind)
    plain[name] = gguf.quants.dequantize(packed, kind)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
numpy.savez(f"{folder}/gguf.npz", **plain)

for name in ("cnn", "joined", "decoder", "words", "series", "encoder", "attention", "masked_attention", "lstm", "gru", "rnn", "translation", "learned_state"):
    onnx.checker.check_model(onnx.load(f"{folder}/{name}.onnx"), full_check=True)
    session = onnxruntime.InferenceSession(f"{folder}/{name}.onnx", providers=["CPUExecutionProvider"])
    (made,) = session.run(None, {"input": numpy.load(f"{folder}/{name}_input.npy")})
    expected = numpy.load(f"{folder}/{name}_output.npy")
    most = float(numpy.abs(made - expected).max()) if made.shape == expected.shape else float("inf")
    check(most <= 1e-5, f"onnx {name}: onnxruntime agrees to {most:.1e}")

events = EventAccumulator(f"{folder}/runs", size_guidance={"histograms": 0, "tensors": 0, "images": 0, "scalars": 0})
events.Reload()
losses = [(event.step, event.value) for event in events.Scalars("loss/train")] if "loss/train" in events.Tags()["scalars"] else []
check([step for step, _ in losses] == [0, 1, 2] and numpy.allclose([value for _, value in losses], [1, 1 / 2, 1 / 3]), "tensorboard reads scalars")
histogram = events.Histograms("weights")[0].histogram_value
check(histogram.num == 100 and sum(histogram.bucket) == 100 and abs(histogram.sum - -1) < 1e-4, "tensorboard reads histograms")
picture = events.Images("picture")[0]
pixels = numpy.asarray(PIL.Image.open(io.BytesIO(picture.encoded_image_string)))
check((pixels == (numpy.arange(60) * 4).astype(numpy.uint8).reshape(3, 4, 5).transpose(1, 2, 0)).all(), "tensorboard reads images")
text = events.Tensors("note/text_summary")[0].tensor_proto.string_val[0]
check(text == b"first run", "tensorboard reads texts")
check(any("0" in node.name for node in events.Graph().node), "tensorboard reads the graph of modules")

sys.exit(1 if wrong else 0)
