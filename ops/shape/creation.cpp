#include "lazuli/ops/shape/creation.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

DType dtype_or(const CreationOptions& o, DType otherwise) { return o.dtype.value_or(otherwise); }
Device device_or(const CreationOptions& o) { return o.device ? *o.device : get_default_device(); }
Device device_or(const CreationOptions& o, Device otherwise) { return o.device.value_or(otherwise); }
DType default_or(const CreationOptions& o) { return o.dtype ? *o.dtype : get_default_dtype(); }

Tensor filled(Tensor t, const Scalar& value) {
  check_fits("full", "value", value, t.dtype());
  if (t.numel()) fill_kernel(t.device(), t, value);
  return t;
}
// Memory without values: deterministic mode gives it some.
Tensor without_values(Tensor t) {
  if (!fills_uninitialized_memory() || !t.numel()) return t;
  if (is_floating_point(t.dtype()) || is_complex(t.dtype())) fill_kernel(t.device(), t, std::numeric_limits<double>::quiet_NaN());
  else if (!is_integral(t.dtype())) fill_kernel(t.device(), t, 0);
  else
    dispatch(t.dtype(), [&](auto zero) {
      using T = decltype(zero);
      if constexpr (std::is_integral_v<T>) fill_kernel(t.device(), t, std::numeric_limits<T>::max());
    });
  return t;
}
Tensor like(const char* op, const Tensor& self, const CreationOptions& o) {
  need_defined(op, self);
  DType dtype = dtype_or(o, self.dtype());
  Device device = device_or(o, self.device());
  if (o.memory_format && *o.memory_format != MemoryFormat::Preserve)
    return new_strided(self.sizes(), strides_in(*o.memory_format, self.sizes(), op), dtype, device);
  if (!self.is_contiguous() && is_dense(self)) return new_strided(self.sizes(), self.strides(), dtype, device);
  return new_tensor(self.sizes(), dtype, device);
}
void check_steps(const char* op, int64_t steps) {
  if (steps < 0) fail(op, "steps", "a number of steps that is not negative", std::to_string(steps));
}

}  // namespace

// Made new, so that nobody else has its storage: what was row-major may lie otherwise.
Tensor detail::asked(Tensor t, const CreationOptions& o) {
  if (o.memory_format && *o.memory_format != MemoryFormat::Preserve && !t.is_contiguous(*o.memory_format)) t = contiguous(t, *o.memory_format);
  if (o.requires_grad) t.requires_grad_();
  return t;
}

Tensor empty(const Shape& sizes, const CreationOptions& o) {
  return detail::asked(without_values(new_tensor(sizes, default_or(o), device_or(o))), o);
}
Tensor empty_strided(const Shape& sizes, const Shape& strides, const CreationOptions& o) {
  return detail::asked(without_values(new_strided(sizes, strides, default_or(o), device_or(o))), o);
}
Tensor zeros(const Shape& sizes, const CreationOptions& o) { return detail::asked(filled(new_tensor(sizes, default_or(o), device_or(o)), 0), o); }
Tensor ones(const Shape& sizes, const CreationOptions& o) { return detail::asked(filled(new_tensor(sizes, default_or(o), device_or(o)), 1), o); }
Tensor full(const Shape& sizes, const Scalar& value, const CreationOptions& o) {
  return detail::asked(filled(new_tensor(sizes, dtype_or(o, value.dtype()), device_or(o)), value), o);
}
Tensor scalar_tensor(const Scalar& value, const CreationOptions& o) {
  return detail::asked(filled(new_tensor({}, default_or(o), device_or(o)), value), o);
}

Tensor eye(int64_t n, std::optional<int64_t> m, const CreationOptions& o) {
  if (n < 0) fail("eye", "n", "a size that is not negative", std::to_string(n));
  if (m && *m < 0) fail("eye", "m", "a size that is not negative", std::to_string(*m));
  int64_t columns = m.value_or(n);
  Tensor out = zeros({n, columns}, default_or(o), device_or(o));
  if (int64_t length = std::min(n, columns); length > 0) {
    Tensor diagonal = alias(out, {length}, {columns + 1}, 0);
    fill_kernel(out.device(), diagonal, 1);
  }
  return detail::asked(out, o);
}

