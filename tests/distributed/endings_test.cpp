#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "tests/distributed/ranks.h"

// How a job ends in which a rank does not keep up: each is a run of its own (tests/CMakeLists.txt), which looks at what is printed and at the exit status.
using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

TEST_CASE("a rank that comes too late", "[.][late]") {
  dist::init_process_group({.timeout = 1});
  if (rank() == 1) std::this_thread::sleep_for(std::chrono::seconds(20));  // ended long before, with the job
  try {
    dist::barrier();
  } catch (const Error& error) { std::cout << "rank " << rank() << " waits no longer: " << error.what() << std::endl; }
}

TEST_CASE("a rank that dies", "[.][dead]") {
  dist::init_process_group({.timeout = 30});
  Tensor x = ones({100000});
  for (int step = 0; step < 10000; ++step) {
    if (rank() == 1 && step == 5) std::raise(SIGKILL);
    dist::all_reduce(x, dist::ReduceOp::Mean);
  }
}
