#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "tests/distributed/ranks.h"

// How a job ends in which a rank does not keep up: each is a run of its own, of which tests/distributed/endings.sh reads what every rank prints, and the exit status.
using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

namespace {

void tell_error_of(const std::function<void()>& f) {
  const int own = rank();
  const std::string text = error_of(f);
  std::cout << ("\nrank " + std::to_string(own) + ": " + text + "\n") << std::flush;  // after the colours of the tests' head
}
// What comes behind an Error: objects are destroyed, files written, before mpirun ends those that are left.
void tell_end() {
  const std::string own = "\nrank " + std::to_string(rank());
  dist::destroy_process_group();
  std::cout << (own + ": came to its end\n") << std::flush;
}
// All ranks are there until `before` has run on each.
void train_until(int the_rank, const std::function<void()>& ends) {
  Tensor x = ones({100000});
  for (int step = 0; step < 10000; ++step) {
    if (rank() == the_rank && step == 5) return ends();
    dist::all_reduce(x, dist::ReduceOp::Mean);
  }
}

}  // namespace

TEST_CASE("a rank that comes too late", "[.][ending][late]") {
  dist::init_process_group({.timeout = 1});
  if (rank() == 1) std::this_thread::sleep_for(std::chrono::seconds(3));
  tell_error_of([] { dist::barrier(); });
  tell_error_of([] { dist::all_reduce(ones({3})); });
}

TEST_CASE("a rank that never comes", "[.][ending][stuck]") {
  dist::init_process_group({.timeout = 1});
  if (rank() == 1) std::this_thread::sleep_for(std::chrono::hours(1));
  tell_error_of([] { dist::barrier(); });
}

TEST_CASE("a rank that dies", "[.][ending][dead]") {
  dist::init_process_group({.timeout = 1000});
  tell_error_of([] { train_until(1, [] { std::raise(SIGKILL); }); });
  tell_end();
}
TEST_CASE("rank 0 dies, over which the others hear of each other", "[.][ending][dead0]") {
  dist::init_process_group({.timeout = 1000});
  tell_error_of([] { train_until(0, [] { std::raise(SIGKILL); }); });
  tell_end();
}

TEST_CASE("a rank that ends early", "[.][ending][left]") {
  dist::init_process_group({.timeout = 1000});
  tell_error_of([] { train_until(1, [] { fail("train", "batch", "examples", "none"); }); });
}

TEST_CASE("ranks that disagree", "[.][ending][mismatch]") {
  dist::init_process_group({.timeout = 1000, .check = true});
  tell_error_of([] { dist::all_reduce(rank() == 1 ? ones({2, 3}) : ones({4})); });
  tell_error_of([] { dist::all_reduce(rank() == 1 ? ones({4}, kFloat64) : ones({4})); });
  tell_error_of([] { rank() == 1 ? dist::barrier() : dist::broadcast(ones({4}), 0); });
}
