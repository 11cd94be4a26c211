"""How gdb prints tensors, shapes and modules. Loaded by itself next to the shared library (gdb asks for `add-auto-load-safe-path FOLDER` once); else: source lazuli_gdb.py"""
import itertools
import struct

import gdb
import gdb.printing

MOST = 10  # elements and parameters that are shown

# name in DType: name, bytes, struct's letter
DTYPES = {
    "Bool": ("bool", 1, "?"), "UInt8": ("uint8", 1, "B"), "Int8": ("int8", 1, "b"), "Int16": ("int16", 2, "h"), "Int32": ("int32", 4, "i"),
    "Int64": ("int64", 8, "q"), "Float16": ("float16", 2, "e"), "BFloat16": ("bfloat16", 2, None), "Float32": ("float32", 4, "f"),
    "Float64": ("float64", 8, "d"), "Complex64": ("complex64", 8, "2f"), "Complex128": ("complex128", 16, "2d"),
}


def enumerator(value):
    """The last part of an enum's value: 'Float32'."""
    return str(value).split("::")[-1]


def entries(shape):
    count = int(shape["size_"])
    first = shape["heap_"] if count > 6 else shape["inline_"]
    return [int(first[i]) for i in range(min(count, 64))]


def vector(value):
    start, end = value["_M_impl"]["_M_start"], value["_M_impl"]["_M_finish"]
    for i in range(min(int(end - start), 10000)):
        yield (start + i).dereference()


def pointee(shared):
    return shared["_M_ptr"].dereference()


def text(string):
    return string["_M_dataplus"]["_M_p"].string(length=int(string["_M_string_length"]))


def number(raw, letter):
    if letter is None:  # bfloat16: the upper half of a float32
        return struct.unpack("<f", b"\0\0" + raw)[0]
    values = struct.unpack("<" + letter, raw)
    return complex(*values) if len(values) == 2 else values[0]


def shown(value):
    if isinstance(value, float):
        return "%.6g" % value
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def elements(body, dtype):
    """The first elements in row-major order, through the strides; None where the memory is not this process's."""
    storage = body["storage"]["p_"]
    if not storage or enumerator(body["device"]["type"]["value_"]) != "CPU":
        return None
    name, size, letter = DTYPES[dtype]
    base = int(storage.dereference()["data_"])
    sizes, strides = entries(body["sizes"]), entries(body["strides"])
    memory = gdb.selected_inferior()
    values = []
    for index in itertools.islice(itertools.product(*(range(s) for s in sizes)), MOST):
        at = base + (int(body["offset"]) + sum(i * s for i, s in zip(index, strides))) * size
        values.append(shown(number(memory.read_memory(at, size).tobytes(), letter)))
    return values


def describe(tensor, with_elements=True):
    pointer = tensor["body_"]["p_"]
    if not pointer:
        return "undefined"
    try:
        body = pointer.dereference()
        dtype = enumerator(body["dtype"])
        line = "%s %s" % (DTYPES.get(dtype, (dtype,))[0], entries(body["sizes"]))
        if body["uninitialized"]:
            return line.split()[0] + ", uninitialized"
        device = enumerator(body["device"]["type"]["value_"])
        if device != "CPU":
            line += " on " + device.lower() + ":" + str(int(body["device"]["index"]["value_"]))
        if body["requires_grad"]:
            line += ", requires_grad"
        values = elements(body, dtype) if with_elements and dtype in DTYPES else None
        if values is not None:
            more = ", ..." if int(body["numel"]) > len(values) else ""
            line += " {" + ", ".join(values) + more + "}"
        return line
    except (gdb.error, gdb.MemoryError) as error:
        return "unreadable: " + str(error)


class TensorPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "Tensor " + describe(self.value)


class ShapePrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            return str(entries(self.value))
        except (gdb.error, gdb.MemoryError) as error:
            return "unreadable: " + str(error)


def named_parameters(module, prefix=""):
    for slot in vector(module["parameters_"]):
        yield prefix + text(pointee(slot)["name"]), pointee(slot)["tensor"]
    for child in vector(module["children_"]):
        yield from named_parameters(pointee(child["module"]), prefix + text(child["name"]) + ".")


def described_by_library(module, offset):
    """What the library itself says of a module: it may have been built without debug information. Needs a process that runs, and a static library's part that prints modules."""
    call = "((const char* (*)(const void*))lazuli_describe_module)((const void*)%d)" % (int(module.address) + offset)
    return gdb.parse_and_eval(call).string()


class ModulePrinter:
    """The class, and the parameters of the whole tree by name."""

    def __init__(self, value, base, offset):
        self.value, self.base, self.offset = value, base, offset

    def to_string(self):
        value = self.value.referenced_value() if self.value.type.code == gdb.TYPE_CODE_REF else self.value
        name = (value.type.unqualified().name or "module").replace("lazuli::nn::", "")
        try:
            parameters = list(itertools.islice(named_parameters(value.cast(self.base)), MOST + 1))
        except (gdb.error, gdb.MemoryError):
            try:
                return described_by_library(value, self.offset)
            except (gdb.error, gdb.MemoryError):
                return name + " (what it holds is known while the program runs, or where the library has debug information)"
        lines = ["\n  %s: %s" % (path, describe(tensor, False)) for path, tensor in parameters[:MOST]]
        return "%s, %s" % (name, "".join(lines) + ("\n  ..." if len(parameters) > MOST else "") if lines else "no parameters")


def find_base(kind, name, offset=0):
    """The base class of that name, and where it lies in an object of class `kind`; None where there is none."""
    if kind.name == name:
        return kind, offset
    for field in kind.fields():
        if field.is_base_class and hasattr(field, "bitpos"):
            found = find_base(field.type.strip_typedefs(), name, offset + field.bitpos // 8)
            if found is not None:
                return found
    return None


def printer(value):
    kind = value.type.unqualified().strip_typedefs()
    if kind.code == gdb.TYPE_CODE_REF:
        kind = kind.target().unqualified().strip_typedefs()
    if kind.code != gdb.TYPE_CODE_STRUCT or kind.name is None:
        return None
    if kind.name == "lazuli::Shape":
        return ShapePrinter(value)
    found = find_base(kind, "lazuli::Tensor")
    if found is not None:
        return TensorPrinter(value.cast(found[0]) if found[0].name != kind.name else value)
    found = find_base(kind, "lazuli::nn::Module")
    if found is not None:
        return ModulePrinter(value, *found)
    return None


printer.__name__ = "lazuli"
gdb.printing.register_pretty_printer(gdb.current_objfile(), printer, replace=True)