Tensor arange(const Scalar& end, const CreationOptions& o) { return arange(0, end, 1, o); }
Tensor arange(const Scalar& start, const Scalar& end) { return arange(start, end, 1, CreationOptions()); }
Tensor arange(const Scalar& start, const Scalar& end, const CreationOptions& o) { return arange(start, end, 1, o); }
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const CreationOptions& o) {
  if (start.is_complex() || end.is_complex() || step.is_complex()) fail(ErrorKind::Type, "arange", "", "real numbers", "complex ones");
  bool integers = start.is_integral() && end.is_integral() && step.is_integral();
  DType dtype = dtype_or(o, integers ? kInt64 : get_default_dtype());
  if (dtype == kBool || is_complex(dtype)) fail(ErrorKind::NotSupported, "arange", "dtype", "an integer or floating point type", name(dtype));
  double from = start.to<double>(), to = end.to<double>(), by = step.to<double>();
  if (by == 0 || std::isnan(by)) fail("arange", "step", "a number other than zero", to_string(step));
  if (!std::isfinite(from) || !std::isfinite(to)) fail("arange", "start and end", "finite numbers", to_string(start) + " and " + to_string(end));
  if ((by > 0 && to < from) || (by < 0 && to > from))
    fail("arange", "step", "a step from " + to_string(start) + " towards " + to_string(end), to_string(step));
  double count = std::ceil((to - from) / by);
  if (integers) {
    int64_t a = start.to<int64_t>(), b = end.to<int64_t>(), s = step.to<int64_t>();
    unsigned __int128 span = s > 0 ? static_cast<unsigned __int128>(__int128(b) - a) : static_cast<unsigned __int128>(__int128(a) - b);
    unsigned __int128 stride = s > 0 ? static_cast<unsigned __int128>(s) : static_cast<unsigned __int128>(-__int128(s));
    count = double((span + stride - 1) / stride);
  }
  if (!(count < 9e18)) fail("arange", "end", "a number of elements that fits 63 bits", to_string(end));
  Tensor out = new_tensor({int64_t(count)}, dtype, device_or(o));
  if (out.numel()) arange_kernel(out.device(), out, start, step);
  return detail::asked(out, o);
}

