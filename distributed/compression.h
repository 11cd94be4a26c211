#pragma once
#include "lazuli/distributed/data_parallel.h"

/// Hooks for `register_comm_hook` that send less than all bits of a gradient.
namespace lazuli::distributed {

/// Half the bytes: gradients travel as bfloat16 (float16), and are summed at float32.
CommunicationHook bf16_compress_hook();
CommunicationHook fp16_compress_hook();

/// Of each bucket only the share `ratio` of the elements that are largest; what was not sent is added to the next step's gradients (error feedback).
/// Stich, Cordonnier and Jaggi, "Sparsified SGD with memory", 2018. Throws Error for a ratio outside (0, 1].
CommunicationHook top_k_hook(double ratio);

struct PowerSgdOptions {
  int64_t matrix_approximation_rank = 1;
  int64_t start_powerSGD_iter = 10;  // backwards before, whole gradients are sent
  uint64_t seed = 0;                 // of the first approximation, the same on all ranks

  static constexpr auto members() {
    return Members{member("matrix_approximation_rank", &PowerSgdOptions::matrix_approximation_rank, {.least = 1}),
                   member("start_powerSGD_iter", &PowerSgdOptions::start_powerSGD_iter, {.least = 0})};
  }
};
/// Gradients of two and more dimensions, as matrices M, travel as P Q^T of low rank, with error feedback; others whole.
/// Vogels, Karimireddy and Jaggi, "PowerSGD: Practical low-rank gradient compression for distributed optimization", 2019.
CommunicationHook power_sgd_hook(const PowerSgdOptions& options = {});

}  // namespace lazuli::distributed
