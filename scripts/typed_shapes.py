#!/usr/bin/env python3
"""Writes tests/typed/recorded_shapes_test.cpp from the recorded cases: for each function with a rule, that the compiler's shapes and dtypes of five samples are PyTorch's.

Usage: typed_shapes.py PACK > tests/typed/recorded_shapes_test.cpp, for a pack as tests/conformance replays."""
import json
import os
import sys

ELEMENT = {"bool": "bool", "uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t", "int32": "int32_t", "int64": "int64_t", "float16": "Half", "bfloat16": "BFloat16",
           "float32": "float", "float64": "double", "complex64": "Complex<float>", "complex128": "Complex<double>"}
SAMPLES = 5


class Skip(Exception):
    pass


def tensor(value):
    if not isinstance(value, dict) or "t" not in value or len(value["shape"]) > 12:
        raise Skip
    return "T<" + ", ".join([ELEMENT[value["dtype"]]] + [str(n) for n in value["shape"]]) + ">"


def number(value):
    if isinstance(value, bool) or not isinstance(value, int):
        raise Skip
    return value


def numbers(value):
    return [number(v) for v in (value if isinstance(value, list) else [value])]


def text(values):
    return ", ".join(str(v) for v in values)


def argument(case, place, name, default=None):
    """A positional or keyword argument; Skip where there is none and no default."""
    if len(case["args"]) > place:
        return case["args"][place]
    if name in case["kwargs"]:
        return case["kwargs"][name]
    if default is None:
        raise Skip
    return default


def only(case, *names):
    """No arguments but those that the typed form has."""
    if set(case["kwargs"]) - set(names):
        raise Skip


def call(name, template, *arguments):
    return "%s%s(%s)" % (name, "<%s>" % text(template) if template is not None else "", ", ".join(a + "()" for a in arguments))


def tensors_only(op, count):
    def make(case):
        only(case)
        if len(case["args"]) != count:
            raise Skip
        return call(op, None, *[tensor(a) for a in case["args"]])
    return make


def with_dims(op, name="dim", place=1, least=1):
    """self and dimensions, one or a list."""
    def make(case):
        only(case, name)
        dims = argument(case, place, name, [])
        dims = [] if dims is None or dims == [] else numbers(dims)
        if len(dims) < least or len(case["args"]) > place + 1:
            raise Skip
        return call(op, dims, tensor(case["args"][0]))
    return make


def reduction(op):
    def make(case):
        only(case, "dim", "keepdim")
        dims = argument(case, 1, "dim", [])
        keep = argument(case, 2, "keepdim", False)
        if len(case["args"]) > 3:
            raise Skip
        inner = call(op, [] if dims in (None, []) else numbers(dims), tensor(case["args"][0]))
        return inner[:-1] + ", typed::keepdim)" if keep is True else inner
    return make


def one_dim_reduction(op):
    def make(case):
        only(case, "dim", "keepdim")
        dim = number(argument(case, 1, "dim"))
        inner = call(op, [dim], tensor(case["args"][0]))
        return inner[:-1] + ", typed::keepdim)" if argument(case, 2, "keepdim", False) is True else inner
    return make


def template(op, *parameters):
    """self and numbers that are template arguments; each (name, default or None)."""
    def make(case):
        only(case, *[p[0] for p in parameters])
        if len(case["args"]) > 1 + len(parameters):
            raise Skip
        values = []
        for i, (name, default) in enumerate(parameters):
            values += numbers(argument(case, i + 1, name, default))
        return call(op, values, tensor(case["args"][0]))
    return make


def joined(op, dim):
    def make(case):
        only(case, "dim")
        value = [number(argument(case, 1, "dim", 0))] if dim else None
        operands = case["args"][0]
        if not isinstance(operands, list) or not operands or len(case["args"]) > 2 or (op == "cat" and any(a["shape"] == [0] for a in operands)):
            raise Skip
        return call(op, value, *[tensor(a) for a in operands])
    return make


def indexed(op, count):
    """self, dim and `count` tensors."""
    def make(case):
        only(case)
        args = case["args"]
        if len(args) != 2 + count:
            raise Skip
        if args[2]["dtype"] not in ("int64", "int32"):
            raise Skip
        return call(op, [number(args[1])], tensor(args[0]), *[tensor(a) for a in args[2:]])
    return make


def window(kwargs, names):
    parts = []
    for name in names:
        if name in kwargs:
            value = kwargs[name]
            if isinstance(value, str):
                parts.append('.%s = "%s"' % (name, value))
            elif isinstance(value, bool):
                parts.append(".%s = %s" % (name, "true" if value else "false"))
            elif isinstance(value, list):
                parts.append(".%s = {%s}" % (name, text(numbers(value))))
            else:
                parts.append(".%s = %d" % (name, number(value)))
    return "typed::Window{%s}" % ", ".join(parts)


def sizes(value):
    return "typed::Sizes{%s}" % text(numbers(value)) if isinstance(value, list) else str(number(value))