namespace {
// The same numbers by kernels: start + step * i in the first half, end - step * (steps - 1 - i) in the second.
Tensor linspace_on(Device device, double start, double end, int64_t steps, DType dtype) {
  const bool single = dtype == kFloat32;
  const double a = single ? float(start) : start, b = single ? float(end) : end;
  const double step = steps < 2 ? 0 : single ? (float(b) - float(a)) / float(steps - 1) : (b - a) / double(steps - 1);
  Tensor out = new_tensor({steps}, dtype, device);
  const int64_t half = steps == 1 ? 1 : steps / 2;
  const auto number = [&](double value) {
    Tensor t = new_tensor(Shape(), dtype, device);
    fill_kernel(device, t, value);
    return t;
  };
  for (auto [from, count, first, direction, base] :
       {std::tuple(int64_t(0), half, int64_t(0), int64_t(1), a), std::tuple(half, steps - half, half - (steps - 1), int64_t(1), b)}) {
    if (count == 0) continue;
    Tensor part = alias(out, {count}, {1}, from);
    arange_kernel(device, part, first, direction);
    binary_kernel(device, BinaryOp::Mul, part, part, expanded(number(step), {count}), Params());
    binary_kernel(device, BinaryOp::Add, part, part, expanded(number(base), {count}), Params());
  }
  return out;
}

constexpr int64_t kGrain = 32768;  // elements worth a thread

// Counted from the nearer end, so that both ends are exact and the middle is symmetric. float32 in its own precision, as it is defined for it; integers cut.
void fill_linspace(Tensor& out, complex128 start, complex128 end, bool complex) {
  const int64_t steps = out.numel(), half = steps == 1 ? 1 : steps / 2;
  const double n = double(std::max<int64_t>(steps - 1, 1));
  auto each = [&](auto value) {
    parallel_for(0, steps, kGrain, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) value(i);
    });
  };
  if (out.dtype() == kFloat32 && !complex) {
    float* p = static_cast<float*>(out.address());
    const float a = float(start.re), b = float(end.re), step = steps > 1 ? (b - a) / float(steps - 1) : 0;
    return each([=](int64_t i) { p[i] = i < half ? a + step * float(i) : b - step * float(steps - 1 - i); });
  }
  const complex128 step((end.re - start.re) / n, (end.im - start.im) / n);
  dispatch(out.dtype(), [&](auto element) {
    using T = decltype(element);
    T* p = static_cast<T*>(out.address());
    each([=](int64_t i) {
      const double k = i < half ? double(i) : -double(steps - 1 - i);
      const complex128& base = i < half ? start : end;
      const double real = base.re + step.re * k;
      if constexpr (is_complex(dtype_of<T>())) p[i] = Scalar(complex128(real, base.im + step.im * k)).to<T>();
      else p[i] = Scalar(std::is_integral_v<T> ? std::trunc(real) : real).template to<T>();
    });
  });
}
}  // namespace

Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, const CreationOptions& o) {
  check_steps("linspace", steps);
  bool complex = start.is_complex() || end.is_complex();
  DType dtype = dtype_or(o, complex ? complex_dtype(get_default_dtype()) : get_default_dtype());
  if (complex && !is_complex(dtype)) fail(ErrorKind::Type, "linspace", "dtype", "a complex type for complex numbers", name(dtype));
  if (dtype == kBool) fail(ErrorKind::NotSupported, "linspace", "dtype", "a type other than bool", name(dtype));
  const Device device = device_or(o);
  if (!device.is_cpu() && !device.is_meta() && !complex && (dtype == kFloat32 || dtype == kFloat64))
    return detail::asked(linspace_on(device, start.to<double>(), end.to<double>(), steps, dtype), o);
  if (steps) count_host_loop("linspace", device);
  Tensor host = filled_by_host(new_tensor({steps}, dtype, device.is_meta() ? kMeta : kCPU));
  if (!host.device().is_meta() && steps > 0) {
    const bool whole = is_integral(dtype);
    fill_linspace(host, whole ? complex128(double(start.to<int64_t>())) : start.to<complex128>(),
                  whole ? complex128(double(end.to<int64_t>())) : end.to<complex128>(), complex);
  }
  return detail::asked(moved(host, device_or(o)), o);
}

Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base, const CreationOptions& o) {
  check_steps("logspace", steps);
  bool complex = start.is_complex() || end.is_complex();
  DType dtype = dtype_or(o, complex ? complex_dtype(get_default_dtype()) : get_default_dtype());
  if (complex && !is_complex(dtype)) fail(ErrorKind::Type, "logspace", "dtype", "a complex type for complex numbers", name(dtype));
  DType wide = is_complex(dtype) ? kComplex128 : kFloat64;
  Scalar from = is_integral(dtype) ? Scalar(start.to<int64_t>()) : start, to = is_integral(dtype) ? Scalar(end.to<int64_t>()) : end;
  Tensor exponents = linspace(from, to, steps, {.dtype = wide, .device = device_or(o)});
  if (steps && !exponents.device().is_meta()) {
    Tensor bases = full({steps}, base, wide, exponents.device());
    binary_kernel(exponents.device(), BinaryOp::Pow, exponents, bases, exponents, Params());
  }
  return detail::asked(casted(exponents, dtype), o);
}

