#pragma once
#include "lazuli/typed/functions/join.h"
#include "lazuli/typed/functions/linalg.h"
#include "lazuli/typed/functions/reduce.h"

/// More of typed matrices: factors and solvers, inverses, eigenvalues.
namespace lazuli {

namespace typed {
template <AnyTyped A>
using ComplexOf = Element<complex_dtype(dtype_of_tensor<A>)>;
template <Text op, auto rule, class U, AnyTyped A, class T = ElementOfTensor<A>>
struct TwoOfMatrix : TwoResults<op, MatrixRuled<rule, A>, T, U, WhereOf<A>> {};
template <Text op, auto rule, AnyTyped A>
struct FactorsAndInfo : ThreeResults<op, MatrixRuled<rule, A>, ElementOfTensor<A>, int32_t, int32_t, WhereOf<A>> {};
}  // namespace typed

#define LAZULI_TYPED_MATRIX(space, text, name, rule, T)                                                                    \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::OfMatrix<text #name, &typed::rules::rule, T, A>), (const A& a), \
                        space::name(typed::untyped(a)))
#define LAZULI_TYPED_TWO(space, text, name, rule, U)                                                                          \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::TwoOfMatrix<text #name, &typed::rules::rule, U, A>), (const A& a), \
                        space::name(typed::untyped(a)))
#define LAZULI_TYPED_SOLVER(space, text, name, rule)                                                                               \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::AnyTyped B), (typed::BinaryAlike<text #name, &typed::rules::rule, A, B>), \
                        (const A& a, const B& b), space::name(typed::untyped(a), typed::untyped(b)))
LAZULI_TYPED_MATRIX(lazuli, "", matrix_exp, batched_square, typed::ElementOfTensor<A>);
LAZULI_TYPED_MATRIX(lazuli, "", pinverse, pinv, typed::ElementOfTensor<A>);
LAZULI_TYPED_MATRIX(lazuli, "", cholesky, batched_square, typed::ElementOfTensor<A>);
LAZULI_TYPED_MATRIX(lazuli, "", cholesky_inverse, batched_square, typed::ElementOfTensor<A>);
LAZULI_TYPED_TWO(lazuli, "", geqrf, geqrf, typed::ElementOfTensor<A>);
LAZULI_TYPED_TWO(lazuli, "", slogdet, slogdet, typed::RealOf<A>);
LAZULI_TYPED_TWO(lazuli, "", qr, qr, typed::ElementOfTensor<A>);
LAZULI_TYPED_SOLVER(lazuli, "", inner, inner);
LAZULI_TYPED_SOLVER(lazuli, "", orgqr, householder_product);
LAZULI_TYPED_SOLVER(lazuli, "", cholesky_solve, solve_from);
LAZULI_TYPED_FUNCTION(matrix_power, (typed::AnyTyped A), (typed::Unary<"matrix_power", typed::dtype_of_tensor<A>, &typed::rules::batched_square, A>),
                      (const A& a, int64_t n), lazuli::matrix_power(typed::untyped(a), n));
/// cross<dim>(a, b)
LAZULI_TYPED_FUNCTION(cross, (int64_t dim, typed::AnyTyped A, typed::AnyTyped B),
                      (typed::BinaryAlike<"cross", &typed::rules::cross, A, B, typed::Number<dim>>), (const A& a, const B& b),
                      lazuli::cross(typed::untyped(a), typed::untyped(b), dim));
LAZULI_TYPED_FUNCTION(chain_matmul, (typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointResult<"chain_matmul", &typed::rules::multi_dot, std::tuple<>, A, B...>), (const A& a, const B&... b),
                      lazuli::chain_matmul(typed::listed(a, b...)));
LAZULI_TYPED_FUNCTION(bilinear, (typed::AnyTyped A, typed::AnyTyped B, typed::AnyTyped W),
                      (typed::AddedProduct<"bilinear", &typed::rules::bilinear, A, B, W>),
                      (const A& a, const B& b, const W& weight, const OptionalTensor& bias = {}),
                      lazuli::bilinear(typed::untyped(a), typed::untyped(b), typed::untyped(weight), bias));

