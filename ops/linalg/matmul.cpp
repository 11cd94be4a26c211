#include "lazuli/ops/linalg/matmul.h"

#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/linalg/matmul_support.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

namespace product {

Tensor transposed(const Tensor& t) {
  int64_t n = t.dim();
  if (modes.grad && t.requires_grad()) return t.transpose(n - 2, n - 1);
  Shape sizes = t.sizes(), strides = t.strides();
  std::swap(sizes[n - 2], sizes[n - 1]);
  std::swap(strides[n - 2], strides[n - 1]);
  return alias(t, sizes, strides, t.storage_offset());
}
Tensor conjugated(const Tensor& t) { return t.is_complex() ? conj(t) : t; }
Tensor adjoint(const Tensor& t) { return conjugated(transposed(t)); }

void check_operands(const char* op, const Tensor& a, const Tensor& b, const char* a_name, const char* b_name) {
  if (a.dtype() != b.dtype())
    fail(ErrorKind::Type, op, b_name, "the dtype of " + std::string(a_name) + ", " + std::string(name(a.dtype())), name(b.dtype()));
  if (a.dtype() == kBool) fail(ErrorKind::NotSupported, op, a_name, "a dtype with a product of matrices", "bool");
  if (!(a.device() == b.device())) common_device(op, {&a, &b});
}

Tensor run(const Tensor& a, const Tensor& b) {
  int64_t n = a.dim();
  Tensor out = n == 2 ? new_tensor({a.sizes()[0], b.sizes()[1]}, a.dtype(), a.device())
                      : new_tensor({a.sizes()[0], a.sizes()[1], b.sizes()[2]}, a.dtype(), a.device());
  if (out.numel()) matmul_kernel(out.device(), out, a, b, Tensor(), 0, 1);
  return out;
}

}  // namespace product

namespace {

using product::adjoint, product::check_operands, product::conjugated, product::transposed;

void check_rank(const char* op, const char* argument, const Tensor& t, int64_t rank) {
  need_defined(op, t, argument);
  if (t.dim() != rank)
    fail(rank == 2 ? errors::linalg_error_requires_2d : ErrorCode(), op, argument, std::to_string(rank) + "-d", "sizes " + to_string(t.sizes()));
}

[[noreturn]] void fail_inner(const char* op, const Tensor& a, const Tensor& b, const char* a_name, const char* b_name, bool same_batch = false) {
  const std::string k = std::to_string(a.sizes().back());
  const std::string wanted = b.dim() == 1   ? "[" + k + "]"
                             : b.dim() == 2 ? "[" + k + ", n]"
                                            : "[" + (same_batch ? std::to_string(a.sizes()[0]) : "..") + ", " + k + ", n]";
  const bool batch = same_batch && a.sizes()[2] == b.sizes()[1];
  fail(batch ? errors::batch_dimensions_do_not_match_error : errors::matmul_error_inner_dimensions_do_not_match, op, b_name,
       "sizes " + wanted + " for " + a_name + " of sizes " + to_string(a.sizes()), to_string(b.sizes()));
}

// Of a product that is linear in both operands; each is saved where the other one needs it.
template <class F>
Grads product_tangent(const Tensor& grad, Needs needs, const SavedTensor& a, const SavedTensor& b, F product) {
  return linear_map(grad, needs, [a = keep(a.get()), b = keep(b.get()), product](const Grads& tangents) {
    return Grads{sum_of_tangents(tangents[0].defined() ? product(tangents[0], b.get()) : Tensor(),
                                 tangents[1].defined() ? product(a.get(), tangents[1]) : Tensor())};
  });
}

// Both operands of rank 2 or both of rank 3, already checked.
Tensor multiply(const char* name, const Tensor& a, const Tensor& b) {
  Tensor out = product::run(a, b);
  if (auto tape = Tape::recording(a, b))
    tape.record(name, out, [name, a = tape.save(a, tape.needs(1)), b = tape.save(b, tape.needs(0))](const Tensor& grad, Needs needs) {
      if (linearizing()) return product_tangent(grad, needs, a, b, [name](const Tensor& x, const Tensor& y) { return multiply(name, x, y); });
      return Grads{needs[0] ? multiply(name, grad, adjoint(b.get())) : Tensor(), needs[1] ? multiply(name, adjoint(a.get()), grad) : Tensor()};
    });
  return out;
}

// [batch, m, n] -> [m, batch * n]: the matrices side by side.
Tensor side_by_side(const Tensor& t) { return t.transpose(0, 1).reshape({t.sizes()[1], t.sizes()[0] * t.sizes()[2]}); }

// One matrix a [m, k] times each of b [batch, k, n]. The gradient of a is one product over all of them: a sum of many would take as many matrices, and round each in the dtype.
Tensor multiply_each(const Tensor& a, const Tensor& b) {
  Tensor out = product::run(expanded(a, {b.sizes()[0], a.sizes()[0], a.sizes()[1]}), b);
  if (auto tape = Tape::recording(a, b))
    tape.record("matmul", out, [a = tape.save(a, tape.needs(1)), b = tape.save(b, tape.needs(0))](const Tensor& grad, Needs needs) {
      if (linearizing()) return product_tangent(grad, needs, a, b, [](const Tensor& x, const Tensor& y) { return multiply_each(x, y); });
      return Grads{needs[0] ? multiply("matmul", side_by_side(grad), adjoint(side_by_side(b.get()))) : Tensor(),
                   needs[1] ? multiply_each(adjoint(a.get()), grad) : Tensor()};
    });
  return out;
}

// Seen as [rows, n] with all leading dimensions in the rows: a view where the strides allow it.
Tensor as_rows(const Tensor& t) {
  if (t.dim() == 2) return t;
  int64_t n = t.dim() ? t.sizes()[t.dim() - 1] : 1, rows = 1;
  for (int64_t i = 0; i + 1 < t.dim(); ++i) rows *= t.sizes()[i];
  if (!t.is_contiguous() || (modes.grad && t.requires_grad())) return t.reshape({rows, n});
  return alias(t, {rows, n}, {n, 1}, t.storage_offset());
}

}  // namespace

