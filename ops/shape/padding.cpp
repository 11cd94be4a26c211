#include "lazuli/ops/shape/padding.h"

#include <algorithm>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// Dimension `dim` gets before and after from `pad`.
struct Sides {
  int64_t dim, before, after;
};
std::vector<Sides> sides_of(const char* op, const Tensor& self, const Shape& pad) {
  if (pad.size() % 2 || pad.size() / 2 > self.dim())
    fail(op, "pad", "two numbers for each of at most " + std::to_string(self.dim()) + " dimensions", to_string(pad));
  std::vector<Sides> sides;
  for (int64_t i = 0; i < pad.size() / 2; ++i) {
    const Sides s{self.dim() - 1 - i, pad[2 * i], pad[2 * i + 1]};
    constexpr int64_t kMost = int64_t(1) << 61;  // so that sums of them fit 63 bits
    if (s.before < -kMost || s.before > kMost || s.after < -kMost || s.after > kMost || self.sizes()[s.dim] + s.before + s.after < 0)
      fail(op, "pad", "a size that is not negative in dimension " + std::to_string(s.dim), to_string(pad) + " for sizes " + to_string(self.sizes()));
    sides.push_back(s);
  }
  return sides;
}

Tensor constant(const char* op, const Tensor& self, const Shape& pad, const Scalar& value) {
  Shape sizes = self.sizes();
  Tensor from = alias(self);
  for (const Sides& s : sides_of(op, self, pad)) sizes[s.dim] += s.before + s.after;
  check_fits(op, "value", value, self.dtype());
  Tensor out = new_tensor(sizes, self.dtype(), self.device()), to = alias(out);
  const auto narrowed = [](const Tensor& t, int64_t dim, int64_t start, int64_t length) {
    Shape part = t.sizes();
    part[dim] = length;
    return alias(t, part, t.strides(), t.storage_offset() + (length ? start * t.strides()[dim] : 0));
  };
  for (const Sides& s : sides_of(op, self, pad)) {
    const int64_t skip = std::max<int64_t>(-s.before, 0), start = std::max<int64_t>(s.before, 0);
    const int64_t length = std::max<int64_t>(self.sizes()[s.dim] - skip - std::max<int64_t>(-s.after, 0), 0);
    from = narrowed(from, s.dim, skip, length), to = narrowed(to, s.dim, start, length);
  }
  if (out.numel() && to.numel() != out.numel()) fill_kernel(out.device(), out, value);
  if (to.numel()) copy_kernel(out.device(), to, from);
  if (auto tape = Tape::recording(self)) {
    Shape back = pad;
    for (int64_t& p : back) p = -p;
    tape.record(op, out, [op, back](const Tensor& grad, Needs) { return Grads{constant(op, grad, back, 0)}; });
  }
  return out;
}

// Place i of the padded dimension shows place `from(i - before)` of the other.
template <class F>
Tensor shown(const Tensor& self, const Sides& s, F from) {
  const int64_t size = self.sizes()[s.dim], length = size + s.before + s.after;
  Tensor places = new_tensor(length, kInt64);
  auto* place = static_cast<int64_t*>(places.address());
  for (int64_t i = 0; i < length; ++i) place[i] = from(i - s.before, size);
  return index_select(self, s.dim, self.device().is_cpu() ? places : moved(places, self.device()));
}

}  // namespace

Tensor constant_pad_nd(const Tensor& self, const Shape& pad, const Scalar& value) {
  need_defined("constant_pad_nd", self);
  return constant("constant_pad_nd", self, pad, value);
}

Tensor pad(const Tensor& self, const Shape& pad, std::string_view mode, const std::optional<Scalar>& value) {
  need_defined("pad", self);
  if (mode == "reflect" || mode == "replicate")
    if (const Casting cast{Cast::Float32, self}) return lazuli::pad(cast(self), pad, mode, value);
  if (mode == "constant") return constant("pad", self, pad, value.value_or(0));
  const bool reflect = mode == "reflect", replicate = mode == "replicate";
  if (!reflect && !replicate && mode != "circular")
    fail("pad", "mode", "'constant', 'reflect', 'replicate' or 'circular'", "'" + std::string(mode) + "'");
  if (value && value->to<double>() != 0) fail("pad", "value", "none, because mode is '" + std::string(mode) + "'", "a value");
  const int64_t rank = pad.size() / 2;
  if (pad.size() % 2 || rank < 1 || rank > 3 || (self.dim() != rank + 1 && self.dim() != rank + 2))
    fail("pad", "pad", "2, 4 or 6 numbers for as many dimensions, and an input of one or two dimensions more",
         to_string(pad) + " for sizes " + to_string(self.sizes()));
  const std::vector<Sides> sides = sides_of("pad", self, pad);
  for (const Sides& s : sides) {
    const int64_t size = self.sizes()[s.dim], left = size + std::min<int64_t>(s.before, 0) + std::min<int64_t>(s.after, 0);
    const int64_t most = std::max({s.before, s.after, int64_t(0)});
    if (reflect ? most > 0 && most >= size : replicate ? most > 0 && size == 0 : most > left)
      fail("pad", "pad", reflect ? "less than the size" : "no more than there is", to_string(pad) + " for sizes " + to_string(self.sizes()));
  }
  Tensor out = self;
  for (const Sides& s : sides) {
    if (s.before == 0 && s.after == 0) continue;
    if (reflect) {
      out = shown(out, s, [](int64_t i, int64_t size) { return i < 0 ? -i : i < size ? i : 2 * (size - 1) - i; });
    } else if (replicate) {
      out = shown(out, s, [](int64_t i, int64_t size) { return std::clamp<int64_t>(i, 0, size - 1); });
    } else {
      const int64_t first = std::max<int64_t>(-s.before, 0), last = std::max<int64_t>(-s.after, 0), left = out.sizes()[s.dim] - first - last;
      out = shown(out, s, [=](int64_t i, int64_t) { return first + ((i - first) % left + left) % left; });
    }
  }
  return out.is_same(self) ? self.clone() : out;
}

void register_padding(OpTable& table) {
  table.add("pad(Tensor self, int[] pad, str mode='constant', Scalar? value=None) -> Tensor", &lazuli::pad);
  table.add("constant_pad_nd(Tensor self, int[] pad, Scalar value=0) -> Tensor", &constant_pad_nd);
}

}  // namespace lazuli
