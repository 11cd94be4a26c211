#include "lazuli/distributed/nccl_engine.h"

#include <dlfcn.h>

#include <cstdlib>
#include <iostream>

#include "lazuli/distributed/device_side.h"
#include "tests/distributed/ranks.h"
#include "tests/ops/bare_device.h"

using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

// The engine over NCCL with a stand-in for the library (tests/distributed/stand_in/nccl.cpp), for a device whose memory is the host's.
namespace {

struct StandIn {
  std::string file = std::string(std::getenv("LAZULI_BINARY_DIR")) + "/tests/stand_in/libnccl.so.2";
  void* library = dlopen(file.c_str(), RTLD_NOW);
  StandIn() {
    setenv("LAZULI_NCCL_LIBRARY", file.c_str(), 1);
    REQUIRE(library);
  }
  ~StandIn() { unsetenv("LAZULI_NCCL_LIBRARY"); }
  int number(const char* name) const { return reinterpret_cast<int (*)()>(dlsym(library, name))(); }
  int calls() const { return number("stand_in_nccl_calls"); }
  int alive() const { return number("stand_in_nccl_alive"); }
};

/// Lent to a process group, so that the tests keep it.
struct Lent : dist::Engine {
  std::shared_ptr<dist::Engine> engine = dist::nccl_engine(dist::mpi_engine(), test::bare().type);
  const char* name() const override { return engine->name(); }
  dist::Communicator& world() override { return engine->world(); }
  void finish() override { engine->finish(); }
  void abort(int status) override { engine->abort(status); }
};
struct NcclJob {
  NcclJob() { dist::init_process_group(std::make_unique<Lent>(), {.timeout = 60, .check = true}); }
  ~NcclJob() { dist::destroy_process_group(); }
};

Tensor own(int64_t count) { return arange(count).to(kFloat32) + double(rank()); }

}  // namespace

TEST_CASE("tensors on a device travel over NCCL", "[.][ranks]") {
  const StandIn nccl;
  NcclJob job;
  REQUIRE(dist::get_backend() == "nccl");
  const Device device = test::bare();
  const int64_t n = ranks();
  for (int64_t count : {3, 4001}) {  // all at once, and in pieces that are not equal
    CAPTURE(count);
    int before = nccl.calls();
    Tensor x = own(count).to(device);
    dist::all_reduce(x, dist::ReduceOp::Mean);
    REQUIRE(allclose(x.to(kCPU), arange(count).to(kFloat32) + (double(n) - 1) / 2));
    REQUIRE(nccl.calls() > std::exchange(before, nccl.calls()));
    x = own(count).to(device);
    dist::broadcast(x, 1);
    REQUIRE(equal(x.to(kCPU), arange(count).to(kFloat32) + 1.0));
    REQUIRE(nccl.calls() > std::exchange(before, nccl.calls()));
    const Tensor all = zeros({n, count}, {.device = device});
    dist::all_gather_into_tensor(all, own(count).to(device));
    for (int64_t r = 0; r < n; ++r) REQUIRE(equal(all[r].to(kCPU), arange(count).to(kFloat32) + double(r)));
    REQUIRE(nccl.calls() > std::exchange(before, nccl.calls()));
    const Tensor part = zeros({count}, {.device = device});
    dist::reduce_scatter_tensor(part, all);
    REQUIRE(allclose(part.to(kCPU), own(count) * double(n)));
    REQUIRE(nccl.calls() > std::exchange(before, nccl.calls()));
    // What is on the host stays there.
    Tensor host = own(count);
    dist::all_reduce(host);
    REQUIRE(nccl.calls() == before);
  }
  REQUIRE(nccl.alive() == 1);
}

TEST_CASE("a group of some ranks has an NCCL communicator of its own", "[.][ranks]") {
  const StandIn nccl;
  {
    NcclJob job;
    const dist::ProcessGroup last_first = dist::new_group({ranks() - 1, 0});
    Tensor x = own(5).to(test::bare());
    if (last_first.contains_this()) {
      dist::broadcast(x, 0, last_first);
      REQUIRE(equal(x.to(kCPU), arange(5).to(kFloat32) + double(ranks() - 1)));
    }
    dist::all_reduce(x);
    REQUIRE(nccl.alive() == 1 + last_first.contains_this());
  }
  REQUIRE(nccl.alive() == 1);  // that of the engine
}

// STAND_IN_NCCL_FAILS says what: tests/distributed/endings.sh.
TEST_CASE("what NCCL cannot do is an Error with its words", "[.][ending][nccl]") {
  const StandIn nccl;
  dist::init_process_group(std::make_unique<Lent>());
  const int here = rank();
  const std::string text = error_of([] { dist::broadcast(own(5).to(test::bare()), 0); });
  std::cout << ("\nrank " + std::to_string(here) + ": " + text + "\n") << std::flush;
}
