#include "tests/distributed/ranks.h"

using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

TEST_CASE("all_reduce of every dtype and layout, small and in pieces", "[.][ranks]") {
  Job job;
  const double n = ranks(), sum = n * (n + 1) / 2;
  for (DType dtype : {kFloat32, kFloat64, kFloat16, kBFloat16, kInt64, kInt32, kUInt8, kComplex64})
    for (int64_t size : {0, 1, 3, 1000, 5001}) {
      INFO(name(dtype) << " " << size);
      Tensor x = full({size}, double(rank() + 1), dtype);
      dist::all_reduce(x);
      REQUIRE(equal(x, full({size}, sum, dtype)));
    }
  Tensor columns = (arange(12) * (rank() + 1)).reshape({3, 4}).t();
  dist::all_reduce(columns);
  REQUIRE(equal(columns, (arange(12) * int64_t(sum)).reshape({3, 4}).t()));
  Tensor mean = full({4}, double(rank()));
  dist::all_reduce(mean, dist::ReduceOp::Mean);
  REQUIRE(equal(mean, full({4}, (n - 1) / 2)));
  Tensor greatest = full({2000}, double(rank())), least = greatest.clone(), product = full({3}, 2.0);
  dist::all_reduce(greatest, dist::ReduceOp::Max);
  dist::all_reduce(least, dist::ReduceOp::Min);
  dist::all_reduce(product, dist::ReduceOp::Product);
  REQUIRE(equal(greatest, full({2000}, n - 1)));
  REQUIRE(equal(least, zeros({2000})));
  REQUIRE(equal(product, full({3}, std::pow(2.0, n))));
  Tensor any = full({2}, rank() == 1, kBool);
  dist::all_reduce(any);
  REQUIRE(equal(any, ones({2}, kBool)));
}

TEST_CASE("halves are summed at float32", "[.][ranks]") {
  Job job;
  Tensor x = full({5000}, rank() == 0 ? 256.0 : 0.75, kBFloat16);  // in bfloat16 256 + 0.75 is 256 at every step
  dist::all_reduce(x);
  REQUIRE(equal(x, full({5000}, 256 + 0.75 * (ranks() - 1), kBFloat16)));
}

TEST_CASE("sums have the same bits on every rank, however tensors are put together", "[.][ranks]") {
  Job job;
  manual_seed(uint64_t(rank()) + 1);
  const Tensor own = randn({7001});
  Tensor whole = own.clone(), first = own.slice(0, 0, 3000).clone(), second = own.slice(0, 3000, 7001).clone();
  dist::all_reduce(whole);
  dist::all_reduce(first);
  dist::all_reduce(second);
  REQUIRE(same_everywhere(whole));
  REQUIRE(equal(whole, cat({first, second})));
}

TEST_CASE("what one rank has goes to others, and back", "[.][ranks]") {
  Job job;
  const int n = ranks(), me = rank();
  Tensor x = full({3}, double(me));
  dist::broadcast(x, n - 1);
  REQUIRE(equal(x, full({3}, double(n - 1))));

  const auto all = dist::all_gather(full({2}, double(me)));
  REQUIRE(all.size() == size_t(n));
  for (int r = 0; r < n; ++r) REQUIRE(equal(all[size_t(r)], full({2}, double(r))));
  Tensor joined = zeros({2 * n});
  dist::all_gather_into_tensor(joined, full({2}, double(me)));
  REQUIRE(equal(joined, arange(n, {.dtype = kFloat32}).repeat_interleave(2)));

  std::vector<Tensor> parts, received;
  for (int r = 0; r < n; ++r) {
    parts.push_back(full({r + 1}, double(10 * me + r)));
    received.push_back(zeros({me + 1}));
  }
  dist::all_to_all(received, parts);
  for (int r = 0; r < n; ++r) REQUIRE(equal(received[size_t(r)], full({me + 1}, double(10 * r + me))));

  Tensor mine = zeros({2});
  dist::reduce_scatter_tensor(mine, arange(2 * n, {.dtype = kFloat32}));
  REQUIRE(equal(mine, tensor({2.0 * me * n, (2.0 * me + 1) * n})));
  std::vector<Tensor> gathered = dist::gather(full({1}, double(me)), 1);
  REQUIRE(gathered.size() == (me == 1 ? size_t(n) : 0));
  if (me == 1) REQUIRE(gathered[0].item<float>() == 0);
  Tensor piece = zeros({2});
  dist::scatter(piece, me == 0 ? chunk(arange(2 * n, {.dtype = kFloat32}), n) : std::vector<Tensor>(), 0);
  REQUIRE(equal(piece, tensor({2.0 * me, 2.0 * me + 1})));
  Tensor total = full({2}, 1.0);
  dist::reduce(total, 0);
  REQUIRE(equal(total, full({2}, me == 0 ? double(n) : 1.0)));
  dist::barrier();
}