def convolution(op):
    names = ["stride", "padding", "dilation"] + (["output_padding"] if "transpose" in op else []) + ["groups"]
    def make(case):
        only(case, "bias", *names)
        if len(case["args"]) > 3:
            raise Skip
        return call(op, [window(case["kwargs"], names)], tensor(case["args"][0]), tensor(argument(case, 1, "weight")))
    return make


def pool(op):
    names = ["stride", "padding", "dilation", "ceil_mode", "count_include_pad"]
    def make(case):
        kwargs = {k: v for k, v in case["kwargs"].items() if k != "return_indices"}
        only({"kwargs": kwargs}, "kernel_size", *names)
        if case["kwargs"].get("return_indices") or len(case["args"]) > 3:
            raise Skip
        if len(case["args"]) == 3:
            kwargs["stride"] = case["args"][2]
        if kwargs.get("stride") is None or kwargs.get("stride") == []:
            kwargs.pop("stride", None)
        return call(op, [sizes(argument(case, 1, "kernel_size")), window(kwargs, names)], tensor(case["args"][0]))
    return make


def adaptive(op):
    def make(case):
        only(case, "output_size")
        size = argument(case, 1, "output_size")
        size = [-1 if s is None else s for s in size] if isinstance(size, list) else size
        return call(op, [sizes(size)], tensor(case["args"][0]))
    return make


def einsum(case):
    only(case)
    operands, equation = case["args"] if isinstance(case["args"][0], list) else (case["args"][1], case["args"][0])
    if not isinstance(equation, str):
        raise Skip
    return call("einsum", ['"%s"' % equation], *[tensor(a) for a in operands])


def loss(op):
    def make(case):
        only(case, "reduction")
        kind = {"none": "None", "mean": "Mean", "sum": "Sum"}[case["kwargs"].get("reduction", "mean")]
        if len(case["args"]) != 2:
            raise Skip
        return call(op, ["Reduction::" + kind], tensor(case["args"][0]), tensor(case["args"][1]))
    return make


def svd(case):
    only(case, "full_matrices")
    return call("linalg::svd", ["true" if case["kwargs"].get("full_matrices", True) else "false"], tensor(case["args"][0]))


def addition(op):
    def make(case):
        only(case, "beta", "alpha")
        return call(op, None, *[tensor(a) for a in case["args"]])
    return make


def embedding(case):
    """Recorded as weight and input."""
    only(case, "padding_idx", "max_norm", "norm_type", "scale_grad_by_freq")
    return call("embedding", None, tensor(argument(case, 1, "input")), tensor(case["args"][0]))


def where(case):
    """Recorded as self, condition and other."""
    only(case)
    return call("where", None, *[tensor(case["args"][i]) for i in (1, 0, 2)])


RULES = {}
for name in ("abs acos acosh asin asinh atan atanh bitwise_not ceil cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 floor frac i0 isfinite isinf isnan isneginf isposinf isreal lgamma "
             "log log10 log1p log2 logical_not neg positive rad2deg reciprocal relu relu6 rsqrt selu sgn sigmoid sign signbit silu sin sinc sinh softsign sqrt square tan tanh tanhshrink trunc "
             "mish logsigmoid hardswish hardsigmoid ravel mT adjoint atleast_1d atleast_2d atleast_3d inverse logdet trace").split():
    RULES[name] = tensors_only(name, 1)
for name in ("add sub mul div true_divide floor_divide remainder fmod pow eq ne lt le gt ge atan2 maximum minimum fmax fmin hypot copysign logaddexp logaddexp2 xlogy gcd lcm bitwise_and bitwise_or "
             "bitwise_xor logical_and logical_or logical_xor matmul mm bmm mv dot vdot outer kron cdist expand_as").split():
    RULES[name] = tensors_only(name, 2)
for name in "addcmul addcdiv".split():
    RULES[name] = tensors_only(name, 3)
for name in "addmm addmv addr addbmm baddbmm".split():
    RULES[name] = addition(name)
for name in "sum nansum prod mean nanmean logsumexp amax amin any all".split():
    RULES[name] = reduction(name)
for name in "argmax argmin median nanmedian mode max min".split():
    RULES[name] = one_dim_reduction(name)
for name in "softmax log_softmax cumsum cumprod logcumsumexp cummax cummin".split():
    RULES[name] = with_dims(name)
for name in "cholesky det eig eigh inv lu matrix_exp qr svdvals".split():
    RULES["linalg." + name] = (lambda n: lambda case: call("linalg::" + n, None, tensor(case["args"][0])) if len(case["args"]) == 1 and not case["kwargs"] else (_ for _ in ()).throw(Skip()))(name)
