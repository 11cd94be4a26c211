#pragma once
#include "lazuli/ops/linalg/cholesky.h"
#include "lazuli/ops/linalg/distance.h"
#include "lazuli/ops/linalg/eigen.h"
#include "lazuli/ops/linalg/inverse.h"
#include "lazuli/ops/linalg/lu.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/matrix_function.h"
#include "lazuli/ops/linalg/products.h"
#include "lazuli/ops/linalg/qr.h"
#include "lazuli/ops/linalg/results.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/linalg/svd.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/rules/linalg.h"
#include "lazuli/typed/rules/matmul.h"

/// Products and decompositions of typed matrices, of one dtype.
namespace lazuli {

#define LAZULI_TYPED_PRODUCT(name)                                                                                            \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::AnyTyped B), (typed::BinaryAlike<#name, &typed::rules::name, A, B>), \
                        (const A& a, const B& b), lazuli::name(typed::untyped(a), typed::untyped(b)))
LAZULI_TYPED_PRODUCT(matmul);
LAZULI_TYPED_PRODUCT(mm);
LAZULI_TYPED_PRODUCT(bmm);
LAZULI_TYPED_PRODUCT(mv);
LAZULI_TYPED_PRODUCT(dot);
LAZULI_TYPED_PRODUCT(cdist);
LAZULI_TYPED_PRODUCT(kron);
#undef LAZULI_TYPED_PRODUCT
LAZULI_TYPED_FUNCTION(vdot, (typed::AnyTyped A, typed::AnyTyped B), (typed::BinaryAlike<"vdot", &typed::rules::dot, A, B>), (const A& a, const B& b),
                      lazuli::vdot(typed::untyped(a), typed::untyped(b)));
LAZULI_TYPED_FUNCTION(outer, (typed::AnyTyped A, typed::AnyTyped B), (typed::Binary<"outer", typed::promoted_of<A, B>, &typed::rules::outer, A, B>),
                      (const A& a, const B& b), lazuli::outer(typed::untyped(a), typed::untyped(b)));
/// tensordot<2>(a, b): over the last two dimensions of a and the first two of b.
LAZULI_TYPED_FUNCTION(tensordot, (int64_t dims, typed::AnyTyped A, typed::AnyTyped B),
                      (typed::BinaryAlike<"tensordot", &typed::rules::tensordot, A, B, typed::Number<dims>>), (const A& a, const B& b),
                      lazuli::tensordot(typed::untyped(a), typed::untyped(b), dims));

namespace typed {
/// A rule of matrices, which are of floating point or complex numbers.
template <auto rule, AnyTyped A, class... Arguments>
using MatrixRuled = FirstRefusal<DTypeIs<ElementOfTensor<A>, rules::Wanted::differentiable>, RuledOf<rule, A, Arguments...>>;
template <Text op, auto rule, class T, AnyTyped A>
struct OfMatrix : Result<op, MatrixRuled<rule, A>, T, WhereOf<A>> {};
/// self + a b, all of one dtype and device.
template <Text op, auto rule, AnyTyped S, AnyTyped A, AnyTyped B>
struct AddedProduct
    : Result<op,
             FirstRefusal<OneDevice<WhereOf<S>, WhereOf<A>>, OneDevice<WhereOf<A>, WhereOf<B>>, SameDType<ElementOfTensor<S>, ElementOfTensor<A>>,
                          SameDType<ElementOfTensor<A>, ElementOfTensor<B>>, Ruled<rule, ShapeOfTensor<S>, ShapeOfTensor<A>, ShapeOfTensor<B>>>,
             ElementOfTensor<A>, Together<WhereOf<S>, TogetherOf<A, B>>> {};
}  // namespace typed
#define LAZULI_TYPED_ADDED_PRODUCT(name, product)                                                                    \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped S, typed::AnyTyped A, typed::AnyTyped B),                             \
                        (typed::AddedProduct<#name, &typed::rules::added_product<&typed::rules::product>, S, A, B>), \
                        (const S& self, const A& a, const B& b, const Scalar& beta = 1, const Scalar& alpha = 1),    \
                        lazuli::name(typed::untyped(self), typed::untyped(a), typed::untyped(b), beta, alpha))