namespace {

// mm, mv and dot under the name of who was called; the tape says what they are.
Tensor matrix_matrix(const char* op, const char* other, const Tensor& self, const Tensor& mat2) {
  if (self.sizes()[1] != mat2.sizes()[0]) fail_inner(op, self, mat2, "self", other);
  check_operands(op, self, mat2, "self", other);
  return multiply("mm", self, mat2);
}
Tensor matrix_vector(const char* op, const char* other, const Tensor& self, const Tensor& vec) {
  if (self.sizes()[1] != vec.sizes()[0]) fail_inner(op, self, vec, "self", other);
  check_operands(op, self, vec, "self", other);
  return multiply("mv", self, vec.unsqueeze(1)).squeeze(Shape{1});
}
Tensor vector_vector(const char* op, const char* other, const Tensor& self, const Tensor& tensor) {
  if (!(self.sizes() == tensor.sizes())) fail_inner(op, self, tensor, "self", other);
  check_operands(op, self, tensor, "self", other);
  return multiply("dot", self.unsqueeze(0), tensor.unsqueeze(1)).reshape({});
}

}  // namespace

Tensor mm(const Tensor& self, const Tensor& mat2) {
  if (const Casting cast{Cast::Lower, self, mat2}) return mm(cast(self), cast(mat2));
  check_rank("mm", "self", self, 2);
  check_rank("mm", "mat2", mat2, 2);
  return matrix_matrix("mm", "mat2", self, mat2);
}

Tensor bmm(const Tensor& self, const Tensor& mat2) {
  if (const Casting cast{Cast::Lower, self, mat2}) return bmm(cast(self), cast(mat2));
  need_defined("bmm", self, "self", mat2, "mat2");
  check_rank("bmm", "self", self, 3);
  check_rank("bmm", "mat2", mat2, 3);
  if (self.sizes()[2] != mat2.sizes()[1] || self.sizes()[0] != mat2.sizes()[0]) fail_inner("bmm", self, mat2, "self", "mat2", true);
  check_operands("bmm", self, mat2);
  return multiply("bmm", self, mat2);
}

Tensor mv(const Tensor& self, const Tensor& vec) {
  if (const Casting cast{Cast::LowerOnGpu, self, vec}) return mv(cast(self), cast(vec));
  need_defined("mv", self, "self", vec, "vec");
  check_rank("mv", "self", self, 2);
  check_rank("mv", "vec", vec, 1);
  return matrix_vector("mv", "vec", self, vec);
}

Tensor dot(const Tensor& self, const Tensor& tensor) {
  if (const Casting cast{Cast::WidestOnGpu, self, tensor}) return dot(cast(self), cast(tensor));
  need_defined("dot", self, "self", tensor, "tensor");
  check_rank("dot", "self", self, 1);
  check_rank("dot", "tensor", tensor, 1);
  return vector_vector("dot", "tensor", self, tensor);
}

