#!/usr/bin/env python3
"""Writes tests/typed/recorded_shapes_test.cpp from the recorded cases: for each function with a rule, that the compiler's shapes and dtypes of its samples are PyTorch's: negative dimensions, keepdim, ceil_mode, dilation, every dtype that was recorded.

Usage: typed_shapes.py PACK > tests/typed/recorded_shapes_test.cpp, for a pack as tests/conformance replays."""
import json
import os
import re
import sys

ELEMENT = {"bool": "bool", "uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t", "int32": "int32_t", "int64": "int64_t", "float16": "Half", "bfloat16": "BFloat16",
           "float32": "float", "float64": "double", "complex64": "Complex<float>", "complex128": "Complex<double>"}
SAMPLES, MOST = 5, 10  # of each function: the first ones, and those that bring something new


class Skip(Exception):
    pass


def tensor(value):
    if not isinstance(value, dict) or "t" not in value or len(value["shape"]) > 12:
        raise Skip
    return "Of<" + ", ".join([ELEMENT[value["dtype"]]] + [str(n) for n in value["shape"]]) + ">"


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
    """Arguments are types, or values that stand as they are: what begins with = """
    listed = ", ".join(a[1:] if a.startswith("=") else a + "()" for a in arguments)
    return "%s%s(%s)" % (name.replace(".", "::"), "<%s>" % text(template) if template is not None else "", listed)


def operands(case):
    """All tensors by position, and those with one of the names."""
    return [tensor(a) for a in case["args"] if isinstance(a, dict) and "t" in a]


def shaped(op, count, dims=(), values=(), name=None):
    """`count` tensors and template arguments, each (place, name, default); options that do not touch the shape are left out, and `values` put in their place."""
    def make(case):
        if len(operands(case)) != count or any(isinstance(v, dict) and "t" in v for v in case["kwargs"].values()):
            raise Skip
        template = []
        for place, key, default in dims:
            value = argument(case, place, key, default)
            template += numbers(value) if not isinstance(value, bool) else ["true" if value else "false"]
        return call(name or op, template if dims else None, *(operands(case) + list(values)))
    return make


def kept_dims(op, values=(), place=1, name=None, least=0):
    """Reductions, with dim and keepdim wherever they stand."""
    def make(case):
        dims = case["kwargs"].get("dim", case["args"][place] if len(case["args"]) > place else None)
        keep = case["kwargs"].get("keepdim", case["args"][place + 1] if len(case["args"]) > place + 1 else False)
        dims = [] if dims in (None, []) else numbers(dims)
        if len(dims) < least or case["kwargs"].get("dtype") or len(operands(case)) != 1:
            raise Skip
        return call(name or op, dims, *(operands(case) + list(values) + (["=typed::keepdim"] if keep is True else [])))
    return make


def trapezoid(op):
    return lambda case: call(op, [number(case["kwargs"].get("dim", -1))], *operands(case))


def ints(values):
    return "typed::Ints<%s>" % text(values)


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
        only({"kwargs": kwargs}, "kernel_size", "divisor_override", *names)
        kwargs.update(zip(["stride", "padding", "ceil_mode", "count_include_pad"] if op.startswith("avg") else ["stride", "padding", "dilation", "ceil_mode"], case["args"][2:6]))
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
        only(case, "reduction", "delta", "beta", "log_target", "label_smoothing", "ignore_index")
        if len(case["args"]) != 2:
            raise Skip
        return call(op, [reduction_of(case)], tensor(case["args"][0]), tensor(case["args"][1]))
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


def skip():
    raise Skip


def reduction_of(case):
    return "Reduction::" + {"none": "None", "mean": "Mean", "sum": "Sum"}[case["kwargs"].get("reduction", "mean")]


