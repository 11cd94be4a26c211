#include "lazuli/backends/gpu/geometry.h"

#include <algorithm>
#include <cstdlib>

#include "lazuli/core/error.h"

namespace lazuli::gpu {
namespace {

constexpr const char* kText = R"gpu(
typedef struct { Index size[RANK]; Index stride[3][RANK]; } Geometry;
DEVICE void place(Index i, Geometry g, Index* at) {
  at[0] = 0; at[1] = 0; at[2] = 0;
  for (int d = 0; d < RANK - 1; ++d) {
    const Index next = i / g.size[d], here = i - next * g.size[d];
    i = next;
    for (int k = 0; k < 3; ++k) at[k] += here * g.stride[k][d];
  }
  for (int k = 0; k < 3; ++k) at[k] += i * g.stride[k][RANK - 1];
}
)gpu";

}  // namespace

void Geometry::add(int64_t size, std::array<int64_t, 3> strides) {
  numel_ *= size;
  if (size == 1) return;
  if (!dims_.empty()) {
    Dim& outer = dims_.back();
    bool merges = true;
    for (size_t k = 0; k < 3; ++k) merges &= outer.strides[k] == strides[k] * size;
    if (merges) {
      outer = {outer.size * size, strides};
      return;
    }
  }
  dims_.push_back({size, strides});
}

int64_t Geometry::reach(int k) const {
  int64_t far = 0;
  for (const Dim& d : dims_) far += std::abs(d.strides[size_t(k)]) * std::max<int64_t>(d.size - 1, 0);
  return far;
}

bool Geometry::has_stride(int k) const {
  return std::any_of(dims_.begin(), dims_.end(), [k](const Dim& d) { return d.strides[size_t(k)] != 0; });
}

bool Geometry::widen(int64_t factor) {
  if (dims_.empty() || numel_ == 0) return false;
  if (dims_.back().strides != std::array<int64_t, 3>{1, 1, 0} || dims_.back().size % factor) return false;
  for (size_t i = 0; i + 1 < dims_.size(); ++i)
    if (dims_[i].strides[0] % factor || dims_[i].strides[1] % factor) return false;
  for (size_t i = 0; i + 1 < dims_.size(); ++i) dims_[i].strides[0] /= factor, dims_[i].strides[1] /= factor;
  dims_.back().size /= factor;
  numel_ /= factor;
  return true;
}

Geometry::Form Geometry::describe(Variant& variant, std::initializer_list<const Geometry*> geometries) {
  Form form{1, false};
  for (const Geometry* g : geometries) {
    form.rank = std::max(form.rank, int(g->dims_.size()));
    form.wide |= g->numel_ > INT32_MAX - 65536;
    for (int k = 0; k < 3; ++k) form.wide |= g->reach(k) > INT32_MAX;
  }
  if (form.rank > kMaxRank)
    fail(ErrorKind::NotSupported, "indexing", "self", "at most 12 dimensions that do not merge on this device", std::to_string(form.rank));
  if (form.rank > 4) form.rank = form.rank > 8 ? kMaxRank : 8;  // fewer kernels to compile
  variant.define("RANK", form.rank).index(form.wide).code(kText);
  return form;
}

void Geometry::pass(Arguments& args, Form form) const {
  int64_t words[4 * kMaxRank];
  const size_t rank = size_t(form.rank);
  for (size_t d = 0; d < rank; ++d) {  // innermost first; what is missing has one element
    const bool there = d < dims_.size();
    const Dim dim = there ? dims_[dims_.size() - 1 - d] : Dim{1, {}};
    words[d] = dim.size;
    for (size_t k = 0; k < 3; ++k) words[rank * (k + 1) + d] = dim.strides[k];
  }
  if (form.wide) return void(args.bytes(words, uint32_t(4 * rank * 8)));
  int32_t narrow[4 * kMaxRank];
  std::copy_n(words, 4 * rank, narrow);
  args.bytes(narrow, uint32_t(4 * rank * 4));
}

const char* moved_type(int64_t bytes) {
  switch (bytes) {
    case 1: return "uchar";
    case 2: return "ushort";
    case 4: return "uint32";
    case 8: return "uint64";
    default: return "uint4";
  }
}

}  // namespace lazuli::gpu
