// Writes through indices (scatter, index_add, index_put). Every element takes in its values in index order, whatever the number of threads: the work is split over
// the dimensions that are not indexed only, and each thread walks the indexed ones in order. Sums and products of halves are kept at float32 until they are stored.
#include <algorithm>
#include <cstdlib>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/index/index_loops.h"
#include "lazuli/backends/cpu/index/indexing.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 16384;

struct Bits128 {
  uint64_t low, high;
};

struct Set {
  template <class T>
  void operator()(T& self, T value) const {
    self = value;
  }
};
template <class T>
struct Add {
  Compute<T> alpha;
  void row(T* self, const T* values, int64_t n) const requires is_float_type<T> {
    static const AddRow add = add_row_of(dtype_of<T>());
    add(self, values, n, alpha);
  }
  void operator()(T& self, T value) const {
    if constexpr (std::same_as<T, bool>) self = self || (value && alpha);
    else if constexpr (is_complex_type<T>) self = T(self.re + alpha.re * value.re, self.im + alpha.re * value.im);
    else if constexpr (std::integral<T>) self = T(uint64_t(self) + uint64_t(alpha) * uint64_t(value));
    else self = T(Compute<T>(self) + alpha * Compute<T>(value));
  }
};
struct Mul {
  template <class T>
  void operator()(T& self, T value) const {
    if constexpr (std::same_as<T, bool>) self = self && value;
    else if constexpr (is_complex_type<T>) self = T(self.re * value.re - self.im * value.im, self.re * value.im + self.im * value.re);
    else if constexpr (std::integral<T>) self = T(uint64_t(self) * uint64_t(value));
    else self = T(Compute<T>(self) * Compute<T>(value));
  }
};
// A NaN on either side wins.
template <bool kMax>
struct Extreme {
  template <class T>
  void operator()(T& self, T value) const {
    const Compute<T> a = Compute<T>(self), b = Compute<T>(value);
    if (a == a && (b != b || (kMax ? b > a : b < a))) self = value;
  }
};

template <class T, class F>
void write_all(const IndexedWrite& w, T* self, const T* values, const int64_t* index, F f) {
  const int64_t per_line = w.lines.numel();
  if (per_line == 0 || w.rest.numel() == 0) return;
  using At = std::array<int64_t, 3>;
  const At rest_step{w.rest.inner_stride(0), w.rest.inner_stride(1), w.rest.inner_stride(2)};
  const At line_step{w.lines.inner_stride(0), w.lines.inner_stride(1), w.lines.inner_stride(2)};
  const bool lines_inside = w.rest.inner_size() == 1 || (w.lines.rank() > 0 && std::abs(line_step[0]) < std::abs(rest_step[0]));
  parallel_for(0, w.rest.numel(), std::max<int64_t>(1, kGrain / per_line), [&](int64_t from, int64_t to) {
    w.rest.run(from, to, [&](At base, int64_t count) {
      if (lines_inside) {
        for (int64_t k = 0; k < count; ++k) {
          const At start{base[0] + k * rest_step[0], base[1] + k * rest_step[1], base[2] + k * rest_step[2]};
          w.lines.run(0, per_line, [&](At at, int64_t n) {
            const T* v = values + start[0] + at[0];
            const int64_t* x = index + start[2] + at[2];
            for (int64_t i = 0; i < n; ++i) f(self[start[1] + x[i * line_step[2]] * w.scale], v[i * line_step[0]]);
          });
        }
        return;
      }
      w.lines.run(0, per_line, [&](At at, int64_t n) {
        for (int64_t i = 0; i < n; ++i) {
          const T* v = values + base[0] + at[0] + i * line_step[0];
          const int64_t* x = index + base[2] + at[2] + i * line_step[2];
          T* s = self + base[1];
          if (rest_step[2] == 0) {  // one index for the whole run
            s += *x * w.scale;
            if (rest_step[0] == 1 && rest_step[1] == 1) {
              if constexpr (requires { f.row(s, v, count); }) f.row(s, v, count);
              else
                for (int64_t k = 0; k < count; ++k) f(s[k], v[k]);
            } else {
              for (int64_t k = 0; k < count; ++k) f(s[k * rest_step[1]], v[k * rest_step[0]]);
            }
          } else {
            for (int64_t k = 0; k < count; ++k) f(s[k * rest_step[1] + x[k * rest_step[2]] * w.scale], v[k * rest_step[0]]);
          }
        }
      });
    });
  });
}