Tensor vdot(const Tensor& self, const Tensor& other) {
  if (const Casting cast{Cast::WidestOnGpu, self, other}) return vdot(cast(self), cast(other));
  check_rank("vdot", "self", self, 1);
  check_rank("vdot", "other", other, 1);
  return dot(conjugated(self), other);
}

Tensor matmul(const Tensor& self, const Tensor& other) {
  if (const Casting cast{Cast::Lower, self, other}) return matmul(cast(self), cast(other));
  need_defined("matmul", self);
  need_defined("matmul", other, "other");
  int64_t p = self.dim(), q = other.dim();
  if (p == 0 || q == 0) fail("matmul", p == 0 ? "self" : "other", "at least one dimension", "a 0-d tensor");
  if (p == 2 && q == 2) return matrix_matrix("matmul", "other", self, other);
  if (p == 1 && q == 1) return vector_vector("matmul", "other", self, other);
  if (p == 1 && q == 2) {
    if (self.sizes()[0] != other.sizes()[0]) fail_inner("matmul", self, other, "self", "other");
    check_operands("matmul", self, other, "self", "other");
    return multiply("matmul", self.unsqueeze(0), other).squeeze(Shape{0});
  }
  if (p == 2 && q == 1) return matrix_vector("matmul", "other", self, other);
  int64_t k = self.sizes()[p - 1], other_k = q == 1 ? other.sizes()[0] : other.sizes()[q - 2];
  if (k != other_k) fail_inner("matmul", self, other, "self", "other");
  check_operands("matmul", self, other, "self", "other");
  if (q <= 2) {  // one matrix for all: the batches are more rows
    Shape sizes = self.sizes();
    sizes.erase(p - 1);
    if (q == 2) sizes.push_back(other.sizes()[1]);
    return multiply("matmul", as_rows(self), q == 1 ? other.unsqueeze(1) : other).reshape(sizes);
  }
  Tensor a = p == 1 ? self.unsqueeze(0) : self;
  Shape a_batch(a.sizes().data(), a.dim() - 2), b_batch(other.sizes().data(), q - 2);
  Shape batch = broadcast_shapes(a_batch, b_batch, "matmul"), a_sizes = batch, b_sizes = batch, sizes = batch;
  int64_t m = a.sizes()[a.dim() - 2], n = other.sizes()[q - 1], count = batch.numel();
  auto shaped = [&](const Tensor& out) {
    if (p > 1) sizes.push_back(m);
    sizes.push_back(n);
    return out.reshape(sizes);
  };
  if (b_batch.numel() == 1 && count > 1) return shaped(multiply("matmul", as_rows(a), other.reshape({k, n})));
  if (a_batch.numel() == 1 && count > 1) return shaped(multiply_each(a.reshape({m, k}), other.reshape({count, k, n})));
  a_sizes.push_back(m), a_sizes.push_back(k), b_sizes.push_back(k), b_sizes.push_back(n);
  Tensor x = a.sizes() == a_sizes ? a : a.expand(a_sizes), y = other.sizes() == b_sizes ? other : other.expand(b_sizes);
  if (batch.size() != 1) x = x.reshape({count, m, k}), y = y.reshape({count, k, n});
  Tensor out = multiply("matmul", x, y);
  return batch.size() == 1 && p > 1 ? out : shaped(out);
}

Scalar product::factor(const Scalar& value, DType dtype) {
  if (!is_integral(dtype) || !value.is_floating_point()) return value;
  double whole = std::trunc(value.to<double>());
  if (!(std::abs(whole) < 0x1p63))
    fail(ErrorKind::Type, "addmv", "beta and alpha", "numbers that fit 63 bits, for integer matrices", to_string(value));
  return Scalar(int64_t(whole));
}

