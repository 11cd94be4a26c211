#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/geometry.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

// The third operand's "offset" is column - row.
const Source kSource{"triangle", R"gpu(
KERNEL(triangle)(BUFFER(T, out), INPUT(T, in), int64 n, int64 diagonal, int upper, Geometry g) {
  OPEN(T, out);
  OPEN_INPUT(T, in);
  const int64 i = GLOBAL_ID;
  if (i >= n) return;
  Index at[3];
  place((Index)i, g, at);
  const int keep = upper ? at[2] >= diagonal : at[2] <= diagonal;
  out[at[0]] = keep ? in[at[1]] : (T)0;
}
)gpu"};

void triangle(Tensor& out, const Tensor& in, int64_t diagonal, bool upper) {
  if (out.numel() == 0) return;
  const int64_t rank = out.dim(), words = out.item_size() > 8 ? 2 : 1;  // an element of 16 bytes is two of 8
  Geometry g;
  for (int64_t d = 0; d < rank; ++d)
    g.add(out.sizes()[d], {out.strides()[d] * words, in.strides()[d] * words, d == rank - 1 ? 1 : d == rank - 2 ? -1 : 0});
  g.add(words, {1, 1, 0});
  Variant v(kSource, "triangle", out.device());
  v.define("T", moved_type(out.item_size() / words));
  const Geometry::Form form = Geometry::describe(v, {&g});
  const uint32_t item = uint32_t(out.item_size() / words);
  Arguments args;
  args.buffer(out.address(), item).buffer(in.address(), item).value(g.numel()).value(diagonal).value(int32_t(upper));
  g.pass(args, form);
  v.run(Grid::items(g.numel()), args);
}

}  // namespace

void register_triangle(DeviceType type) { triangle_kernel.set(type, &triangle); }

}  // namespace lazuli::gpu