SPLITS = ("split", "chunk", "unbind", "tensor_split", "split_with_sizes", "hsplit", "vsplit", "dsplit", "meshgrid", "broadcast_tensors", "gradient", "unravel_index")
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
for name in ("angle conj conj_physical resolve_conj resolve_neg clone contiguous fill celu clamp elu gelu glu hardshrink hardtanh leaky_relu softshrink softplus threshold logit mvlgamma nan_to_num round real imag "
             "special.airy_ai special.bessel_j0 special.bessel_j1 special.bessel_y0 special.bessel_y1 special.entr special.erfcx special.i0e special.i1 special.i1e special.log_ndtr "
             "special.modified_bessel_i0 special.modified_bessel_i1 special.modified_bessel_k0 special.modified_bessel_k1 special.ndtr special.ndtri special.scaled_modified_bessel_k0 "
             "special.scaled_modified_bessel_k1 special.spherical_bessel_j0 zeros_like ones_like H T mH fliplr flipud tril triu cov corrcoef pdist msort frexp pinverse matrix_exp geqrf cholesky_inverse "
             "view_as_real view_as_complex linalg.cholesky_ex linalg.cond linalg.eigvals linalg.eigvalsh linalg.inv_ex linalg.ldl_factor linalg.ldl_factor_ex linalg.lu_factor linalg.lu_factor_ex "
             "linalg.matrix_rank linalg.matrix_sqrth linalg.pinv linalg.polar linalg.slogdet linalg.cholesky linalg.eigh linalg.lu linalg.matrix_exp linalg.qr linalg.svdvals").split():
    RULES[name] = shaped(name, 1)
for name in ("bitwise_left_shift bitwise_right_shift clamp_max clamp_min complex float_power heaviside igamma igammac inner isclose isin ldexp nextafter polar rsub special.xlog1py special.zeta cdist dist "
             "special.chebyshev_polynomial_t special.chebyshev_polynomial_u special.chebyshev_polynomial_v special.chebyshev_polynomial_w special.hermite_polynomial_h special.hermite_polynomial_he "
             "special.laguerre_polynomial_l special.legendre_polynomial_p special.shifted_chebyshev_polynomial_t special.shifted_chebyshev_polynomial_u special.shifted_chebyshev_polynomial_v "
             "special.shifted_chebyshev_polynomial_w bucketize cholesky_solve take reshape_as view_as grid_sample linalg.householder_product linalg.solve_ex").split():
    RULES[name] = shaped(name, 2)
for name in "lerp masked_scatter put clamp".split():
    RULES[name + ":3"] = shaped(name, 3)
