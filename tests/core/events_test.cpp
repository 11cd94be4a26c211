#include "lazuli/core/slots/events.h"

#include <thread>

#include "lazuli/core/factory.h"
#include "lazuli/core/memory/memory.h"
#include "lazuli/lazuli.h"
#include "tests/core/trace.h"
#include "tests/errors.h"
#include "tests/ops/bare_device.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
Tensor row(std::vector<float> values) {
  const int64_t n = int64_t(values.size());
  return from_vector(std::move(values), {n});
}
}  // namespace

TEST_CASE("a listener sees each slot call with its arguments", "[core][events]") {
  const Tensor a = row({1, 2, 3}), b = row({4, 5, 6});
  Tensor out = new_tensor({3}, kFloat32);
  struct : EventListener {
    int calls = 0;
    void call_begins(const SlotCall& call) override {
      ++calls;
      if (&call.slot == &binary_kernel) {
        REQUIRE(call.arguments.size() == 5);
        CHECK(call.arguments[0].kind() == SlotArgument::Kind::Code);
        CHECK(call.arguments[0].code_name() == "Mul");
        CHECK(*call.arguments[0].as<BinaryOp>() == BinaryOp::Mul);
        CHECK(call.arguments[0].as<UnaryOp>() == nullptr);
        CHECK(call.arguments[1].kind() == SlotArgument::Kind::Output);
        CHECK(call.arguments[1].tensors()[0].is_same(*written));
        CHECK(call.arguments[3].kind() == SlotArgument::Kind::Input);
        CHECK(call.arguments[4].as<Params>()->p1 == 2.5);
        CHECK_THROWS_AS(call.arguments[3].real(), Error);
      } else if (&call.slot == &random_kernel) {
        CHECK(call.arguments[3].real() == 7);
        CHECK(call.arguments[4].address() == state);
      } else if (&call.slot == &sgd_kernel) {
        CHECK(call.arguments[2].tensors().size() == 1);
        CHECK_FALSE(call.arguments[2].tensors()[0].defined());
        std::string members;
        call.arguments[3].for_each_member(
            [&](const char* name, const Scalar& value) { members += std::string(name) + "=" + to_string(value) + " "; });
        CHECK(members == "lr=0.5 momentum=0 dampening=0 weight_decay=0 nesterov=false maximize=true first_step=false ");
        CHECK(call.arguments[3].as<SgdOptions>() == options);
      }
    }
    const Tensor* written = nullptr;
    const void* state = nullptr;
    const SgdOptions* options = nullptr;
  } listener;
  const PhiloxState state{3, 4};
  const SgdOptions options{.lr = 0.5, .maximize = true};
  listener.written = &out, listener.state = &state, listener.options = &options;
  {
    const Listening listening(listener);
    binary_kernel(kCPU, BinaryOp::Mul, out, a, b, {0, 2.5});
    Tensor none, random = new_tensor({4}, kFloat32), parameter = row({1, 2, 3});
    random_kernel(kCPU, RandomOp::Uniform, random, 0, 7, state);
    sgd_kernel(kCPU, parameter, a, none, options);
  }
  binary_kernel(kCPU, BinaryOp::Mul, out, a, b, {});
  CHECK(listener.calls == 3);
}

TEST_CASE("fallbacks and composites show the calls that they make", "[core][events]") {
  const Device device = bare();
  const Tensor x = from_vector(std::vector<float>{3, 1, 2, 4, 6, 5}, {2, 3}).to(device);
  Tensor values = new_tensor({2, 2}, kFloat32, device), places = new_tensor({2, 2}, kInt64, device), truth = new_tensor({2, 3}, kBool, device);
  set_missing_kernel_policy(MissingKernel::FallBackToCpu);
  Trace trace;
  {
    const Listening listening(trace);
    topk_kernel(device, values, places, x, 1, true);
  }
  CHECK(trace.text == R"(topk(out float32[2, 2], out int64[2, 2], float32[2, 3], 1, true) on bare:0 by a composite
  topk(out float32[2, 2], out int64[2, 2], float32[2, 3], 1, true) on bare:0 by the CPU
    16 bytes from bare:0 to cpu
    32 bytes from bare:0 to cpu
    24 bytes from bare:0 to cpu
    topk(out float32[2, 2], out int64[2, 2], float32[2, 3], 1, true) on cpu
    16 bytes from cpu to bare:0
    32 bytes from cpu to bare:0
)");
}