namespace {
Tensor triangle_indices(const char* op, int64_t rows, int64_t columns, int64_t offset, bool upper, const CreationOptions& o) {
  if (rows < 0) fail(op, "row", "a size that is not negative", std::to_string(rows));
  if (columns < 0) fail(op, "col", "a size that is not negative", std::to_string(columns));
  DType dtype = dtype_or(o, kInt64);
  // Row r has the columns [0, r + offset] (or [r + offset, columns)) as far as there are any; only rows that have some are gone through.
  using Wide = __int128;
  auto edge = [&](Wide row) { return int64_t(std::clamp<Wide>(row + offset + (upper ? 0 : 1), 0, columns)); };
  int64_t first = upper ? 0 : int64_t(std::clamp<Wide>(-Wide(offset), 0, rows));
  int64_t last = upper ? int64_t(std::clamp<Wide>(Wide(columns) - offset, 0, rows)) : rows;
  // Below the row where the edge reaches the end of the range, rows are all the same.
  int64_t bend = int64_t(std::clamp<Wide>(upper ? -Wide(offset) : Wide(columns) - offset - 1, first, last));
  auto sum = [&](Wide from, Wide to, Wide at_from, Wide at_to) { return to > from ? (to - from) * (at_from + at_to) / 2 : Wide(0); };
  auto elements_above = [&](Wide r) {
    const Wide here = std::min<Wide>(r, bend), beyond = std::max<Wide>(r, bend);
    return upper ? (here - first) * columns + sum(bend, beyond, columns - edge(bend), columns - edge(beyond - 1))
                 : sum(first, here, edge(first), edge(here - 1)) + (beyond - bend) * columns;
  };
  const Wide wide_count = elements_above(last);
  if (wide_count > INT64_MAX / 16) fail(ErrorKind::Memory, op, "row", "a triangle whose elements fit memory", to_string(Shape{rows, columns}));
  int64_t count = int64_t(wide_count);
  if (device_or(o).is_meta()) return detail::asked(new_tensor({2, count}, dtype, kMeta), o);
  Tensor host = filled_by_host(new_tensor({2, count}, kInt64, kCPU));
  int64_t *const row = static_cast<int64_t*>(host.address()), *const column = row + count;
  const Wide grain = Wide(kGrain) * (last - first) / std::max<int64_t>(count, 1);
  parallel_for(first, count > 0 ? last : first, int64_t(std::clamp<Wide>(grain, 1, INT64_MAX)), [&](int64_t from, int64_t to) {
    int64_t at = int64_t(elements_above(from));
    for (int64_t r = from; r < to; ++r)
      for (int64_t c = upper ? edge(r) : 0, end = upper ? columns : edge(r); c < end; ++c, ++at) row[at] = r, column[at] = c;
  });
  return detail::asked(moved(casted(host, dtype), device_or(o)), o);
}
}  // namespace

Tensor tril_indices(int64_t row, int64_t col, int64_t offset, const CreationOptions& o) {
  return triangle_indices("tril_indices", row, col, offset, false, o);
}
Tensor triu_indices(int64_t row, int64_t col, int64_t offset, const CreationOptions& o) {
  return triangle_indices("triu_indices", row, col, offset, true, o);
}

Tensor empty_like(const Tensor& self, const CreationOptions& o) { return detail::asked(without_values(like("empty_like", self, o)), o); }
Tensor zeros_like(const Tensor& self, const CreationOptions& o) { return detail::asked(filled(like("zeros_like", self, o), 0), o); }
Tensor ones_like(const Tensor& self, const CreationOptions& o) { return detail::asked(filled(like("ones_like", self, o), 1), o); }
Tensor full_like(const Tensor& self, const Scalar& value, const CreationOptions& o) {
  return detail::asked(filled(like("full_like", self, o), value), o);
}
Tensor new_empty(const Tensor& self, const Shape& sizes, const CreationOptions& o) {
  need_defined("new_empty", self);
  return detail::asked(without_values(new_tensor(sizes, dtype_or(o, self.dtype()), device_or(o, self.device()))), o);
}
Tensor new_zeros(const Tensor& self, const Shape& sizes, const CreationOptions& o) {
  need_defined("new_zeros", self);
  return new_full(self, sizes, 0, o);
}
Tensor new_ones(const Tensor& self, const Shape& sizes, const CreationOptions& o) {
  need_defined("new_ones", self);
  return new_full(self, sizes, 1, o);
}
Tensor new_full(const Tensor& self, const Shape& sizes, const Scalar& value, const CreationOptions& o) {
  need_defined("new_full", self);
  return detail::asked(filled(new_tensor(sizes, dtype_or(o, self.dtype()), device_or(o, self.device())), value), o);
}