TEST_CASE("messages go around the ring, and overtake by tag", "[.][ranks]") {
  Job job;
  const int n = ranks(), me = rank(), right = (me + 1) % n, left = (me + n - 1) % n;
  Tensor first = zeros({4}), second = zeros({1000}, kInt64);
  dist::Work waiting = dist::irecv(second, left, {}, 2), also = dist::irecv(first, left, {}, 1);
  dist::Work a = dist::isend(full({4}, double(me)), right, {}, 1), b = dist::isend(full({1000}, me, kInt64), right, {}, 2);
  for (dist::Work* w : {&a, &b, &waiting, &also}) w->wait();
  REQUIRE(waiting.is_completed());
  REQUIRE(equal(first, full({4}, double(left))));
  REQUIRE(equal(second, full({1000}, left, kInt64)));
}

TEST_CASE("groups of some ranks", "[.][ranks]") {
  Job job;
  dist::ProcessGroup pair = dist::new_group({1, 0});
  REQUIRE(pair.contains_this() == (rank() < 2));
  if (rank() < 2) {
    REQUIRE(pair.rank() == 1 - rank());
    REQUIRE(pair.size() == 2);
    Tensor x = full({3}, double(rank()));
    dist::all_reduce(x, dist::ReduceOp::Sum, pair);
    REQUIRE(equal(x, ones({3})));
    dist::broadcast(x.fill_(rank()), 0, pair);
    REQUIRE(equal(x, ones({3})));  // the group's rank 0 is the world's 1
  } else {
    REQUIRE_THROWS_WITH(dist::all_reduce(ones({3}), dist::ReduceOp::Sum, pair), Contains("expected a group that this process is in"));
  }
}

TEST_CASE("ranks that call different things are told so, each of them", "[.][ranks]") {
  Job job;
  Tensor x = rank() == 0 ? ones({3}) : ones({4});
  REQUIRE_THROWS_WITH(dist::all_reduce(x),
                      Contains("all_reduce: expected the same call on every rank, got rank 0: all_reduce(float32 [3], sum), call 1; rank 1: "
                               "all_reduce(float32 [4], sum), call 1 (rank " +
                               std::to_string(rank()) + " of " + std::to_string(ranks()) + ")"));
  REQUIRE(x.sum().item<float>() == (rank() == 0 ? 3 : 4));
  Tensor y = ones({2});  // and the job goes on
  dist::all_reduce(y);
  REQUIRE(equal(y, full({2}, double(ranks()))));
}

TEST_CASE("parts, messages and groups that do not fit are told before they do harm", "[.][ranks]") {
  Job job;
  const size_t n = size_t(ranks());
  std::vector<Tensor> inputs(n, ones({2})), outputs(n, zeros({2}));
  if (rank() == 1) outputs[0] = zeros({3});
  REQUIRE(
      says(error_of([&] { dist::all_to_all(outputs, inputs); }), "all_to_all: argument 'outputs': expected 8 bytes from rank 0 on rank 1, got 12"));
  if (rank() == 0) dist::send(ones({2, 3}), 1);
  Tensor whole = zeros({6}, kInt32);
  if (rank() == 1)
    REQUIRE(says(error_of([&] { dist::recv(whole, 0); }), "recv: argument 'tensor': expected that of rank 0, float32 [2, 3], got int32 [6]"));
  REQUIRE(says(error_of([&] { dist::new_group({rank() == 1 ? 1 : 0}); }),
               "new_group: argument 'ranks': expected the same on every rank, as rank 0's [0], got [1] on rank 1"));
  Tensor y = ones({2});  // and the job goes on
  dist::all_reduce(y);
  REQUIRE(equal(y, full({2}, double(ranks()))));
}

TEST_CASE("gradients go back through sum_over_ranks", "[.][ranks]") {
  Job job;
  Tensor x = full({2}, double(rank() + 1)).requires_grad_();
  Tensor y = dist::sum_over_ranks(x * x);
  (y * double(rank() + 1)).sum().backward();
  const double n = ranks(), weights = n * (n + 1) / 2;
  REQUIRE(allclose(x.grad(), full({2}, 2.0 * (rank() + 1) * weights)));
}
