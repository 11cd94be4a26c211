#pragma once
#include "lazuli/core/kernel.h"

/// The slots of linear algebra beside matmul. core/slots.h tells what holds for all slots.
///
/// A matrix of m rows and n columns is stored by columns, one after another: tensors of matrices have sizes [batch, m, n] and strides [m n, 1, m]; those of vectors, [batch, k], are
/// contiguous. None is without elements. dtypes float32, float64, complex64 and complex128, and float32 or float64 for what is real of them. info (int32) [batch] says how each matrix went, 0 well.
namespace [[gnu::visibility("default")]] lazuli {

// a [b, n, n] becomes L with a = L L^H, or (upper) L^H, zeros elsewhere, from that triangle of it. info: the order of the leading minor that is not positive.
inline constinit Kernel<void(Tensor& a, Tensor& info, bool upper)> cholesky_kernel{"cholesky"};
// a [b, m, n] becomes L (ones on the diagonal left out) and U with row i exchanged with row pivots[i] (int32, from 1 on) for i = 0, 1, ... info: the first zero on U's diagonal, from 1 on.
inline constinit Kernel<void(Tensor& a, Tensor& pivots, Tensor& info)> lu_kernel{"lu"};
// b [b, n, k] becomes x with a x = b (adjoint: a^H x = b) for such factors of a [b, n, n].
inline constinit Kernel<void(Tensor& b, const Tensor& lu, const Tensor& pivots, bool adjoint)> lu_solve_kernel{"lu_solve"};
// b becomes x with a x = b, or (left false) x a = b, for a triangular a, of which the rest is not read, nor (unit) the diagonal of ones.
inline constinit Kernel<void(Tensor& b, const Tensor& a, bool upper, bool left, bool unit)> triangular_solve_kernel{"triangular_solve"};
// a [b, n, n], of which the lower triangle is read, becomes L and D of L D L^T (hermitian: L D L^H), pivots (int32) [b, n], as LAPACK's sytrf and hetrf store them. info: a zero block of D.
inline constinit Kernel<void(Tensor& a, Tensor& pivots, Tensor& info, bool hermitian)> ldl_kernel{"ldl"};
// b [b, n, k] becomes x with a x = b for such factors.
inline constinit Kernel<void(Tensor& b, const Tensor& ld, const Tensor& pivots, bool hermitian)> ldl_solve_kernel{"ldl_solve"};

// a [b, m, n] becomes R in its upper triangle and below it, with tau [b, min(m, n)], the reflections I - tau v v^H whose product is Q.
inline constinit Kernel<void(Tensor& a, Tensor& tau)> qr_kernel{"qr"};
// a [b, m, n], m >= n, becomes the first n columns of the product of the k <= n reflections in its first columns.
inline constinit Kernel<void(Tensor& a, const Tensor& tau)> householder_product_kernel{"householder_product"};
// c becomes q c, or (left false) c q, for that product q, or (adjoint) its adjoint, of those in a [b, m, ..].
inline constinit Kernel<void(Tensor& c, const Tensor& a, const Tensor& tau, bool left, bool adjoint)> reflect_kernel{"reflect"};

// Of a Hermitian a [b, n, n], read in one triangle: values [b, n], real and ascending, and a becomes the eigenvectors (vectors false: anything). Here and below info is -1 for infinities or NaN in a.
inline constinit Kernel<void(Tensor& a, Tensor& values, Tensor& info, bool upper, bool vectors)> eigh_kernel{"eigh"};
// Of any a [b, n, n], which is overwritten: complex values [b, n] and vectors [b, n, n] (or undefined), each of norm 1.
inline constinit Kernel<void(Tensor& a, Tensor& values, Tensor& vectors, Tensor& info)> eig_kernel{"eig"};
// Of a [b, m, n], which is overwritten: s [b, k] descending, u [b, m, k or m], vh [b, k or n, n], k = min(m, n). u and vh undefined: values only.
inline constinit Kernel<void(Tensor& a, Tensor& u, Tensor& s, Tensor& vh, Tensor& info)> svd_kernel{"svd"};

enum class LstsqDriver : uint8_t { Gels, Gelsy, Gelsd, Gelss };
inline std::string_view name(LstsqDriver driver) {
  constexpr std::string_view names[] = {"gels", "gelsy", "gelsd", "gelss"};
  return names[int(driver)];
}
// b [b, max(m, n), k] becomes, in its first n rows, the x of least |a x - b| for a [b, m, n], which is overwritten, and below them what is left over, where a has full rank. rank (int64) [b] of all but
// Gels, values [b, min(m, n)] of Gelsd and Gelss, with those up to rcond times the greatest as 0.
inline constinit Kernel<void(Tensor& b, Tensor& a, Tensor& rank, Tensor& values, Tensor& info, LstsqDriver driver, double rcond)> lstsq_kernel{
    "lstsq"};

}  // namespace lazuli
