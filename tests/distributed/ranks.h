#pragma once
#include "lazuli/distributed/distributed.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

/// Cases tagged [ranks] run in every process of `mpirun -np N lazuli_tests "[ranks]"`, in the same order; ctest starts them with 2 and with 4. A rank whose checks fail leaves the
/// others waiting, for no longer than the timeout.
namespace ranks_test {

struct Job {
  explicit Job(double timeout = 60, bool check = true) { lazuli::distributed::init_process_group({.timeout = timeout, .check = check}); }
  ~Job() { lazuli::distributed::destroy_process_group(); }
};

inline int rank() { return lazuli::distributed::get_rank(); }
inline int ranks() { return lazuli::distributed::get_world_size(); }

/// Whether all ranks hold the same bits.
inline bool same_everywhere(const lazuli::Tensor& t) {
  bool same = true;
  for (const lazuli::Tensor& other : lazuli::distributed::all_gather(t.detach())) same &= lazuli::equal(other, t.detach());
  return same;
}

}  // namespace ranks_test
