// The table's lines for what C++ has as members of Tensor: conversions, and tensors of values.
#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using OptDType = std::optional<DType>;
using OptDevice = std::optional<Device>;

Tensor in_dtype(const char* op, const Tensor& self, DType dtype) {
  need_defined(op, self);
  return to(self, dtype);
}
Tensor converted(const char* op, const Tensor& self, DType dtype, Device device, bool copy) {
  need_defined(op, self);
  return to(self, device, dtype, copy);
}

// Sizes and numbers of nested lists; all of a level alike.
void collect(const Value& value, int64_t depth, Shape& sizes, std::vector<Scalar>& numbers) {
  if (value.is_number()) {
    if (depth != sizes.size()) fail("tensor", "data", "lists of one depth", "a number beside a list");
    numbers.push_back(value.to_scalar());
    return;
  }
  const Value::List& items = value.to_list();
  if (depth == sizes.size()) {
    if (!numbers.empty()) fail("tensor", "data", "lists of one depth", "a list beside a number");
    if (depth >= 64) fail("tensor", "data", "at most 64 dimensions", "more");
    sizes.push_back(int64_t(items.size()));
  }
  if (sizes[depth] != int64_t(items.size()))
    fail("tensor", "data", "lists of one length (" + std::to_string(sizes[depth]) + ")", std::to_string(items.size()));
  for (const Value& item : items) collect(item, depth + 1, sizes, numbers);
}
Tensor tensor_of(const Value& data, OptDType dtype, OptDevice device, bool requires_grad) {
  Tensor out;
  if (data.is_tensor()) {
    const Tensor& given = data.to_tensor();
    out = to(given.detach(), device.value_or(given.device()), dtype.value_or(given.dtype()), true);
  } else {
    Shape sizes;
    std::vector<Scalar> numbers;
    collect(data, 0, sizes, numbers);
    Scalar::Kind kind = numbers.empty() ? Scalar::Kind::Float : Scalar::Kind::Bool;
    for (const Scalar& n : numbers) kind = std::max(kind, n.kind());
    const DType t = dtype.value_or(detail::dtype_of_kind(kind));
    Tensor values = filled_by_host(new_tensor(sizes, t));
    for (size_t i = 0; i < numbers.size(); ++i) store_scalar(static_cast<char*>(values.address()) + int64_t(i) * item_size(t), t, numbers[i]);
    out = to(values, device.value_or(get_default_device()), t);
  }
  return requires_grad ? out.requires_grad_() : out;
}

}  // namespace

void register_conversion(OpTable& table) {
  table.add("to(Tensor self, dtype dtype, bool non_blocking=False, bool copy=False) -> Tensor",
            [](const Tensor& self, DType t, bool, bool copy) { return converted("to", self, t, self.defined() ? self.device() : kCPU, copy); });
  table.add("to(Tensor self, Device device, dtype? dtype=None, bool non_blocking=False, bool copy=False) -> Tensor",
            [](const Tensor& self, Device d, OptDType t, bool, bool copy) {
              need_defined("to", self);
              return converted("to", self, t.value_or(self.dtype()), d, copy);
            });
  table.add("to(Tensor self, Tensor other, bool non_blocking=False, bool copy=False) -> Tensor",
            [](const Tensor& self, const Tensor& other, bool, bool copy) {
              need_defined("to", self, other);
              return converted("to", self, other.dtype(), other.device(), copy);
            });
  table.add("bool(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("bool", self, kBool); });
  table.add("byte(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("byte", self, kUInt8); });
  table.add("char(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("char", self, kInt8); });
  table.add("short(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("short", self, kInt16); });
  table.add("int(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("int", self, kInt32); });
  table.add("long(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("long", self, kInt64); });
  table.add("half(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("half", self, kFloat16); });
  table.add("bfloat16(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("bfloat16", self, kBFloat16); });
  table.add("float(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("float", self, kFloat32); });
  table.add("double(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("double", self, kFloat64); });
  table.add("cfloat(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("cfloat", self, kComplex64); });
  table.add("cdouble(Tensor self) -> Tensor", [](const Tensor& self) { return in_dtype("cdouble", self, kComplex128); });
  table.add("item(Tensor self) -> Scalar", [](const Tensor& self) {
    need_defined("item", self);
    return self.item();
  });
  table.add("numel(Tensor self) -> int", [](const Tensor& self) {
    need_defined("numel", self);
    return self.numel();
  });
  table.add("get_device(Tensor self) -> int", [](const Tensor& self) {
    need_defined("get_device", self);
    return self.get_device();
  });
  table.add("as_tensor(Tensor data, *, dtype? dtype=None, Device? device=None) -> Tensor", [](const Tensor& data, OptDType t, OptDevice d) {
    need_defined("as_tensor", data, "data");
    return as_tensor(data, {t, d});
  });
  table.add("as_tensor(Any data, *, dtype? dtype=None, Device? device=None) -> Tensor",
            [](const Value& data, OptDType t, OptDevice d) { return tensor_of(data, t, d, false); });
  table.add("tensor(Any data, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor", &tensor_of);
  table.add("frombuffer(str buffer, *, dtype dtype, int count=-1, int offset=0) -> Tensor",
            [](const std::string& bytes, DType t, int64_t count, int64_t offset) {
              return frombuffer(std::as_bytes(std::span<const char>(bytes.data(), bytes.size())), t, count, offset);
            });
}

}  // namespace lazuli