// Of halves, with one index for all of `rest`: the values of a target, in index order, go into a row of float32 that is read and written once.
template <class T, class F>
void write_by_target(const IndexedWrite& w, T* self, const T* values, const int64_t* index, F into_row) {
  struct Place {
    int64_t target, value;
  };
  using At = std::array<int64_t, 3>;
  std::vector<Place> places;
  places.reserve(size_t(w.lines.numel()));
  w.lines.run(0, w.lines.numel(), [&](At at, int64_t n) {
    for (int64_t i = 0; i < n; ++i) places.push_back({index[at[2] + i * w.lines.inner_stride(2)] * w.scale, at[0] + i * w.lines.inner_stride(0)});
  });
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.target < b.target; });
  const int64_t step = w.rest.inner_stride(0), self_step = w.rest.inner_stride(1);
  parallel_for(0, w.rest.numel(), std::max<int64_t>(1, kGrain / w.lines.numel()), [&](int64_t from, int64_t to) {
    w.rest.run(from, to, [&](At base, int64_t count) {
      constexpr int64_t kRow = 512;
      float row[kRow];
      for (int64_t first = 0; first < count; first += kRow) {
        const int64_t n = std::min(kRow, count - first);
        for (size_t i = 0; i < places.size();) {
          T* target = self + base[1] + first * self_step + places[i].target;
          for (int64_t k = 0; k < n; ++k) row[k] = float(target[k * self_step]);
          const int64_t same = places[i].target;
          for (; i < places.size() && places[i].target == same; ++i) into_row(row, values + base[0] + first * step + places[i].value, n, step);
          for (int64_t k = 0; k < n; ++k) target[k * self_step] = T(row[k]);
        }
      }
    });
  });
}
template <class T>
bool write_halves(const IndexedWrite& w, ScatterOp op, T* self, const T* values, const int64_t* index, double alpha) {
  if (!w.one_index || w.lines.numel() < 2 || w.rest.numel() == 0 || (op != ScatterOp::Add && op != ScatterOp::Mul)) return false;
  if (op == ScatterOp::Mul) {
    write_by_target(w, self, values, index, [](float* row, const T* v, int64_t n, int64_t step) {
      for (int64_t k = 0; k < n; ++k) row[k] *= float(v[k * step]);
    });
    return true;
  }
  static const AddRow add = add_to_float_row_of(dtype_of<T>());
  write_by_target(w, self, values, index, [alpha](float* row, const T* v, int64_t n, int64_t step) {
    if (step == 1) return add(row, v, n, alpha);
    for (int64_t k = 0; k < n; ++k) row[k] += float(alpha) * float(v[k * step]);
  });
  return true;
}

bool is_half(DType dtype) { return dtype == kFloat16 || dtype == kBFloat16; }

template <class T>
void set_all(const IndexedWrite& w, void* self, const void* values, const int64_t* index) {
  write_all(w, static_cast<T*>(self), static_cast<const T*>(values), index, Set());
}

}  // namespace

void IndexedWrite::run(const char* op_name, ScatterOp op, DType dtype, void* self, const void* values, const int64_t* index, double alpha) const {
  if (op == ScatterOp::Set) {
    switch (item_size(dtype)) {
      case 1: return set_all<uint8_t>(*this, self, values, index);
      case 2: return set_all<uint16_t>(*this, self, values, index);
      case 4: return set_all<uint32_t>(*this, self, values, index);
      case 8: return set_all<uint64_t>(*this, self, values, index);
      default: return set_all<Bits128>(*this, self, values, index);
    }
  }
  if ((op == ScatterOp::Amax || op == ScatterOp::Amin) && is_complex(dtype)) refuse_dtype(op_name, dtype);
  dispatch(dtype, [&](auto t) {
    using T = decltype(t);
    T* to = static_cast<T*>(self);
    const T* from = static_cast<const T*>(values);
    if constexpr (std::same_as<T, Half> || std::same_as<T, BFloat16>)
      if (write_halves(*this, op, to, from, index, alpha)) return;
    if (op == ScatterOp::Add) return write_all(*this, to, from, index, Add<T>{convert<Compute<T>>(alpha)});
    if (op == ScatterOp::Mul) return write_all(*this, to, from, index, Mul());
    if constexpr (!is_complex_type<T>) {
      if (op == ScatterOp::Amax) write_all(*this, to, from, index, Extreme<true>());
      else write_all(*this, to, from, index, Extreme<false>());
    }
  });
}

void index_add(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, double alpha) {
  const int64_t rank = self.sizes().size();
  const Tensor positions = checked_index("index_add", index, rank ? self.sizes()[dim] : 1);
  IndexedWrite write;
  write.one_index = true;
  write.scale = rank ? self.strides()[dim] : 0;
  for (int64_t d = 0; d < source.sizes().size(); ++d) {
    if (d == dim) write.lines.add(source.sizes()[d], {source.strides()[d], 0, 1});
    else write.rest.add(source.sizes()[d], {source.strides()[d], self.strides()[d], 0});
  }
  write.run("index_add", op, self.dtype(), self.address(), source.address(), pointer<int64_t>(positions), alpha);
}

