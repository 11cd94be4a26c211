#include <algorithm>

#include "lazuli/backends/gpu/dense.h"
#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

// For any dtype and strides: a group of 16 x 16 items makes a tile of the result from tiles of the operands in the group's memory.
const Source kSource{"matmul", R"gpu(
#define TILE 16
#if T_KIND == KIND_COMPLEX
#define ZERO complex_of(0, 0)
#define MULTIPLY_ADD(x, y, sum) complex_add(sum, complex_mul(x, y))
#define SCALE(x, s) complex_scale(x, s)
#define ADD(x, y) complex_add(x, y)
typedef T_REAL Factor;
#else
#define ZERO ((T_ACCUMULATE)0)
#define MULTIPLY_ADD(x, y, sum) ((sum) + (T_ACCUMULATE)(x) * (T_ACCUMULATE)(y))
#define SCALE(x, s) ((x) * (s))
#define ADD(x, y) ((x) + (y))
typedef T_ACCUMULATE Factor;
#endif
#if T_KIND == KIND_COMPLEX
#define WIDEN(x) (x)
#else
#define WIDEN(x) ((T_ACCUMULATE)(x))
#endif
#if T_KIND == KIND_COMPLEX
#define NARROW(x) (x)
#else
#define NARROW(x) ((T_COMPUTE)(x))
#endif

KERNEL(matmul)(BUFFER(T, out), INPUT(T, a), INPUT(T, b), INPUT(T, bias), int64 m, int64 n, int64 k, int64 a_row, int64 a_column, int64 a_batch, int64 b_row, int64 b_column, int64 b_batch,
               int64 out_row, int64 out_column, int64 out_batch, int64 bias_stride, Factor beta, Factor alpha) {
  LOCAL_ARRAY(T_COMPUTE, tile_a, TILE * TILE);
  LOCAL_ARRAY(T_COMPUTE, tile_b, TILE * (TILE + 1));
  OPEN(T, out);
  OPEN_INPUT(T, a);
  OPEN_INPUT(T, b);
  OPEN_INPUT(T, bias);
  const int64 tiles_n = (n + TILE - 1) / TILE, batch = GROUP_Y;
  const int r = LOCAL_ID / TILE, c = LOCAL_ID % TILE;
  const int64 i = GROUP_ID / tiles_n * TILE + r, j0 = GROUP_ID % tiles_n * TILE, j = j0 + c;
  T_ACCUMULATE sum = ZERO;
  for (int64 from = 0; from < k; from += TILE) {
    const int inside = (int)(k - from < TILE ? k - from : TILE);
    if (i < m && c < inside) tile_a[r * TILE + c] = T_LOAD(a, batch * a_batch + i * a_row + (from + c) * a_column);
    if (r < inside && j < n) tile_b[r * (TILE + 1) + c] = T_LOAD(b, batch * b_batch + (from + r) * b_row + j * b_column);
    BARRIER();
    for (int l = 0; l < inside; ++l) sum = MULTIPLY_ADD(tile_a[r * TILE + l], tile_b[l * (TILE + 1) + c], sum);
    BARRIER();
  }
  if (i < m && j < n) {
    sum = SCALE(sum, alpha);
    const int64 at = batch * out_batch + i * out_row + j * out_column;
    if (HAS(bias)) sum = ADD(sum, WIDEN(T_LOAD(bias, j * bias_stride)));
    if (beta != 0) sum = ADD(sum, SCALE(WIDEN(T_LOAD(out, at)), beta));
    T_STORE(out, at, NARROW(sum));
  }
}
)gpu"};

struct Sides {
  int64_t rows, columns, row_stride, column_stride, batch_stride;
  explicit Sides(const Tensor& t)
      : rows(t.size(-2)),
        columns(t.size(-1)),
        row_stride(t.stride(-2)),
        column_stride(t.stride(-1)),
        batch_stride(t.dim() == 3 && t.size(0) != 1 ? t.stride(0) : 0) {
    // The strides of dimensions of size 1 do not matter: made what a dense matrix would have.
    if (columns == 1) column_stride = 1;
    if (rows == 1) row_stride = column_stride == 1 ? columns : 1;
  }
  bool dense_rows() const { return column_stride == 1 && row_stride >= columns; }
  bool dense_columns() const { return row_stride == 1 && column_stride >= rows; }
};