Tensor product::add_product(Target target, const char* name, const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta,
                            const Scalar& alpha) {
  int64_t rank = mat1.dim();
  if (mat1.sizes()[rank - 1] != mat2.sizes()[rank - 2] || (rank == 3 && mat1.sizes()[0] != mat2.sizes()[0]))
    fail_inner(name, mat1, mat2, rank == 3 ? "batch1" : "mat1", rank == 3 ? "batch2" : "mat2", rank == 3);
  check_operands(name, mat1, mat2, rank == 3 ? "batch1" : "mat1", rank == 3 ? "batch2" : "mat2");
  check_operands(name, mat1, self, rank == 3 ? "batch1" : "mat1", "self");
  Shape sizes = mat1.sizes();
  sizes[rank - 1] = mat2.sizes()[rank - 1];
  if (!can_broadcast_to(self.sizes(), sizes)) fail(name, "self", "sizes that broadcast to " + to_string(sizes), to_string(self.sizes()));
  if (is_integral(mat1.dtype()) && !(beta.is_integral() && alpha.is_integral()))
    fail(ErrorKind::Type, name, "beta and alpha", "integers for integer matrices", to_string(beta) + " and " + to_string(alpha));
  if (beta.is_complex() || alpha.is_complex()) return add(mul(self, beta), mul(multiply(name, mat1, mat2), alpha));
  double b = beta.to<double>(), a = alpha.to<double>();
  Tensor out = target.output(sizes, mat1.dtype(), mat1.device(), {.in_step = {&self}, .anywhere = {&mat1, &mat2}});
  bool epilogue = b == 1 && self.dim() == 1 && self.sizes()[0] == sizes[rank - 1];
  if (out.numel()) {
    bool in_place = out.storage() == self.storage() && out.address() == self.address();
    if (!epilogue && b != 0 && !in_place) copy_kernel(out.device(), out, expanded(self, sizes));
    matmul_kernel(out.device(), out, mat1, mat2, epilogue ? self : Tensor(), epilogue ? 0 : b, a);
  }
  if (auto tape = Tape::recording(self, mat1, mat2))
    tape.record(name, out, [name, x = tape.save(mat1, tape.needs(2)), y = tape.save(mat2, tape.needs(1)), b, a](const Tensor& grad, Needs needs) {
      const auto scaled = [](const Tensor& t, double factor) { return factor == 1 ? t : mul(t, Scalar(factor)); };
      if (linearizing())
        return linear_map(grad, needs, [=, x = keep(x.get()), y = keep(y.get()), sizes = grad.sizes()](const Grads& tangents) {
          Tensor of_product;
          if (tangents[1].defined()) of_product = multiply(name, tangents[1], y.get());
          if (tangents[2].defined()) of_product = sum_of_tangents(of_product, multiply(name, x.get(), tangents[2]));
          if (of_product.defined()) of_product = scaled(of_product, a);
          if (!tangents[0].defined()) return Grads{of_product};
          return Grads{sum_of_tangents(scaled(tangents[0], b).expand(sizes), of_product)};
        });
      return Grads{needs[0] ? scaled(grad, b) : Tensor(), needs[1] ? scaled(multiply(name, grad, adjoint(y.get())), a) : Tensor(),
                   needs[2] ? scaled(multiply(name, adjoint(x.get()), grad), a) : Tensor()};
    });
  return out;
}

Tensor addmm(Target target, const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) {
  need_defined("addmm", self, "self", mat1, "mat1", mat2, "mat2");
  check_rank("addmm", "mat1", mat1, 2);
  check_rank("addmm", "mat2", mat2, 2);
  return product::add_product(target, "addmm", self, mat1, mat2, beta, alpha);
}
Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) {
  if (const Casting cast{Cast::Lower, self, mat1, mat2}) return addmm(cast(self), cast(mat1), cast(mat2), beta, alpha);
  return addmm(Target(), self, mat1, mat2, beta, alpha);
}
Tensor& addmm_(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) {
  return in_place("addmm_", self, {&mat1, &mat2}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return addmm(target, old, mat1, mat2, beta, alpha); });
}

Tensor baddbmm(Target target, const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) {
  need_defined("baddbmm", self, "self", batch1, "batch1", batch2, "batch2");
  check_rank("baddbmm", "batch1", batch1, 3);
  check_rank("baddbmm", "batch2", batch2, 3);
  return product::add_product(target, "baddbmm", self, batch1, batch2, product::factor(beta, batch1.dtype()), product::factor(alpha, batch1.dtype()));
}
Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) {
  if (const Casting cast{Cast::Lower, self, batch1, batch2}) return baddbmm(cast(self), cast(batch1), cast(batch2), beta, alpha);
  return baddbmm(Target(), self, batch1, batch2, beta, alpha);
}
Tensor& baddbmm_(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) {
  need_defined("baddbmm_", self, "self", batch1, "batch1", batch2, "batch2");
  return in_place("baddbmm_", self, {&batch1, &batch2}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return baddbmm(target, old, batch1, batch2, beta, alpha); });
}