RULES.update({
    "fill": shaped("fill", 1, values=["=1"]), "clamp": shaped("clamp", 3), "threshold": shaped("threshold", 1, values=["=0", "=1"]),
    "full_like": shaped("full_like", 1, values=["=1"]), "mvlgamma": shaped("mvlgamma", 1, values=["=1"]), "masked_fill": shaped("masked_fill", 2, values=["=0"]),
    "polygamma": lambda case: call("polygamma", None, "=1", tensor(case["args"][0])), "special.polygamma": lambda case: call("polygamma", None, "=1", tensor(case["args"][0])),
    "lerp": shaped("lerp", 2, values=["=0.5"]), "bilinear": lambda case: call("bilinear", None, *operands(case)[:3]), "glu": shaped("glu", 1, [(1, "dim", -1)]),
    "prelu": lambda case: call("prelu", None, tensor(case["args"][0]), tensor(argument(case, 1, "weight"))), "cross": shaped("cross", 2, [(2, "dim", None)]),
    "masked_scatter": shaped("masked_scatter", 3), "put": shaped("put", 3), "searchsorted": lambda case: call("searchsorted", None, *operands(case)) if not case["kwargs"].get("out_int32") else skip(),
    "bucketize": lambda case: call("bucketize", None, *operands(case)) if not case["kwargs"].get("out_int32") else skip(),
    "isclose": shaped("isclose", 2), "batch_norm": lambda case: call("batch_norm", None, operands(case)[0], "=Tensor()", "=Tensor()"),
    "instance_norm": lambda case: call("instance_norm", None, operands(case)[0]), "local_response_norm": shaped("local_response_norm", 1, values=["=2"]),
    "normalize": shaped("normalize", 1, [(2, "dim", 1)]), "group_norm": lambda case: call("group_norm", [number(case["args"][1])], operands(case)[0]),
    "layer_norm": lambda case: call("layer_norm", numbers(case["args"][1]), operands(case)[0]), "rms_norm": lambda case: call("rms_norm", numbers(case["args"][1]), operands(case)[0]),
    "as_strided": lambda case: call("as_strided", numbers(case["args"][1]), operands(case)[0], "=Shape()"), "sum_to_size": lambda case: call("sum_to_size", numbers(case["args"][1:] if len(case["args"]) > 2 else case["args"][1]), operands(case)[0]),
    "diag_embed": shaped("diag_embed", 1, [(1, "offset", 0), (2, "dim1", -2), (3, "dim2", -1)]), "diagflat": shaped("diagflat", 1, [(1, "offset", 0)]),
    "diagonal": shaped("diagonal", 1, [(1, "offset", 0), (2, "dim1", 0), (3, "dim2", 1)]),
    "diagonal_scatter": shaped("diagonal_scatter", 2, [(2, "offset", 0), (3, "dim1", 0), (4, "dim2", 1)]),
    "select_scatter": shaped("select_scatter", 2, [(2, "dim", None), (3, "index", None)]), "constant_pad_nd": lambda case: call("constant_pad_nd", numbers(case["args"][1]), operands(case)[0]),
    "rot90": shaped("rot90", 1, [(1, "k", 1), (2, "dims", [0, 1])]), "roll": lambda case: call("roll", [number(argument(case, 2, "dims"))], operands(case)[0], "=1"),
    "movedim": lambda case: call("movedim", [ints(numbers(case["args"][1])), ints(numbers(case["args"][2]))], operands(case)[0]), "unfold": shaped("unfold", 1, [(1, "dimension", None), (2, "size", None), (3, "step", None)]),
    "repeat_interleave": lambda case: call("repeat_interleave", [number(argument(case, 1, "repeats"))] + ([] if case["kwargs"].get("dim") is None else [number(case["kwargs"]["dim"])]), operands(case)[0]),
    "combinations": shaped("combinations", 1, [(1, "r", 2), (2, "with_replacement", False)]), "linalg.vander": shaped("linalg.vander", 1, [(1, "N", -1)]),
    "slice": lambda case: call("slice", numbers(case["args"][1:]), operands(case)[0]) if len(case["args"]) > 1 and not case["kwargs"] else skip(),
    "split_with_sizes": lambda case: call("split_with_sizes", [ints(numbers(case["args"][1])), number(argument(case, 2, "dim", 0))], operands(case)[0]),
    "tensor_split": lambda case: call("tensor_split", [number(case["args"][1]), number(argument(case, 2, "dim", 0))], operands(case)[0]),
    "meshgrid": lambda case: call("meshgrid", ["true" if case["kwargs"].get("indexing") == "xy" else "false"], *operands(case)),
    "gradient": lambda case: call("gradient", [] if case["kwargs"].get("dim") is None else numbers(case["kwargs"]["dim"]), operands(case)[0]) if len(operands(case)) == 1 else skip(),
    "unravel_index": lambda case: call("unravel_index", numbers(case["args"][1]), operands(case)[0]), "histc": shaped("histc", 1, [(1, "bins", 100)]),
    "histogram": lambda case: call("histogram", [number(argument(case, 1, "bins"))], operands(case)[0]) if len(operands(case)) == 1 else skip(),
    "aminmax": kept_dims("aminmax", place=9), "kthvalue": lambda case: call("kthvalue", [number(case["args"][1]), number(argument(case, 2, "dim", -1))], operands(case)[0],
                                                                      *(["=typed::keepdim"] if argument(case, 3, "keepdim", False) is True else [])),
    "quantile": lambda case: kept_dims("quantile", ["=0.5"], place=9)(case) if len(operands(case)) == 1 else skip(), "nanquantile": lambda case: kept_dims("nanquantile", ["=0.5"], place=9)(case) if len(operands(case)) == 1 else skip(),
    "norm": kept_dims("norm", place=2), "linalg.vector_norm": kept_dims("linalg.vector_norm", place=2), "linalg.norm": kept_dims("linalg.norm", place=2),
    "linalg.matrix_norm": lambda case: kept_dims("linalg.matrix_norm", place=2)(case) if case["kwargs"].get("dtype") is None else skip(), "softmin": with_dims("softmin"),
    "renorm": lambda case: call("renorm", [number(case["args"][2])], operands(case)[0], "=2", "=1"), "trapezoid": trapezoid("trapezoid"), "trapz": trapezoid("trapezoid"),
    "cumulative_trapezoid": trapezoid("cumulative_trapezoid"), "cosine_similarity": shaped("cosine_similarity", 2, [(2, "dim", 1)]),
    "pairwise_distance": lambda case: call("pairwise_distance", None, *operands(case)) if not case["kwargs"].get("keepdim") else skip(),
    "index_fill": lambda case: call("index_fill", [number(case["args"][1])], *(operands(case) + ["=0"])) if len(operands(case)) == 2 else skip(),
    "index_add": lambda case: call("index_add", [number(case["args"][1])], *operands(case)),
    "index_reduce": lambda case: call("index_reduce", [number(case["args"][1])], *(operands(case) + ['="mean"'])), "scatter_reduce": lambda case: call("scatter_reduce", [number(case["args"][1])], *(operands(case) + ['="sum"'])),
    "embedding_bag": lambda case: call("embedding_bag", None, tensor(case["args"][1]), tensor(case["args"][0])) if "offsets" not in case["kwargs"] else skip(),
    "linalg.matrix_power": lambda case: call("linalg.matrix_power", None, operands(case)[0], "=2"), "linalg.multi_dot": lambda case: call("linalg.multi_dot", None, *[tensor(a) for a in case["args"][0]]),
    "linalg.tensorsolve": lambda case: call("linalg.tensorsolve", None, *operands(case)) if not case["kwargs"].get("dims") else skip(), "linalg.cross": shaped("linalg.cross", 2, [(2, "dim", -1)]), "linalg.vecdot": shaped("linalg.vecdot", 2, [(2, "dim", -1)]), "linalg.diagonal": shaped("diagonal", 1, [(1, "offset", 0), (2, "dim1", -2), (3, "dim2", -1)]),
    "linalg.tensorinv": shaped("linalg.tensorinv", 1, [(1, "ind", 2)]), "linalg.solve_triangular": lambda case: call("linalg.solve_triangular", None, *(operands(case) + ["=true"])) if case["kwargs"].get("left", True) else skip(),
    "pixel_shuffle": shaped("pixel_shuffle", 1, [(1, "upscale_factor", None)]), "pixel_unshuffle": shaped("pixel_unshuffle", 1, [(1, "downscale_factor", None)]),
    "channel_shuffle": shaped("channel_shuffle", 1, [(1, "groups", None)]), "grid_sampler_2d": lambda case: call("grid_sample", None, *operands(case)), "grid_sampler_3d": lambda case: call("grid_sample", None, *operands(case)),
    "interpolate": lambda case: call("interpolate", ["typed::Sizes{%s}" % text(numbers(argument(case, 1, "size")))], operands(case)[0]), "argsort": template("argsort", ("dim", -1)),
    "upsample_nearest": lambda case: call("upsample_nearest", ["typed::Sizes{%s}" % text(numbers(case["kwargs"]["size"]))], operands(case)[0]),
    "upsample_bilinear": lambda case: call("upsample_bilinear", ["typed::Sizes{%s}" % text(numbers(case["kwargs"]["size"]))], operands(case)[0]), "sort": shaped("sort", 1, [(1, "dim", -1)]),
    "scaled_dot_product_attention": lambda case: call("scaled_dot_product_attention", None, *operands(case)[:3]) if not case["kwargs"].get("enable_gqa") else skip(),
    "diff": lambda case: call("diff", [number(case["args"][1]), number(case["args"][2])], operands(case)[0]) if len(operands(case)) == 1 else skip(),
    "inverse": shaped("inverse", 1), "swapaxes": template("swapaxes", ("axis0", None), ("axis1", None)),
})
for name in "std var std_mean var_mean".split():
    RULES[name] = kept_dims("lazuli." + name, place=9)  # std alone is ambiguous beside the namespace