void scatter(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  const int64_t rank = self.sizes().size();
  const Tensor positions = checked_index("scatter", index, rank ? self.sizes()[dim] : 1);
  const Shape &sizes = positions.sizes(), &steps = positions.strides();
  const bool meet = is_half(self.dtype()) && (op == ScatterOp::Add || op == ScatterOp::Mul) && rank && sizes[dim] > 1;
  if (meet && positions.numel() > sizes[dim]) {
    Tensor wide = dense(self, kFloat32);
    scatter(op, wide, dim, positions, dense(source, kFloat32));
    return copy_kernel(kCPU, self, wide);
  }
  IndexedWrite write;
  write.one_index = meet;
  write.scale = rank ? self.strides()[dim] : 0;
  for (int64_t d = 0; d < sizes.size() && d < rank; ++d) {
    if (d == dim) write.lines.add(sizes[d], {source.strides()[d], 0, steps[d]});
    else write.rest.add(sizes[d], {source.strides()[d], self.strides()[d], steps[d]});
  }
  write.run("scatter", op, self.dtype(), self.address(), source.address(), pointer<int64_t>(positions));
}

void as_strided_backward(Tensor& out, const Tensor& grad, const Shape& strides, int64_t offset) {
  if (is_half(out.dtype()) && out.is_contiguous()) {
    Tensor wide = dense(out, kFloat32);
    as_strided_backward(wide, dense(grad, kFloat32), strides, offset);
    return copy_kernel(kCPU, out, wide);
  }
  StridedLoops<2> loops;
  for (int64_t d = 0; d < grad.sizes().size(); ++d) loops.add(grad.sizes()[d], {grad.strides()[d], strides[d]});
  // elements of the view may meet: one thread, in order
  dispatch(out.dtype(), [&](auto t) {
    using T = decltype(t);
    const Add<T> add{convert<Compute<T>>(1.0)};
    T* to = static_cast<T*>(out.address()) + offset;
    const T* from = static_cast<const T*>(grad.address());
    loops.run(0, loops.numel(), [&](std::array<int64_t, 2> at, int64_t count) {
      for (int64_t i = 0; i < count; ++i) add(to[at[1] + i * loops.inner_stride(1)], from[at[0] + i * loops.inner_stride(0)]);
    });
  });
}

void embedding_backward(Tensor& grad_weight, const Tensor& grad, const Tensor& index, int64_t padding_index, bool scale_by_frequency) {
  const int64_t vocabulary = grad_weight.sizes()[0], d = grad_weight.sizes()[1];
  if (is_integral(grad_weight.dtype())) refuse_dtype("embedding_backward", grad_weight.dtype());
  const Tensor positions = checked_index("embedding_backward", index, vocabulary), g = dense(grad, grad_weight.dtype());
  const int64_t n = positions.numel();
  const int64_t* rows = pointer<int64_t>(positions);
  DenseOut out(grad_weight);
  std::vector<int32_t> counts(scale_by_frequency ? vocabulary : 0);
  for (int64_t i = 0; scale_by_frequency && i < n; ++i) ++counts[rows[i]];
  dispatch(grad_weight.dtype(), [&](auto t) {
    using T = decltype(t);
    T* to = pointer<T>(out.tensor());
    const T* from = pointer<T>(g);
    parallel_for(0, vocabulary * d, kGrain, [&](int64_t a, int64_t b) { std::fill(to + a, to + b, T()); });
    // parallel over columns: every row takes in its gradients in the order of the indices
    constexpr int64_t kColumns = 16;
    parallel_for(0, (d + kColumns - 1) / kColumns, std::max<int64_t>(1, kGrain / (kColumns * std::max<int64_t>(n, 1))), [&](int64_t a, int64_t b) {
      const int64_t first = a * kColumns, last = std::min(b * kColumns, d);
      for (int64_t i = 0; i < n; ++i) {
        if (rows[i] == padding_index) continue;
        T* row = to + rows[i] * d;
        const T* source = from + i * d;
        const Add<T> add{convert<Compute<T>>(scale_by_frequency ? 1.0 / counts[rows[i]] : 1.0)};
        if constexpr (is_float_type<T>) add.row(row + first, source + first, last - first);
        else
          for (int64_t j = first; j < last; ++j) add(row[j], source[j]);
      }
    });
  });
  out.commit();
}

}  // namespace lazuli::cpu