Tensor linear(const Tensor& input, const Tensor& weight, const OptionalTensor& bias) {
  if (const Casting cast{Cast::Lower, input, weight, bias}) return linear(cast(input), cast(weight), cast(bias));
  const Tensor none_given, &b = bias ? *bias : none_given;
  need_defined("linear", input, "input");
  need_defined("linear", weight, "weight");
  if (input.dim() == 0) fail("linear", "input", "at least one dimension", "a 0-d tensor");
  if (weight.dim() == 1 || (weight.dim() == 2 && b.defined() && (b.dim() != 1 || b.sizes()[0] != weight.sizes()[0]))) {
    Tensor out = matmul(input, weight.dim() == 1 ? weight : weight.t());
    return b.defined() ? add(out, b) : out;
  }
  check_rank("linear", "weight", weight, 2);
  int64_t in = weight.sizes()[1], out_features = weight.sizes()[0], last = input.dim() - 1;
  if (input.sizes()[last] != in)
    fail("linear", "input", "a last dimension of size " + std::to_string(in) + ", the columns of weight " + to_string(weight.sizes()),
         "sizes " + to_string(input.sizes()));
  check_operands("linear", weight, input, "weight", "input");
  if (b.defined()) check_operands("linear", weight, b, "weight", "bias");
  Shape sizes = input.sizes();
  sizes[last] = out_features;
  auto tape = Tape::recording(input, weight, b);
  // Before the product: a checkpoint that is computed again ends with the last tensor that it wants, which often is the input of its last layer.
  SavedTensor kept_input = tape.save(input, tape.needs(1)), kept_weight = tape.save(weight, tape.needs(0));
  Tensor out = new_tensor(sizes, input.dtype(), input.device());
  if (out.numel()) {
    no_grad unrecorded;
    Tensor rows = as_rows(input), out_rows = as_rows(out);
    matmul_kernel(out.device(), out_rows, rows, transposed(weight), b, 0, 1);
  }
  if (tape)
    tape.record("linear", out, [x = std::move(kept_input), w = std::move(kept_weight)](const Tensor& grad, Needs needs) {
      if (linearizing())
        return linear_map(grad, needs, [x = keep(x.get()), w = keep(w.get()), sizes = grad.sizes()](const Grads& tangents) {
          const OptionalTensor bias = tangents[2].defined() ? OptionalTensor(tangents[2]) : none;
          if (tangents[0].defined()) {
            const Tensor along_input = linear(tangents[0], w.get(), bias);
            return Grads{tangents[1].defined() ? add(along_input, linear(x.get(), tangents[1])) : along_input};
          }
          return Grads{tangents[1].defined() ? linear(x.get(), tangents[1], bias) : bias->expand(sizes)};
        });
      Tensor rows = as_rows(grad), grad_input;
      // The input is of no more use behind its product: that comes first.
      Tensor grad_weight = needs[1] ? mm(transposed(rows), conjugated(as_rows(x.get()))) : Tensor();
      if (needs[0]) {
        Tensor weight = w.get();
        grad_input = mm(rows, conjugated(weight));
        if (grad.dim() != 2) {
          Shape sizes = grad.sizes();
          sizes[sizes.size() - 1] = weight.sizes()[1];
          grad_input = grad_input.reshape(sizes);
        }
      }
      return Grads{grad_input, grad_weight, needs[2] ? reduction::sum_masked(rows, 1, false) : Tensor()};
    });
  return out;
}

void register_matmul(OpTable& table) {
  table.add("mm(Tensor self, Tensor mat2) -> Tensor", &lazuli::mm);
  table.add("bmm(Tensor self, Tensor mat2) -> Tensor", &bmm);
  table.add("mv(Tensor self, Tensor vec) -> Tensor", &mv);
  table.add("dot(Tensor self, Tensor tensor) -> Tensor", &dot);
  table.add("vdot(Tensor self, Tensor other) -> Tensor", &vdot);
  table.add("matmul(Tensor self, Tensor other) -> Tensor", &lazuli::matmul);
  table.add("addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", &addmm);
  table.add("baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", &baddbmm);
  table.add("addmm_(Tensor(a!) self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)", &addmm_);
  table.add("baddbmm_(Tensor(a!) self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)", &baddbmm_);
  table.add("linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", &linear);
}

}  // namespace lazuli
