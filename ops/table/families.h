#pragma once

/// The operator families, in the order in which their tables are read: one line for each file of ops/ that ends in `void register_<family>(OpTable& table)`.
#define LAZULI_OP_FAMILIES(X) \
  X(activation)               \
  X(arithmetic)               \
  X(async)                    \
  X(attention)                \
  X(bessel)                   \
  X(binary)                   \
  X(comparison)               \
  X(complex)                  \
  X(convolution)              \
  X(conversion)               \
  X(copy)                     \
  X(covariance)               \
  X(creation)                 \
  X(ctc_loss)                 \
  X(scan)                     \
  X(distance)                 \
  X(dropout)                  \
  X(einsum)                   \
  X(einops)                   \
  X(embedding)                \
  X(extremes)                 \
  X(fft)                      \
  X(finite_difference)        \
  X(foreach)                  \
  X(gather)                   \
  X(hash)                     \
  X(histogram)                \
  X(index_functions)          \
  X(indexing)                 \
  X(join)                     \
  X(layout)                   \
  X(loss)                     \
  X(margin_loss)              \
  X(cholesky)                 \
  X(eigen)                    \
  X(inverse)                  \
  X(ldl)                      \
  X(lobpcg)                   \
  X(lowrank)                  \
  X(lu)                       \
  X(matrix_function)          \
  X(matrix_norm)              \
  X(polar)                    \
  X(qr)                       \
  X(solve)                    \
  X(svd)                      \
  X(determinant)              \
  X(lstsq)                    \
  X(masked)                   \
  X(matmul)                   \
  X(vector_norm)              \
  X(multi_head_attention)     \
  X(normalization)            \
  X(padding)                  \
  X(pointwise_loss)           \
  X(polynomial)               \
  X(pooling)                  \
  X(products)                 \
  X(random)                   \
  X(recurrent)                \
  X(rearrange)                \
  X(reduction)                \
  X(resampling)               \
  X(scatter_reduce)           \
  X(shape)                    \
  X(folding)                  \
  X(softmax)                  \
  X(sort)                     \
  X(sparse)                   \
  X(special)                  \
  X(split)                    \
  X(statistics)               \
  X(stft)                     \
  X(symbolic)                 \
  X(ternary)                  \
  X(unary)                    \
  X(view)                     \
  X(windows)                  \
  X(aliases)

namespace lazuli {

class OpTable;

#define LAZULI_DECLARE_FAMILY(family) void register_##family(OpTable& table);
LAZULI_OP_FAMILIES(LAZULI_DECLARE_FAMILY)
#undef LAZULI_DECLARE_FAMILY

/// Adds all of them.
void register_families(OpTable& table);

}  // namespace lazuli