TEST_CASE("what begins ends, whatever is thrown", "[core][events]") {
  static Kernel<void(Tensor & out, int64_t depth)> slot{"slot_that_throws"};
  slot.set(DeviceType::CPU, [](Tensor& out, int64_t depth) {
    if (depth == 0) fail(ErrorKind::State, "slot_that_throws", "", "anything else", "this");
    slot(kCPU, out, depth - 1);
  });
  Tensor out = new_tensor({1}, kFloat32);
  Trace outer, inner;
  const Listening first(outer), second(inner);
  CHECK_THROWS_AS(slot(kCPU, out, 2), Error);
  const std::string expected = R"(slot_that_throws(out float32[1], 2) on cpu
  slot_that_throws(out float32[1], 1) on cpu
    slot_that_throws(out float32[1], 0) on cpu
    threw
  threw
threw
)";
  CHECK(outer.text == expected);
  CHECK(inner.text == expected);
  CHECK(outer.depth == 0);

  // A listener that refuses: the call does not take place, and those that were told so far are told its end.
  struct Refusing : EventListener {
    void call_begins(const SlotCall&) override { fail(ErrorKind::State, "listener", "", "no calls", "one"); }
    void call_ends(const SlotCall&, bool) noexcept override { ++ends; }
    int ends = 0;
  } refusing;
  Trace newest;
  {
    const Listening third(refusing), fourth(newest);
    CHECK(says(error_of([&] { fill_kernel(kCPU, out, 3); }), "expected no calls"));
  }
  CHECK(newest.text == "fill(out float32[1], 3) on cpu\nthrew\n");
  CHECK(refusing.ends == 0);
  CHECK(outer.text == expected);
}

TEST_CASE("several listen, each to its thread; what a listener does itself is not told", "[core][events]") {
  struct Nosy : EventListener {
    void call_begins(const SlotCall& call) override {
      ++calls;
      if (call.device.is_cpu()) sum += (call.arguments[0].tensors()[0] + 1).numel();
    }
    int calls = 0;
    int64_t sum = 0;
  } nosy;
  Trace late;
  Tensor out = new_tensor({2}, kFloat32);
  {
    const Listening listening(nosy);
    fill_kernel(kCPU, out, 1);
    std::thread([&] { fill_kernel(kCPU, out, 2); }).join();
    const Listening more(late);
    fill_kernel(kCPU, out, 3);
  }
  CHECK(nosy.calls == 2);
  CHECK(nosy.sum == 4);
  CHECK(late.text == "fill(out float32[2], 3) on cpu\n");
}

TEST_CASE("one that comes in the middle of a call is not told its end", "[core][events]") {
  static Trace trace;
  static std::unique_ptr<Listening> listening;
  static Kernel<void(Tensor & out)> slot{"slot_that_listens"};
  slot.set(DeviceType::CPU, [](Tensor& out) {
    listening = std::make_unique<Listening>(trace);
    fill_kernel(kCPU, out, 1);
  });
  Tensor out = new_tensor({2}, kFloat32);
  Trace around;
  {
    const Listening first(around);
    slot(kCPU, out);
    listening.reset();
  }
  CHECK(trace.text == "fill(out float32[2], 1) on cpu\n");
  CHECK(trace.depth == 0);
  CHECK(around.depth == 0);
}