for name in "hsplit vsplit dsplit".split():
    RULES[name] = (lambda n: lambda case: call(n, [number(case["args"][1])], *operands(case)))(name)
for name in "block_diag broadcast_tensors cartesian_prod".split():
    RULES[name] = (lambda n: lambda case: call(n, None, *operands(case)))(name)
for name in "fft ifft rfft irfft hfft ihfft".split():
    RULES["fft." + name] = (lambda n: lambda case: call("fft." + n, [number(case["kwargs"].get("n") or 0), number(case["kwargs"].get("dim", -1))], *operands(case)))(name)
    for several in "2n":
        RULES["fft." + name + several] = (lambda n: lambda case: call("fft." + n, [ints(numbers(case["kwargs"].get("s") or [])),
                                                                                 ints(numbers(case["kwargs"].get("dim") if case["kwargs"].get("dim") is not None else [-2, -1] if n[-1] == "2" else []))],
                                                                      *operands(case)))(name + several)
for name in "fftshift ifftshift".split():
    RULES["fft." + name] = (lambda n: lambda case: call("fft." + n, numbers(case["kwargs"].get("dim") or []), *operands(case)))(name)
for name in "cosine_embedding_loss gaussian_nll_loss margin_ranking_loss triplet_margin_loss".split():
    RULES[name] = (lambda n: lambda case: call(n, [reduction_of(case)], *operands(case)))(name)