LAZULI_TYPED_ADDED_PRODUCT(addmm, mm);
LAZULI_TYPED_ADDED_PRODUCT(addmv, mv);
LAZULI_TYPED_ADDED_PRODUCT(addr, outer);
LAZULI_TYPED_ADDED_PRODUCT(addbmm, summed_bmm);
LAZULI_TYPED_ADDED_PRODUCT(baddbmm, bmm);
#undef LAZULI_TYPED_ADDED_PRODUCT

LAZULI_TYPED_FUNCTION(linear, (typed::AnyTyped A, typed::AnyTyped W), (typed::BinaryAlike<"linear", &typed::rules::linear, A, W>),
                      (const A& input, const W& weight), lazuli::linear(typed::untyped(input), typed::untyped(weight)));
namespace typed::rules {
constexpr Ruling linear_with_bias(Writer& say, const Extents& input, const Extents& weight, const Extents& bias) {
  Ruling out = linear(say, input, weight);
  if (out.mistake != Mistake::none || (weight.rank == 1 ? bias.rank == 0 : bias.rank == 1 && may_equal(bias.at[0], weight.at[0]))) return out;
  say << "a bias of [";
  write_extent(say, weight.at[0]) << "] for the weight " << weight << ", got " << bias;
  return Mistake::shape_error_mismatch;
}
}  // namespace typed::rules
LAZULI_TYPED_FUNCTION(linear, (typed::AnyTyped A, typed::AnyTyped W, typed::AnyTyped B),
                      (typed::AddedProduct<"linear", &typed::rules::linear_with_bias, A, W, B>), (const A& input, const W& weight, const B& bias),
                      lazuli::linear(typed::untyped(input), typed::untyped(weight), bias.untyped()));

#define LAZULI_TYPED_MATRIX(name, rule)                                                                                                       \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::OfMatrix<#name, &typed::rules::rule, typed::ElementOfTensor<A>, A>), (const A& a), \
                        lazuli::name(typed::untyped(a)))
LAZULI_TYPED_MATRIX(inverse, batched_square);
LAZULI_TYPED_MATRIX(det, det);
LAZULI_TYPED_MATRIX(logdet, det);
#undef LAZULI_TYPED_MATRIX
LAZULI_TYPED_FUNCTION(trace, (typed::AnyTyped A), (typed::Unary<"trace", typed::summed(typed::dtype_of_tensor<A>), &typed::rules::trace, A>),
                      (const A& a), lazuli::trace(typed::untyped(a)));

namespace linalg {
#define LAZULI_TYPED_MATRIX(name, rule)                                                                                                   \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::OfMatrix<"linalg." #name, &typed::rules::rule, typed::ElementOfTensor<A>, A>), \
                        (const A& a), linalg::name(typed::untyped(a)))