NestedNumbers::NestedNumbers(std::initializer_list<NestedNumbers> items) {
  sizes_ = Shape{int64_t(items.size())};
  bool first = true;
  for (const NestedNumbers& item : items) {
    if (first) {
      for (int64_t s : item.sizes_) sizes_.push_back(s);
      kind_ = item.kind_;
      numbers_.reserve(items.size() * item.numbers_.size());
    } else if (!(item.sizes_ == items.begin()->sizes_)) {
      fail("tensor", "numbers", "rows of one size, " + to_string(items.begin()->sizes_), to_string(item.sizes_));
    }
    kind_ = std::max(kind_, item.kind_);
    numbers_.insert(numbers_.end(), item.numbers_.begin(), item.numbers_.end());
    first = false;
  }
}

Tensor tensor(const NestedNumbers& numbers, const CreationOptions& o) {
  DType dtype = dtype_or(o, detail::dtype_of_kind(numbers.kind()));
  if (numbers.kind() == Scalar::Kind::Complex && !is_complex(dtype))
    fail(ErrorKind::Type, "tensor", "dtype", "a complex type for complex numbers", name(dtype));
  Tensor out = filled_by_host(new_tensor(numbers.sizes(), dtype, kCPU));
  char* p = static_cast<char*>(out.address());
  for (const Scalar& s : numbers.numbers()) store_scalar(p, dtype, s), p += item_size(dtype);
  return detail::asked(moved(out, device_or(o)), o);
}

namespace detail {
Tensor copied_from(const void* data, int64_t count, DType from, const Shape* sizes, const CreationOptions& o) {
  Shape shape = sizes ? *sizes : Shape{count};
  if (shape.numel() != count) fail("tensor", "sizes", "sizes of " + std::to_string(count) + " elements", to_string(shape));
  Tensor out = filled_by_host(new_tensor(shape, from, kCPU));
  if (count) std::memcpy(out.address(), data, size_t(out.nbytes()));
  return detail::asked(moved(casted(out, dtype_or(o, from)), device_or(o)), o);
}
Tensor owned_from(void* data, int64_t count, DType dtype, const Shape& sizes, std::shared_ptr<void> owner, const CreationOptions& o) {
  if (sizes.numel() != count) fail("from_vector", "sizes", "sizes of " + std::to_string(count) + " elements", to_string(sizes));
  Tensor t = from_blob(data, sizes, dtype, std::move(owner));
  return detail::asked(moved(casted(t, dtype_or(o, dtype)), device_or(o)), o);
}
void check_row(int64_t count, int64_t expected) {
  if (count != expected) fail("tensor", "values", "vectors of the same size, " + std::to_string(expected), "one of " + std::to_string(count));
}
DType dtype_of_kind(Scalar::Kind kind) {
  switch (kind) {
    case Scalar::Kind::Bool: return kBool;
    case Scalar::Kind::Int: return kInt64;
    case Scalar::Kind::Float: return get_default_dtype();
    default: return complex_dtype(get_default_dtype());
  }
}
}  // namespace detail

Tensor frombuffer(std::span<const std::byte> buffer, DType dtype, int64_t count, int64_t offset) {
  int64_t bytes = int64_t(buffer.size()), size = item_size(dtype);
  if (offset < 0 || offset > bytes) fail("frombuffer", "offset", "a byte of the buffer of " + std::to_string(bytes), std::to_string(offset));
  if (count < -1) fail("frombuffer", "count", "a number of elements, or -1", std::to_string(count));
  if (count == -1 && (bytes - offset) % size)
    fail("frombuffer", "buffer", "a multiple of " + std::to_string(size) + " bytes", std::to_string(bytes - offset));
  if (count == -1) count = (bytes - offset) / size;
  if (count > (bytes - offset) / size)
    fail("frombuffer", "count", "at most " + std::to_string((bytes - offset) / size) + " elements", std::to_string(count));
  return detail::copied_from(buffer.data() + offset, count, dtype, nullptr, {});
}

Tensor as_tensor(const Tensor& data, const CreationOptions& o) {
  Tensor t = to(data, device_or(o, data.device()), dtype_or(o, data.dtype()));
  if (o.memory_format) t = to(t, *o.memory_format);
  return o.requires_grad && !t.requires_grad() ? t.detach().requires_grad_() : t;
}