RULES.update({
    "linalg.svd": svd, "where": where, "linalg.solve": tensors_only("linalg::solve", 2), "count_nonzero": with_dims("count_nonzero", least=0),
    "t": lambda case: call("t", None, tensor(case["args"][0])),
    "flip": with_dims("flip", "dims"), "permute": with_dims("permute", "dims"), "squeeze": with_dims("squeeze", least=0), "reshape": with_dims("reshape", "shape"),
    "view": with_dims("view", "shape"), "expand": with_dims("expand", "size"), "broadcast_to": with_dims("broadcast_to", "size"), "tile": with_dims("tile", "dims"),
    "repeat": with_dims("repeat", "repeats"), "unsqueeze": template("unsqueeze", ("dim", None)), "flatten": template("flatten", ("start_dim", 0), ("end_dim", -1)),
    "transpose": template("transpose", ("dim0", None), ("dim1", None)), "swapaxes": template("swapaxes", ("axis0", None), ("axis1", None)),
    "unflatten": template("unflatten", ("dim", None), ("sizes", None)), "select": template("select", ("dim", None), ("index", None)),
    "narrow": template("narrow", ("dim", None), ("start", None), ("length", None)), "diag": template("diag", ("diagonal", 0)),
    "pad": lambda case: call("pad", numbers(case["args"][1]), tensor(case["args"][0])), "topk": template("topk", ("k", None), ("dim", -1)),
    "diff": template("diff", ("n", 1), ("dim", -1)), "sort": template("sort", ("dim", -1)), "argsort": template("argsort", ("dim", -1)),
    "split": template("split", ("split_size", None), ("dim", 0)), "chunk": template("chunk", ("chunks", None), ("dim", 0)), "unbind": template("unbind", ("dim", 0)),
    "cat": joined("cat", True), "stack": joined("stack", True), "hstack": joined("hstack", False), "vstack": joined("vstack", False), "dstack": joined("dstack", False),
    "column_stack": joined("column_stack", False), "gather": indexed("gather", 1), "index_select": indexed("index_select", 1), "scatter_add": indexed("scatter_add", 2),
    "scatter": indexed("scatter", 2), "index_add": indexed("index_add", 2), "embedding": embedding,
    "take_along_dim": lambda case: call("take_along_dim", [number(argument(case, 2, "dim"))], tensor(case["args"][0]), tensor(case["args"][1])),
    "einsum": einsum, "tensordot": lambda case: call("tensordot", [number(argument(case, 2, "dims", 2))], tensor(case["args"][0]), tensor(case["args"][1])),
    "linear": lambda case: call("linear", None, *[tensor(a) for a in case["args"]]),
    "scaled_dot_product_attention": lambda case: call("scaled_dot_product_attention", None, *[tensor(a) for a in case["args"][:3]]) if not case["kwargs"].get("enable_gqa") else (_ for _ in ()).throw(Skip()),
    "one_hot": lambda case: template("one_hot", ("num_classes", None))(case) if argument(case, 1, "num_classes") != -1 else (_ for _ in ()).throw(Skip()),
})
for name in "conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d".split():
    RULES[name] = convolution(name)
for name in "max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d".split():
    RULES[name] = pool(name)
for kind in "max avg".split():
    for rank in "123":
        RULES["adaptive_%s_pool%sd" % (kind, rank)] = adaptive("adaptive_%s_pool%sd" % (kind, rank))
for name in "mse_loss l1_loss smooth_l1_loss huber_loss cross_entropy nll_loss binary_cross_entropy_with_logits".split():
    RULES[name] = loss(name)


def result(case):
    outputs = [tensor(o) for o in case["out"]]
    if case["op"].startswith("adaptive_max"):
        outputs = outputs[:1]  # without the places
    several = case["op"] in ("split", "chunk", "unbind") or len(outputs) > 1
    return "std::tuple<%s>" % ", ".join(outputs) if several else outputs[0]


def samples(pack, op):
    path = os.path.join(pack, "ops", op + ".json")
    if not os.path.exists(path):
        return []
    with open(path) as file:
        cases = json.load(file)
    lines, seen = [], set()
    for case in cases:
        if "out" not in case or "error" in case or len(lines) == SAMPLES:
            continue
        try:
            line = "static_assert(same<decltype(%s), %s>);" % (RULES[op](case), result(case))
        except (Skip, KeyError, IndexError, TypeError, ValueError):
            continue
        if line not in seen:
            seen.add(line)
            lines.append(line)
    return lines


def main():
    pack = sys.argv[1]
    print("// What the compiler says of shapes and dtypes, against what PyTorch recorded. Written by scripts/typed_shapes.py; not by hand.")
    print("#include <lazuli/lazuli.h>\n#include <lazuli/typed/typed.h>\n\n// clang-format off\nnamespace {\n\nusing namespace lazuli;")
    print("template <class E, int64_t... extents>\nusing T = Typed<E, typed::Dims<extents...>>;")
    print("template <class A, class B>\nconcept same = std::is_same_v<A, B>;\n")
    for op in sorted(RULES):
        for line in samples(pack, op):
            print(line)
    print("\n}  // namespace")


main()