// out = (beta ? out : 0) * beta + bias
void start_with_bias(Tensor& out, const Tensor& bias, double beta) {
  const Tensor rows = alias(bias, out.sizes(), out.dim() == 3 ? Shape{0, 0, bias.stride(0)} : Shape{0, bias.stride(0)}, bias.storage_offset());
  if (beta == 0) return copy_kernel(out.device(), out, rows);
  Tensor scale = new_tensor(Shape(), out.dtype(), out.device());
  fill_kernel(out.device(), scale, beta);
  const Tensor everywhere = alias(scale, out.sizes(), Shape::filled(out.dim(), 0), 0);
  binary_kernel(out.device(), BinaryOp::Mul, out, out, everywhere, {});
  binary_kernel(out.device(), BinaryOp::Add, out, out, rows, {});
}

// The vendor's product, where it takes the operands as they lie or as copies.
bool by_driver(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  Driver& driver = driver_of(out.device());
  const Sides o(out);
  if (!is_differentiable(out.dtype()) || !o.dense_rows()) return false;
  const int64_t batch = out.dim() == 3 ? out.size(0) : 1;
  if (!driver.takes_matmul(out.dtype(), batch, o.rows, o.columns, a.size(-1), out.device().index)) return false;
  const bool a_lies_well = Sides(a).dense_rows() || Sides(a).dense_columns(), b_lies_well = Sides(b).dense_rows() || Sides(b).dense_columns();
  const Tensor x = a_lies_well ? a : dense(a), y = b_lies_well ? b : dense(b);
  const Sides sx(x), sy(y);
  MatmulProblem p{.dtype = out.dtype(),
                  .batch = batch,
                  .m = o.rows,
                  .n = o.columns,
                  .k = x.size(-1),
                  .a = {x.address(), sx.row_stride, sx.column_stride, sx.batch_stride},
                  .b = {y.address(), sy.row_stride, sy.column_stride, sy.batch_stride},
                  .out = {out.address(), o.row_stride, 1, o.batch_stride},
                  .bias = nullptr,
                  .alpha = alpha,
                  .beta = beta,
                  .index = out.device().index};
  if (!bias.defined()) return driver.matmul(p);
  if (bias.stride(0) == 1 || bias.size(0) == 1) {
    p.bias = bias.address();
    if (driver.matmul(p)) return true;
    p.bias = nullptr;
  }
  start_with_bias(out, bias, beta);
  p.beta = 1;
  if (driver.matmul(p)) return true;
  matmul_kernel(out.device(), out, a, b, Tensor(), 1, alpha);
  return true;
}

void matmul(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  if (out.numel() == 0) return;
  if (a.size(-1) != 0 && by_driver(out, a, b, bias, beta, alpha)) return;
  const Sides o(out), x(a), y(b);
  const DType t = out.dtype();
  const uint32_t item = uint32_t(out.item_size());
  const int64_t tiles = (o.rows + 15) / 16 * ((o.columns + 15) / 16), batch = out.dim() == 3 ? out.size(0) : 1;
  constexpr int64_t kMostGroups = 65535;  // CUDA's limit in the second dimension
  for (int64_t first = 0; first < batch; first += kMostGroups) {
    auto from = [&](const Tensor& tensor, int64_t batch_stride) { return static_cast<const char*>(tensor.address()) + first * batch_stride * item; };
    Arguments args;
    args.buffer(from(out, o.batch_stride), item).buffer(from(a, x.batch_stride), item).buffer(from(b, y.batch_stride), item).buffer(bias);
    for (int64_t v : {o.rows, o.columns, x.columns, x.row_stride, x.column_stride, x.batch_stride, y.row_stride, y.column_stride, y.batch_stride,
                      o.row_stride, o.column_stride, o.batch_stride, bias.defined() ? bias.stride(0) : 0})
      args.value(v);
    args.number(t, beta).number(t, alpha);
    Variant(kSource, "matmul", out.device()).type("T", t).run({tiles, 256, std::min(batch - first, kMostGroups)}, args);
  }
}

}  // namespace

void register_matmul(DeviceType type) { matmul_kernel.set(type, &matmul); }

}  // namespace lazuli::gpu