for name in "poisson_nll_loss soft_margin_loss hinge_embedding_loss multilabel_margin_loss multilabel_soft_margin_loss multi_margin_loss binary_cross_entropy".split():
    RULES[name] = (lambda n: lambda case: call(n, [reduction_of(case)], *operands(case)))(name)
for name in "max_unpool1d max_unpool2d max_unpool3d".split():
    RULES[name] = (lambda n: lambda case: call(n, [sizes(case["kwargs"]["kernel_size"]), window(case["kwargs"], ["stride", "padding"]), sizes((case["kwargs"].get("output_size") or [0] * int(n[-2]))[-int(n[-2]):])], *operands(case)))(name)
RULES = {op: rule for op, rule in RULES.items() if ":" not in op}
for name in "conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d".split():
    RULES[name] = convolution(name)
for name in "max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d".split():
    RULES[name] = pool(name)
for kind in "max avg".split():
    for rank in "123":
        RULES["adaptive_%s_pool%sd" % (kind, rank)] = adaptive("adaptive_%s_pool%sd" % (kind, rank))
for name in "kl_div mse_loss l1_loss smooth_l1_loss huber_loss cross_entropy nll_loss binary_cross_entropy_with_logits".split():
    RULES[name] = loss(name)


def result(case):
    outputs = [tensor(o) for o in case["out"]]
    if case["op"].startswith("adaptive_max") or case["op"].startswith("max_pool"):
        outputs = outputs[:1]  # without the places
    several = case["op"] in SPLITS or len(outputs) > 1
    return "std::tuple<%s>" % ", ".join(outputs) if several else outputs[0]


def samples(pack, op):
    path = os.path.join(pack, "ops", op + ".json")
    if not os.path.exists(path):
        return []
    with open(path) as file:
        cases = json.load(file)
    lines, seen, kinds = [], set(), set()
    for case in cases:
        if "out" not in case or "error" in case or len(lines) == MOST:
            continue
        try:
            refused(op, case)
            line = "static_assert(same<decltype(%s), %s>);" % (RULES[op](case), result(case))
        except (Skip, KeyError, IndexError, TypeError, ValueError):
            continue
        if line in seen:
            continue
        seen.add(line)
        new = kinds_of(case, line) - kinds
        if len(lines) < SAMPLES or new:
            kinds |= new
            lines.append(line)
    return lines


def refused(op, case):
    """What typed forms refuse, or leave to the untyped ones, on purpose: losses of integers and complex numbers; new tensors of another dtype."""
    if "loss" in op and operands(case) and not re.match(r"Of<(float|double|Half|BFloat16)\b", operands(case)[0]):
        raise Skip
    if op.endswith("_like") and case["kwargs"].get("dtype"):
        raise Skip


def kinds_of(case, line):
    """What is new in a sample: dtypes, ranks, options, and template arguments but for the size of their numbers."""
    tensors = re.findall(r"Of<(\w+(?:<\w+>)?)((?:, \d+)*)>", line)
    return {("dtypes",) + tuple(t[0] for t in tensors), ("ranks",) + tuple(t[1].count(",") for t in tensors),
            ("template", re.sub(r"\d+", "n", re.sub(r"Of<[^()]*>\(\)", "", line.split(">, ")[0])))} | {("option", k, str(v)[:12]) for k, v in case["kwargs"].items() if not isinstance(v, (dict, list))}


def main():
    pack = sys.argv[1]
    print("// What the compiler says of shapes and dtypes, against what PyTorch recorded. Written by scripts/typed_shapes.py; not by hand.")
    print("#include <lazuli/lazuli.h>\n#include <lazuli/typed/typed.h>\n\n#include \"tests/typed/recorded_shapes.h\"\n\n// clang-format off\nnamespace {\n\nusing namespace lazuli;")
    print("template <class E, int64_t... extents>\nusing Of = Typed<E, typed::Dims<extents...>>;")
    print("template <class A, class B>\nconcept same = std::is_same_v<A, B>;\n")
    held = []
    for op in sorted(RULES):
        lines = samples(pack, op)
        print("\n".join(lines))
        held.append('    {"%s", %d},' % (op, len(lines)))
    print("\n}  // namespace\n\n// How many samples each function is held against.")
    print("std::vector<std::pair<std::string, int>> recorded_shapes() {\n  return {\n%s\n  };\n}" % "\n".join(held))


main()