TEST_CASE("memory, transfers, reads of values and host loops are told", "[core][events]") {
  const Device device = bare();
  struct Counting : EventListener {
    void transfer_begins(const Transfer& t) override { ++begun, bytes += t.bytes; }
    void transfer_ends(const Transfer&) noexcept override { ++ended; }
    void value_read(const Tensor&) override { ++reads; }
    void host_loop(std::string_view function, Device on) override { loop = std::string(function) + " " + to_string(on); }
    void allocated(const Allocation& m) noexcept override { live += m.bytes, ++blocks; }
    void freed(const Allocation& m) noexcept override { live -= m.bytes; }
    int begun = 0, ended = 0, reads = 0, blocks = 0;
    int64_t bytes = 0, live = 0;
    std::string loop;
  } counting;
  {
    const Listening listening(counting);
    {
      const Tensor x = row({1, 2, 3}).to(device);
      CHECK(counting.begun == 1);
      CHECK(counting.bytes == 12);
      CHECK(x.select(0, 1).item<float>() == 2);
      CHECK(counting.bytes == 16);
      CHECK(counting.reads == 1);
      CHECK(x.to_vector<float>() == std::vector<float>{1, 2, 3});
      CHECK(counting.reads == 2);
      CHECK(counting.live >= 12);
    }
    count_host_loop("some_function", kCPU);
    CHECK(counting.loop == "some_function cpu");
  }
  CHECK(counting.begun == counting.ended);
  CHECK(counting.live == 0);
  CHECK(counting.blocks > 1);
}

TEST_CASE("a slot that nobody can serve is an error", "[core][events]") {
  static Kernel<void(Tensor & out, const Tensor&in)> nobody{"slot_of_nobody"}, narrow{"slot_of_float32"}, composed{"slot_by_others"};
  Tensor single = new_tensor({1}, kFloat32), wide = new_tensor({1}, kFloat64);
  CHECK(says(error_of([&] { nobody(kCPU, single, single); }),
             "slot_of_nobody: argument 'device': expected a device with this kernel, got float32 on cpu"));
  CHECK(says(error_of([&] { nobody(bare(), single, single); }), "got float32 on bare"));
  narrow.set(DeviceType::CPU, [](Tensor& out, const Tensor& in) { fill_kernel(kCPU, out, in.item()); }, {kFloat32});
  single.fill_(2);
  narrow(kCPU, single, single);
  CHECK(says(error_of([&] { narrow(kCPU, single, wide); }), "slot_of_float32: argument 'dtype': expected one of float32, got float64 on cpu"));
  const Tensor there = new_tensor({1}, kFloat64, bare());
  Tensor result = new_tensor({1}, kFloat32, bare());
  CHECK(says(error_of([&] { narrow(bare(), result, there); }), "expected one of float32, got float64 on bare"));
  composed.set_composite([](Tensor& out, const Tensor& in) { copy_kernel(out.device(), out, in); });
  composed(kCPU, wide, single);
  CHECK(wide.item<double>() == 2);
}

TEST_CASE("a guard has the CPU run composites, to be held against its kernels", "[core][events]") {
  const Tensor x = from_vector(std::vector<float>{1, 2, 3, -1, 0, 1}, {2, 3}), plain = softmax(x, 1);
  Trace trace;
  {
    const ComposeGuard composing;
    const Listening listening(trace);
    const Tensor composed = softmax(x, 1);
    for (int64_t i = 0; i < 6; ++i) CHECK(composed.to_vector<float>()[size_t(i)] == Approx(plain.to_vector<float>()[size_t(i)]));
    CHECK(sum(x * x, 0).to_vector<float>() == std::vector<float>{2, 4, 10});
    Tensor whole = new_tensor({2, 3}, kInt64);
    CHECK_THROWS_AS(softmax_kernel(kCPU, whole, whole, 1, false), Error);  // declined by the composite, refused by the kernel
  }
  CHECK(says(trace.text, "softmax(out float32[2, 3], float32[2, 3], 1, false) on cpu by a composite"));
  CHECK(says(trace.text, "  unary(Exp, "));
  CHECK(trace.depth == 0);
  Trace after;
  const Listening listening(after);
  softmax(x, 1);
  CHECK(after.text == "softmax(out float32[2, 3], float32[2, 3], 1, false) on cpu\n");
}

TEST_CASE("forgetting the counts of kernels does not bring the warning back", "[core][events]") {
  static Kernel<void(Tensor & out)> slot{"slot_that_warns"};
  slot.set(DeviceType::CPU, [](Tensor& out) { fill_kernel(kCPU, out, 5); });
  Tensor out = new_tensor({1}, kFloat32, bare());
  slot(bare(), out);
  CHECK(out.item<float>() == 5);
  CHECK(counts_of("slot_that_warns").cpu == 1);
  CHECK(slot.warned);
  reset_kernel_counts();
  CHECK(counts_of("slot_that_warns").cpu == 0);
  CHECK(slot.warned);
}