LAZULI_TYPED_MATRIX(inv, batched_square);
LAZULI_TYPED_MATRIX(cholesky, batched_square);
LAZULI_TYPED_MATRIX(matrix_exp, batched_square);
LAZULI_TYPED_MATRIX(det, det);
#undef LAZULI_TYPED_MATRIX
LAZULI_TYPED_FUNCTION(svdvals, (typed::AnyTyped A),
                      (typed::OfMatrix<"linalg.svdvals", &typed::rules::svdvals, typed::Element<real_dtype(typed::dtype_of_tensor<A>)>, A>),
                      (const A& a), linalg::svdvals(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(solve, (typed::AnyTyped A, typed::AnyTyped B), (typed::BinaryAlike<"linalg.solve", &typed::rules::solve, A, B>),
                      (const A& a, const B& b), linalg::solve(typed::untyped(a), typed::untyped(b)));
}  // namespace linalg

namespace linalg {

/// U, S and V^H; the reduced ones of svd<false>(a).
LAZULI_TYPED_FUNCTION(
    svd, (bool full_matrices = true, typed::AnyTyped A),
    (typed::ThreeResults<"linalg.svd", typed::MatrixRuled<&typed::rules::svd, A, typed::Flag<full_matrices>>, typed::ElementOfTensor<A>,
                         typed::Element<real_dtype(typed::dtype_of_tensor<A>)>, typed::ElementOfTensor<A>, typed::WhereOf<A>>),
    (const A& a), linalg::svd(typed::untyped(a), full_matrices));
/// P, L and U.
LAZULI_TYPED_FUNCTION(lu, (typed::AnyTyped A),
                      (typed::ThreeResults<"linalg.lu", typed::MatrixRuled<&typed::rules::lu, A>, typed::ElementOfTensor<A>,
                                           typed::ElementOfTensor<A>, typed::ElementOfTensor<A>, typed::WhereOf<A>>),
                      (const A& a), linalg::lu(typed::untyped(a)));
/// Q and R.
LAZULI_TYPED_FUNCTION(qr, (typed::AnyTyped A),
                      (typed::TwoResults<"linalg.qr", typed::MatrixRuled<&typed::rules::qr, A>, typed::ElementOfTensor<A>, typed::ElementOfTensor<A>,
                                         typed::WhereOf<A>>),
                      (const A& a), linalg::qr(typed::untyped(a)));
/// Eigenvalues and eigenvectors, complex.
LAZULI_TYPED_FUNCTION(
    eig, (typed::AnyTyped A),
    (typed::TwoResults<"linalg.eig", typed::MatrixRuled<&typed::rules::eig, A>, typed::Element<complex_dtype(typed::dtype_of_tensor<A>)>,
                       typed::Element<complex_dtype(typed::dtype_of_tensor<A>)>, typed::WhereOf<A>>),
    (const A& a), linalg::eig(typed::untyped(a)));
/// Of a symmetric or Hermitian matrix: real eigenvalues, and eigenvectors.
LAZULI_TYPED_FUNCTION(eigh, (typed::AnyTyped A),
                      (typed::TwoResults<"linalg.eigh", typed::MatrixRuled<&typed::rules::eig, A>,
                                         typed::Element<real_dtype(typed::dtype_of_tensor<A>)>, typed::ElementOfTensor<A>, typed::WhereOf<A>>),
                      (const A& a), linalg::eigh(typed::untyped(a)));

}  // namespace linalg
// How they are called.
LAZULI_TYPED_REFUSED(matmul, "matmul(a, b)");
LAZULI_TYPED_REFUSED(mm, "mm(a, b)");
LAZULI_TYPED_REFUSED(bmm, "bmm(a, b)");
LAZULI_TYPED_REFUSED(mv, "mv(a, b)");
LAZULI_TYPED_REFUSED(dot, "dot(a, b)");
LAZULI_TYPED_REFUSED(cdist, "cdist(a, b)");
LAZULI_TYPED_REFUSED(kron, "kron(a, b)");
LAZULI_TYPED_REFUSED(vdot, "vdot(a, b)");
LAZULI_TYPED_REFUSED(outer, "outer(a, b)");
LAZULI_TYPED_REFUSED_VALUES(tensordot, "tensordot<dims>(a, b)");
LAZULI_TYPED_REFUSED(addmm, "addmm(self, a, b, beta = 1, alpha = 1)");
LAZULI_TYPED_REFUSED(addmv, "addmv(self, a, b, beta = 1, alpha = 1)");
LAZULI_TYPED_REFUSED(addr, "addr(self, a, b, beta = 1, alpha = 1)");
LAZULI_TYPED_REFUSED(addbmm, "addbmm(self, a, b, beta = 1, alpha = 1)");
LAZULI_TYPED_REFUSED(baddbmm, "baddbmm(self, a, b, beta = 1, alpha = 1)");
LAZULI_TYPED_REFUSED(linear, "linear(input, weight) or linear(input, weight, bias)");
LAZULI_TYPED_REFUSED(inverse, "inverse(x)");
LAZULI_TYPED_REFUSED(det, "det(x)");
LAZULI_TYPED_REFUSED(logdet, "logdet(x)");
LAZULI_TYPED_REFUSED(trace, "trace(x)");
namespace linalg {
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.inv", inv, "inv(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.cholesky", cholesky, "cholesky(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.matrix_exp", matrix_exp, "matrix_exp(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.det", det, "det(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.svdvals", svdvals, "svdvals(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.solve", solve, "solve(a, b)");
LAZULI_TYPED_REFUSED_VALUES_IN(linalg, "linalg.svd", svd, "svd<full_matrices = true>(x)", auto);
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.lu", lu, "lu(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.qr", qr, "qr(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.eig", eig, "eig(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.eigh", eigh, "eigh(x)");
}  // namespace linalg

}  // namespace lazuli
