#include "lazuli/distributed/engine.h"
#include "tests/distributed/ranks.h"

using namespace lazuli;
namespace dist = lazuli::distributed;

TEST_CASE("a process alone is a world of one, where every operation gives back what it got", "[distributed]") {
  dist::init_process_group({.backend = "local"});
  struct End {
    ~End() { dist::destroy_process_group(); }
  } end;
  REQUIRE(dist::is_initialized());
  REQUIRE(dist::get_rank() == 0);
  REQUIRE(dist::get_world_size() == 1);
  REQUIRE(dist::get_backend() == "local");
  Tensor x = arange(6).reshape({2, 3}), y = zeros({2, 3}, kInt64);
  dist::all_reduce(x);
  REQUIRE(equal(x, arange(6).reshape({2, 3})));
  REQUIRE(equal(dist::all_gather(x)[0], x));
  dist::all_to_all_single(y, x);
  REQUIRE(equal(y, x));
  dist::reduce_scatter_tensor(y, x * 2);
  REQUIRE(equal(y, x * 2));
  dist::Work sent = dist::isend(x, 0);
  dist::recv(y, 0);
  sent.wait();
  REQUIRE(equal(y, x));
  REQUIRE(dist::broadcast_text("hello") == "hello");

  nn::Linear net(3, 2);
  dist::DistributedDataParallel ddp(net);
  ddp(randn({4, 3})).sum().backward();
  REQUIRE(net.weight.grad().defined());
}

TEST_CASE("a group that is not there, or there already, is an Error", "[distributed]") {
  REQUIRE_THROWS_WITH(dist::get_rank(), "get_rank: expected a process group, got none; init_process_group() begins one");
  REQUIRE_THROWS_WITH(dist::all_reduce(ones({2})), Contains("init_process_group() begins one"));
  REQUIRE_THROWS_WITH(dist::init_process_group({.backend = "gloo"}),
                      "init_process_group: argument 'backend': expected \"mpi\", \"nccl\" or \"local\", got \"gloo\"");
  REQUIRE_THROWS_WITH(dist::init_process_group({.timeout = 0}), Contains("timeout"));
  REQUIRE_FALSE(dist::is_initialized());
  dist::destroy_process_group();
  dist::init_process_group({.backend = "local"});
  REQUIRE_THROWS_WITH(dist::init_process_group(), Contains("expected no group of this process"));
  REQUIRE_THROWS_WITH(dist::new_group({0, 0}), "new_group: argument 'ranks': expected each rank once, got 0 twice");
  REQUIRE_THROWS_WITH(dist::new_group({1}), Contains("ranks below 1"));
  dist::destroy_process_group();
  REQUIRE_FALSE(dist::is_initialized());
}

TEST_CASE("arguments that do not fit are refused before anything is sent", "[distributed]") {
  dist::init_process_group({.backend = "local"});
  struct End {
    ~End() { dist::destroy_process_group(); }
  } end;
  REQUIRE_THROWS_WITH(dist::all_reduce(Tensor()), Contains("all_reduce: argument 'tensor'"));
  REQUIRE_THROWS_WITH(dist::all_reduce(ones({2}, kInt64), dist::ReduceOp::Mean), "all_reduce: argument 'op': expected a sum for int64, got mean");
  REQUIRE_THROWS_WITH(dist::all_reduce(ones({2}, kComplex64), dist::ReduceOp::Max), Contains("values with an order"));
  REQUIRE_THROWS_WITH(dist::broadcast(ones({2}), 1), "broadcast: argument 'src': expected a rank of the group, below 1, got 1");
  REQUIRE_THROWS_WITH(dist::all_gather_into_tensor(ones({3}), ones({2})), Contains("expected 2 elements, got 3"));
  REQUIRE_THROWS_WITH(dist::reduce_scatter(ones({2}), {}), Contains("one tensor for each of the 1 ranks"));
  REQUIRE_THROWS_WITH(dist::send(ones({2}), 0, {}, -1), Contains("argument 'tag'"));
}

namespace {
/// An engine whose operations never become complete, or fail.
class Stuck : public dist::Engine, public dist::Communicator {
 public:
  explicit Stuck(bool fails) : fails_(fails) {}
  struct Never : dist::Operation {
    bool fails;
    explicit Never(bool f) : fails(f) {}
    bool done() override {
      if (fails) throw std::runtime_error("the cable is out");
      return false;
    }
  };
  dist::Started never() { return std::make_unique<Never>(fails_); }
  const char* name() const override { return "stuck"; }
  dist::Communicator& world() override { return *this; }
  void finish() override {}
  void abort(int) override {}
  int rank() const override { return 0; }
  int size() const override { return 2; }
  dist::Started broadcast(void*, size_t, int) override { return never(); }
  dist::Started all_gather(const void*, void*, size_t) override { return never(); }
  dist::Started all_to_all(const void*, const std::vector<size_t>&, void*, const std::vector<size_t>&) override { return never(); }
  dist::Started gather(const void*, void*, size_t, int) override { return never(); }
  dist::Started scatter(const void*, void*, size_t, int) override { return never(); }
  dist::Started barrier() override { return never(); }
  dist::Started send(const void*, size_t, int, int) override { return never(); }
  dist::Started receive(void*, size_t, int, int) override { return never(); }
  std::unique_ptr<dist::Communicator> split(const std::vector<int>&) override { return nullptr; }

 private:
  bool fails_;
};
}  // namespace

TEST_CASE("what does not become complete is an Error with rank and operation, and the group's end", "[distributed]") {
  dist::init_process_group(std::make_unique<Stuck>(false), {.timeout = 0.05});
  Tensor x = ones({3});
  dist::Work first = dist::broadcast_async(x, 0), second = dist::broadcast_async(x, 0);
  REQUIRE_THROWS_WITH(first.wait(), "broadcast: expected every rank to take part within 0.05 s, got no answer (rank 0 of 2)");
  REQUIRE_THROWS_WITH(second.wait(), Contains("broadcast that the other ranks did not join within 0.05 s (rank 0 of 2)"));
  REQUIRE_THROWS_WITH(dist::barrier(), Contains("barrier: expected a group whose operations all became complete, got broadcast that"));
  dist::destroy_process_group();

  dist::init_process_group(std::make_unique<Stuck>(true));
  REQUIRE_THROWS_WITH(dist::all_reduce(x), "all_reduce: expected an operation that becomes complete, got the cable is out (rank 0 of 2)");
  dist::destroy_process_group();
}