namespace {
CreationOptions opts(std::optional<DType> dtype, std::optional<Device> device, bool requires_grad) { return {dtype, device, requires_grad}; }
using ODType = std::optional<DType>;
using ODevice = std::optional<Device>;
}  // namespace

void register_creation(OpTable& table) {
  table.add("empty(int[] size, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Shape& s, ODType t, ODevice d, bool g) { return empty(s, opts(t, d, g)); });
  table.add("zeros(int[] size, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Shape& s, ODType t, ODevice d, bool g) { return zeros(s, opts(t, d, g)); });
  table.add("ones(int[] size, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Shape& s, ODType t, ODevice d, bool g) { return ones(s, opts(t, d, g)); });
  table.add("full(int[] size, Scalar fill_value, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Shape& s, const Scalar& v, ODType t, ODevice d, bool g) { return full(s, v, opts(t, d, g)); });
  table.add("empty_strided(int[] size, int[] stride, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Shape& s, const Shape& st, ODType t, ODevice d, bool g) { return empty_strided(s, st, opts(t, d, g)); });
  table.add("scalar_tensor(Scalar s, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Scalar& v, ODType t, ODevice d, bool g) { return scalar_tensor(v, opts(t, d, g)); });
  table.add("eye(int n, int? m=None, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, std::optional<int64_t> m, ODType t, ODevice d, bool g) { return eye(n, m, opts(t, d, g)); });
  table.add("arange(Scalar end, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Scalar& e, ODType t, ODevice d, bool g) { return arange(e, opts(t, d, g)); });
  table.add("arange(Scalar start, Scalar end, Scalar step=1, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Scalar& s, const Scalar& e, const Scalar& by, ODType t, ODevice d, bool g) { return arange(s, e, by, opts(t, d, g)); });
  table.add("linspace(Scalar start, Scalar end, int steps, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Scalar& s, const Scalar& e, int64_t n, ODType t, ODevice d, bool g) { return linspace(s, e, n, opts(t, d, g)); });
  table.add(
      "logspace(Scalar start, Scalar end, int steps, float base=10, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
      [](const Scalar& s, const Scalar& e, int64_t n, double b, ODType t, ODevice d, bool g) { return logspace(s, e, n, b, opts(t, d, g)); });
  table.add("tril_indices(int row, int col, int offset=0, *, dtype? dtype=None, Device? device=None) -> Tensor",
            [](int64_t r, int64_t c, int64_t o, ODType t, ODevice d) { return tril_indices(r, c, o, opts(t, d, false)); });
  table.add("triu_indices(int row, int col, int offset=0, *, dtype? dtype=None, Device? device=None) -> Tensor",
            [](int64_t r, int64_t c, int64_t o, ODType t, ODevice d) { return triu_indices(r, c, o, opts(t, d, false)); });
  table.add("empty_like(Tensor self, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, ODType t, ODevice d, bool g) { return empty_like(x, opts(t, d, g)); });
  table.add("zeros_like(Tensor self, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, ODType t, ODevice d, bool g) { return zeros_like(x, opts(t, d, g)); });
  table.add("ones_like(Tensor self, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, ODType t, ODevice d, bool g) { return ones_like(x, opts(t, d, g)); });
  table.add("full_like(Tensor self, Scalar fill_value, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, const Scalar& v, ODType t, ODevice d, bool g) { return full_like(x, v, opts(t, d, g)); });
  table.add("new_empty(Tensor self, int[] size, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, const Shape& s, ODType t, ODevice d, bool g) { return new_empty(x, s, opts(t, d, g)); });
  table.add("new_zeros(Tensor self, int[] size, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, const Shape& s, ODType t, ODevice d, bool g) { return new_zeros(x, s, opts(t, d, g)); });
  table.add("new_ones(Tensor self, int[] size, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, const Shape& s, ODType t, ODevice d, bool g) { return new_ones(x, s, opts(t, d, g)); });
  table.add("new_full(Tensor self, int[] size, Scalar fill_value, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, const Shape& s, const Scalar& v, ODType t, ODevice d, bool g) { return new_full(x, s, v, opts(t, d, g)); });
}

}  // namespace lazuli
