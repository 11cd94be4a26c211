#include "lazuli/backends/cpu/cpu.h"

namespace lazuli::cpu {

void register_kernels() {
  register_copy();
  register_unary();
  register_binary();
  register_ternary();
  register_fused();
  register_random();
  register_optimizer();
  register_reduce();
  register_scan();
  register_softmax();
  register_convolution();
  register_pooling();
  register_norm();
  register_recurrent();
  register_attention();
  register_indexing();
  register_sort();
  register_matmul();
  register_factorization();
  register_orthogonal();
  register_spectral();
  register_fft();
}

}  // namespace lazuli::cpu