namespace linalg {
LAZULI_TYPED_MATRIX(linalg, "linalg.", eigvals, eigenvalues, typed::ComplexOf<A>);
LAZULI_TYPED_MATRIX(linalg, "linalg.", eigvalsh, eigenvalues, typed::RealOf<A>);
LAZULI_TYPED_MATRIX(linalg, "linalg.", matrix_sqrth, batched_square, typed::ElementOfTensor<A>);
LAZULI_TYPED_MATRIX(linalg, "linalg.", cond, number_each, typed::RealOf<A>);
LAZULI_TYPED_MATRIX(linalg, "linalg.", pinv, pinv, typed::ElementOfTensor<A>);
LAZULI_TYPED_MATRIX(linalg, "linalg.", matrix_rank, number_each, int64_t);
LAZULI_TYPED_TWO(linalg, "linalg.", slogdet, slogdet, typed::RealOf<A>);
LAZULI_TYPED_TWO(linalg, "linalg.", cholesky_ex, square_with_info, int32_t);
LAZULI_TYPED_TWO(linalg, "linalg.", inv_ex, square_with_info, int32_t);
LAZULI_TYPED_TWO(linalg, "linalg.", lu_factor, lu_factor, int32_t);
LAZULI_TYPED_TWO(linalg, "linalg.", ldl_factor, ldl_factor, int32_t);
LAZULI_TYPED_TWO(linalg, "linalg.", polar, polar_factors, typed::ElementOfTensor<A>);
LAZULI_TYPED_FUNCTION(lu_factor_ex, (typed::AnyTyped A), (typed::FactorsAndInfo<"linalg.lu_factor_ex", &typed::rules::lu_factor, A>), (const A& a),
                      linalg::lu_factor_ex(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(ldl_factor_ex, (typed::AnyTyped A), (typed::FactorsAndInfo<"linalg.ldl_factor_ex", &typed::rules::ldl_factor, A>), (const A& a),
                      linalg::ldl_factor_ex(typed::untyped(a)));
LAZULI_TYPED_SOLVER(linalg, "linalg.", householder_product, householder_product);
LAZULI_TYPED_SOLVER(linalg, "linalg.", tensorsolve, tensorsolve);
LAZULI_TYPED_FUNCTION(matrix_power, (typed::AnyTyped A),
                      (typed::Unary<"linalg.matrix_power", typed::dtype_of_tensor<A>, &typed::rules::batched_square, A>), (const A& a, int64_t n),
                      linalg::matrix_power(typed::untyped(a), n));
LAZULI_TYPED_FUNCTION(solve_triangular, (typed::AnyTyped A, typed::AnyTyped B),
                      (typed::BinaryAlike<"linalg.solve_triangular", &typed::rules::solve_matrices, A, B>),
                      (const A& a, const B& b, bool upper, bool unitriangular = false),
                      linalg::solve_triangular(typed::untyped(a), typed::untyped(b), upper, true, unitriangular));
LAZULI_TYPED_FUNCTION(
    solve_ex, (typed::AnyTyped A, typed::AnyTyped B),
    (typed::TwoResults<"linalg.solve_ex",
                       typed::FirstRefusal<typed::OneDevice<typed::WhereOf<A>, typed::WhereOf<B>>,
                                           typed::SameDType<typed::ElementOfTensor<A>, typed::ElementOfTensor<B>>,
                                           typed::Ruled<&typed::rules::solve_with_info, typed::ShapeOfTensor<A>, typed::ShapeOfTensor<B>>>,
                       typed::ElementOfTensor<A>, int32_t, typed::TogetherOf<A, B>>),
    (const A& a, const B& b), linalg::solve_ex(typed::untyped(a), typed::untyped(b)));
/// tensorinv<ind>(a)
LAZULI_TYPED_FUNCTION(tensorinv, (int64_t ind = 2, typed::AnyTyped A),
                      (typed::Unary<"linalg.tensorinv", typed::dtype_of_tensor<A>, &typed::rules::tensorinv, A, typed::Number<ind>>), (const A& a),
                      linalg::tensorinv(typed::untyped(a), ind));
LAZULI_TYPED_FUNCTION(multi_dot, (typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointResult<"linalg.multi_dot", &typed::rules::multi_dot, std::tuple<>, A, B...>), (const A& a, const B&... b),
                      linalg::multi_dot(typed::listed(a, b...)));
LAZULI_TYPED_FUNCTION(cross, (int64_t dim = -1, typed::AnyTyped A, typed::AnyTyped B),
                      (typed::BinaryAlike<"linalg.cross", &typed::rules::cross, A, B, typed::Number<dim>>), (const A& a, const B& b),
                      linalg::cross(typed::untyped(a), typed::untyped(b), dim));
/// vecdot<dim>(a, b)
LAZULI_TYPED_FUNCTION(vecdot, (int64_t dim = -1, typed::AnyTyped A, typed::AnyTyped B),
                      (typed::BinaryAlike<"linalg.vecdot", &typed::rules::of_both, A, B, typed::Ints<dim>, typed::Flag<false>>),
                      (const A& a, const B& b), linalg::vecdot(typed::untyped(a), typed::untyped(b), dim));
}  // namespace linalg
#undef LAZULI_TYPED_MATRIX
#undef LAZULI_TYPED_TWO
#undef LAZULI_TYPED_SOLVER

// How they are called.
LAZULI_TYPED_REFUSED(matrix_exp, "matrix_exp(x)");
LAZULI_TYPED_REFUSED(pinverse, "pinverse(x)");
LAZULI_TYPED_REFUSED(cholesky, "cholesky(x)");
LAZULI_TYPED_REFUSED(cholesky_inverse, "cholesky_inverse(x)");
LAZULI_TYPED_REFUSED(geqrf, "geqrf(x)");
LAZULI_TYPED_REFUSED(slogdet, "slogdet(x)");
LAZULI_TYPED_REFUSED(qr, "qr(x)");
LAZULI_TYPED_REFUSED(inner, "inner(a, b)");
LAZULI_TYPED_REFUSED(orgqr, "orgqr(a, b)");
LAZULI_TYPED_REFUSED(cholesky_solve, "cholesky_solve(a, b)");
LAZULI_TYPED_REFUSED(matrix_power, "matrix_power(x, n)");
LAZULI_TYPED_REFUSED_VALUES(cross, "cross<dim>(a, b)");
LAZULI_TYPED_REFUSED(chain_matmul, "chain_matmul(a, b..)");
LAZULI_TYPED_REFUSED(bilinear, "bilinear(a, b, weight, bias = {})");
namespace linalg {
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.eigvals", eigvals, "eigvals(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.eigvalsh", eigvalsh, "eigvalsh(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.matrix_sqrth", matrix_sqrth, "matrix_sqrth(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.cond", cond, "cond(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.pinv", pinv, "pinv(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.matrix_rank", matrix_rank, "matrix_rank(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.slogdet", slogdet, "slogdet(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.cholesky_ex", cholesky_ex, "cholesky_ex(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.inv_ex", inv_ex, "inv_ex(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.lu_factor", lu_factor, "lu_factor(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.ldl_factor", ldl_factor, "ldl_factor(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.polar", polar, "polar(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.lu_factor_ex", lu_factor_ex, "lu_factor_ex(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.ldl_factor_ex", ldl_factor_ex, "ldl_factor_ex(x)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.householder_product", householder_product, "householder_product(a, b)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.tensorsolve", tensorsolve, "tensorsolve(a, b)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.matrix_power", matrix_power, "matrix_power(x, n)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.solve_triangular", solve_triangular, "solve_triangular(a, b, upper, unitriangular = false)");
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.solve_ex", solve_ex, "solve_ex(a, b)");
LAZULI_TYPED_REFUSED_VALUES_IN(linalg, "linalg.tensorinv", tensorinv, "tensorinv<ind = 2>(x)", auto);
LAZULI_TYPED_REFUSED_IN(linalg, "linalg.multi_dot", multi_dot, "multi_dot(a, b..)");
LAZULI_TYPED_REFUSED_VALUES_IN(linalg, "linalg.cross", cross, "cross<dim = -1>(a, b)", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(linalg, "linalg.vecdot", vecdot, "vecdot<dim = -1>(a, b)", auto);
}  // namespace linalg

}  // namespace lazuli
