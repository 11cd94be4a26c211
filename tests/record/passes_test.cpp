#include "lazuli/record/passes.h"

#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/record/runner.h"
#include "lazuli/tests/backends/fused_program.h"

using namespace lazuli;
using namespace lazuli::recording;
using namespace lazuli::test;

namespace {

// A list that is written by hand.
struct Writer {
  StepList list;

  BufferView input(const Shape& sizes, DType t = kFloat32) {
    BufferView v = list.add_temporary(sizes, t, kCPU);
    list.buffers.back().role = BufferRole::Input;
    list.buffers.back().input = int32_t(list.inputs.size());
    list.inputs.push_back(v);
    return v;
  }
  BufferView temporary(const Shape& sizes, DType t = kFloat32) { return list.add_temporary(sizes, t, kCPU); }
  void returns(const BufferView& v) {
    list.buffers[size_t(v.buffer)].role = BufferRole::Output;
    list.outputs.push_back(v);
  }
  template <class Slot, class... A>
  void call(Slot& slot, A... arguments) {
    std::vector<CallArgument> all;
    (all.push_back(std::move(arguments)), ...);
    list.calls.push_back(ListedCall::of(*slot_type(slot), kCPU, std::move(all)));
  }
  void unary(UnaryOp op, const BufferView& to, const BufferView& a) {
    call(unary_kernel, CallArgument::of(op), CallArgument::output(to), CallArgument::input(a), CallArgument::of(Params{0.5, 1.5}));
  }
  void binary(BinaryOp op, const BufferView& to, const BufferView& a, const BufferView& b) {
    call(binary_kernel, CallArgument::of(op), CallArgument::output(to), CallArgument::input(a), CallArgument::input(b), CallArgument::of(Params()));
  }
  void with_number(BinaryOp op, const BufferView& to, const BufferView& a, double number) {
    call(binary_number_kernel, CallArgument::of(op), CallArgument::output(to), CallArgument::input(a), CallArgument::of(Scalar(number)),
         CallArgument::of(false));
  }
  void copy(const BufferView& to, const BufferView& a) { call(copy_kernel, CallArgument::output(to), CallArgument::input(a)); }
  void fill(const BufferView& to, double number) { call(fill_kernel, CallArgument::output(to), CallArgument::of(Scalar(number))); }
  void reduce(ReduceOp op, const BufferView& to, const BufferView& a) {
    call(reduce_kernel, CallArgument::of(op), CallArgument::output(to), CallArgument::input(a));
  }
  void matmul(const BufferView& to, const BufferView& a, const BufferView& b, const BufferView& bias = {}) {
    call(matmul_kernel, CallArgument::output(to), CallArgument::input(a), CallArgument::input(b), CallArgument::input(bias), CallArgument::of(0.0),
         CallArgument::of(1.0));
  }
  void softmax(const BufferView& to, const BufferView& a) {
    call(softmax_kernel, CallArgument::output(to), CallArgument::input(a), CallArgument::of(int64_t(1)), CallArgument::of(false));
  }
};

std::vector<Tensor> run(StepList list, const std::vector<Tensor>& inputs) {
  Runner runner(std::move(list), {});
  runner.run(inputs);
  return runner.run(inputs);  // what a run leaves behind makes no difference to the next
}

std::vector<Tensor> numbers_for(const StepList& list, uint32_t seed) {
  std::vector<Tensor> inputs;
  for (const BufferView& v : list.inputs) inputs.push_back(random(v.sizes, v.dtype, Spacing::Contiguous, 1, seed++));
  return inputs;
}

// Calls at random on values of one size: pointwise, in place, on parts, with another kind of call among them.
StepList random_list(std::mt19937& bits, bool reductions) {
  Writer w;
  const Shape sizes{6, 50}, row{1, 50};
  std::vector<BufferView> values{w.input(sizes), w.input(sizes), w.input(sizes)};
  BufferView wide = values.back();
  wide.sizes = sizes;
  wide.strides = {0, 1};  // its first row everywhere
  values.push_back(wide);
  std::vector<BufferView> results;
  const auto any = [&] { return bits() % 2 ? values.back() : values[bits() % values.size()]; };
  const auto target = [&] {
    if (bits() % 5 == 0)
      for (int tries = 0; tries < 5; ++tries)
        if (const BufferView v = any(); w.list.buffers[size_t(v.buffer)].role == BufferRole::Temporary) return v;
    if (bits() % 6 == 0) {  // columns of a wider tensor
      BufferView v = w.temporary({6, 60});
      v.sizes = sizes;
      v.offset = 4;
      return v;
    }
    return w.temporary(sizes);
  };
  for (int i = 0, count = 5 + int(bits() % 25); i < count; ++i) {
    BufferView to = target();
    switch (bits() % 10) {
      case 0:
      case 1: w.unary(std::vector{UnaryOp::Relu, UnaryOp::Tanh, UnaryOp::Gelu, UnaryOp::Neg}[bits() % 4], to, any()); break;
      case 2:
      case 3:
      case 4: w.binary(std::vector{BinaryOp::Add, BinaryOp::Mul, BinaryOp::Maximum}[bits() % 3], to, any(), any()); break;
      case 5: w.with_number(BinaryOp::Mul, to, any(), 0.75); break;
      case 6: w.fill(to, 1.25); break;
      case 7: {
        const BufferView half = w.temporary(sizes, kBFloat16);
        w.copy(half, any());
        w.copy(to, half);
        break;
      }
      case 8: {
        const BufferView from = any();
        if (from.buffer == to.buffer) to = w.temporary(sizes);
        w.softmax(to, from);
        break;
      }
      default: {
        if (!reductions) continue;
        const BufferView sum = w.temporary(bits() % 2 ? row : Shape{1, 1});
        w.reduce(bits() % 2 ? ReduceOp::Sum : ReduceOp::Mean, sum, any());
        results.push_back(sum);
        continue;
      }
    }
    values.push_back(to);
  }
  for (int k = 0; k < 3; ++k) {
    const BufferView v = any();
    const BufferView result = w.temporary(sizes);
    w.copy(result, v);
    w.returns(result);
  }
  for (const BufferView& v : results) w.returns(v);
  return std::move(w.list);
}

}  // namespace

TEST_CASE("passes leave a list's results as they are", "[record]") {
  std::mt19937 bits(11);
  for (int round = 0; round < 60; ++round) {
    const bool reductions = round % 3 == 0;
    const StepList list = random_list(bits, reductions);
    StepList passed = list.copy();
    for (const Pass& pass : fusion_passes({.reductions = reductions})) pass(passed);
    INFO(to_string(list) << "\npassed\n" << to_string(passed));
    CHECK(passed.calls.size() < list.calls.size());
    if (round % 2) recompute_cheap_calls(passed, 1, 0);
    check_plan(passed, plan_memory(passed));
    const std::vector<Tensor> inputs = numbers_for(list, 10 * uint32_t(round) + 1);
    const std::vector<Tensor> expected = run(list.copy(), inputs), got = run(std::move(passed), inputs);
    for (size_t k = 0; k < expected.size(); ++k) CHECK((reductions ? all_close(got[k], expected[k], 1e-5) : same_bits(got[k], expected[k])));
  }
}

TEST_CASE("a chain becomes one call, and what only it reads is not written", "[record]") {
  Writer w;  // y = relu(x b + c); sum over the rows; another call reads y
  const Shape s{8, 20};
  const BufferView x = w.input(s), b = w.input(s), c = w.input(s), product = w.temporary(s), sum = w.temporary(s), y = w.temporary(s),
                   total = w.temporary({1, 20}), probabilities = w.temporary(s);
  w.binary(BinaryOp::Mul, product, x, b);
  w.binary(BinaryOp::Add, sum, product, c);
  w.unary(UnaryOp::Relu, y, sum);
  w.softmax(probabilities, y);
  w.reduce(ReduceOp::Sum, total, y);
  w.returns(probabilities);
  w.returns(total);
  StepList list = w.list.copy();
  fuse_pointwise(list);
  REQUIRE(list.calls.size() == 2);
  REQUIRE(list.calls[0].slot == &fused_kernel);
  CHECK(list.calls[1].slot == &softmax_kernel);
  const FusedProgram& program = *list.calls[0].arguments.back().as<FusedProgram>();
  CHECK(to_string(program) == "v3 = Mul(v0, v1) float32\nv4 = Add(v3, v2) float32\nv5 = Relu(v4) float32\nv6 = Sum(v5) float32\nout v5, v6");
  CHECK(list.calls[0].arguments[0].views[0] == y);
  CHECK(list.calls[0].arguments[1].views[0] == total);
  StepList exact = w.list.copy();
  fuse_pointwise(exact, {.reductions = false});
  CHECK(exact.calls.size() == 3);
}

TEST_CASE("a product and the activation behind it become one call, and so do their gradients", "[record]") {
  Writer w;  // h = relu(x b + c), and relu'(x) of a gradient g b^T
  const BufferView x = w.input({6, 8}), b = w.input({8, 5}), c = w.input({5}), g = w.input({6, 5}), product = w.temporary({6, 5}),
                   h = w.temporary({6, 5}), of_x = w.temporary({6, 8}), masked = w.temporary({6, 8});
  BufferView turned = b;
  turned.sizes = {5, 8};
  turned.strides = {1, 5};
  w.matmul(product, x, b, c);
  w.unary(UnaryOp::Relu, h, product);
  w.matmul(of_x, g, turned);
  w.binary(BinaryOp::ReluGrad, masked, of_x, x);
  w.returns(h);
  w.returns(masked);
  StepList list = w.list.copy();
  fuse_products(list);
  REQUIRE(list.calls.size() == 2);
  for (const ListedCall& call : list.calls) CHECK(call.slot == &matmul_fused_kernel);
  const std::vector<Tensor> inputs = numbers_for(list, 1), expected = run(w.list.copy(), inputs), got = run(std::move(list), inputs);
  for (size_t k = 0; k < 2; ++k) CHECK(same_bits(got[k], expected[k]));

  const auto stays = [](bool read_again, bool changed, bool region) {
    Writer v;
    const Shape s{6, 6};
    const BufferView a = v.input(s), left = v.temporary(s), result = v.temporary(s), out = v.temporary(s), more = v.temporary(s);
    v.softmax(left, a);
    v.matmul(result, left, a);
    if (changed) v.softmax(left, a);
    if (region) {
      HostAction& action = v.list.calls.emplace_back().action;
      action.kind = HostAction::Kind::Region;
      action.run = [] {};
    }
    v.unary(UnaryOp::Tanh, out, result);
    if (read_again) v.softmax(more, result);
    v.returns(out);
    v.returns(read_again ? more : left);
    const size_t before = v.list.calls.size();
    fuse_products(v.list);
    return v.list.calls.size() == before;
  };
  CHECK_FALSE(stays(false, false, false));
  CHECK(stays(true, false, false));
  CHECK(stays(false, true, false));
  CHECK(stays(false, false, true));
}

TEST_CASE("a call is not moved across what it depends on", "[record]") {
  Writer w;  // softmax writes over what the chain has read, and the chain goes on with it
  const Shape s{4, 10};
  const BufferView x = w.input(s), a = w.temporary(s), b = w.temporary(s), c = w.temporary(s);
  w.with_number(BinaryOp::Mul, a, x, 2);
  w.softmax(b, a);
  w.binary(BinaryOp::Add, c, a, b);
  w.returns(c);
  StepList list = w.list.copy();
  fuse_pointwise(list);
  CHECK(list.calls.size() == 3);

  Writer divided;  // anything may happen in a region
  const BufferView y = divided.input(s), d = divided.temporary(s), e = divided.temporary(s);
  divided.with_number(BinaryOp::Mul, d, y, 2);
  HostAction& region = divided.list.calls.emplace_back().action;
  region.kind = HostAction::Kind::Region;
  region.run = [] {};
  divided.unary(UnaryOp::Exp, e, d);
  divided.returns(e);
  fuse_pointwise(divided.list);
  CHECK(divided.list.calls.size() == 3);
}

TEST_CASE("dead and duplicate calls go", "[record]") {
  Writer w;
  const Shape s{4, 10};
  const BufferView x = w.input(s), a = w.temporary(s), b = w.temporary(s), dead = w.temporary(s), p = w.temporary(s), q = w.temporary(s),
                   c = w.temporary(s);
  w.unary(UnaryOp::Exp, a, x);
  w.unary(UnaryOp::Exp, b, x);  // as a
  w.softmax(p, a);
  w.softmax(q, b);  // as p
  w.unary(UnaryOp::Neg, dead, q);
  w.binary(BinaryOp::Add, c, p, q);
  w.returns(c);
  StepList list = w.list.copy();
  remove_duplicate_calls(list);
  CHECK(list.calls.size() == 4);
  remove_dead_calls(list);
  CHECK(list.calls.size() == 3);
  const std::vector<Tensor> inputs = numbers_for(list, 1);
  CHECK(same_bits(run(std::move(list), inputs)[0], run(w.list.copy(), inputs)[0]));

  Writer twice;  // x changes between two calls that look the same
  const BufferView y = twice.input(s), t = twice.temporary(s), first = twice.temporary(s), second = twice.temporary(s);
  twice.copy(t, y);
  twice.unary(UnaryOp::Exp, first, t);
  twice.with_number(BinaryOp::Add, t, t, 1);
  twice.unary(UnaryOp::Exp, second, t);
  twice.returns(first);
  twice.returns(second);
  StepList kept = twice.list.copy();
  remove_duplicate_calls(kept);
  CHECK(kept.calls.size() == 4);
}

TEST_CASE("what is cheap is computed again instead of being kept over the highest use of memory", "[record]") {
  Writer w;  // y = exp(x) is read early and late, x too; in between memory is needed
  const Shape s{32, 32}, large{32, 96};
  const BufferView given = w.input(s), wide = w.input(large), x = w.temporary(s), y = w.temporary(s), p = w.temporary(s), a = w.temporary(large),
                   b = w.temporary(large), q = w.temporary(s), r = w.temporary(s);
  w.softmax(x, given);
  w.unary(UnaryOp::Exp, y, x);
  w.softmax(p, y);
  w.softmax(a, wide);
  w.softmax(b, a);
  w.binary(BinaryOp::Add, q, p, y);
  w.binary(BinaryOp::Add, r, q, x);
  w.returns(b);
  w.returns(r);
  StepList again = w.list.copy();
  recompute_cheap_calls(again, 1);
  REQUIRE(again.calls.size() == w.list.calls.size() + 1);
  CHECK(name_of(again.calls[5]) == "unary.Exp");
  CHECK(plan_memory(again).live_bytes == plan_memory(w.list).live_bytes - 32 * 32 * 4);
  const std::vector<Tensor> inputs = numbers_for(again, 1), expected = run(w.list.copy(), inputs), got = run(std::move(again), inputs);
  for (size_t k = 0; k < 2; ++k) CHECK(same_bits(got[k], expected[k]));

  StepList few = w.list.copy();  // too little for a call
  recompute_cheap_calls(few, 1 << 16);
  CHECK(few.calls.size() == w.list.calls.size());
  StepList gone = w.list.copy();  // x is not kept for anybody else
  gone.calls.pop_back();
  gone.outputs[1] = {};
  recompute_cheap_calls(gone, 1);
  CHECK(gone.calls.size() == w.list.calls.size() - 1);
  StepList changed = w.list.copy();  // x is another one by then
  ListedCall write = ListedCall::of(*slot_type(fill_kernel), kCPU, {CallArgument::output(x), CallArgument::of(Scalar(1.0))});
  changed.calls.insert(changed.calls.begin() + 4, std::move(write));
  recompute_cheap_calls(changed, 1);
  CHECK(changed.calls.size() == w.list.calls.size() + 1);
}

TEST_CASE("what a cheap call reads is computed again with it, and no more is than has to be", "[record]") {
  Writer w;  // z = -exp(x) is read early and late, exp(x) only by it
  const Shape s{32, 32}, large{32, 96};
  const BufferView given = w.input(s), wide = w.input(large), x = w.temporary(s), y = w.temporary(s), z = w.temporary(s), p = w.temporary(s),
                   a = w.temporary(large), b = w.temporary(large), q = w.temporary(s), r = w.temporary(s);
  w.softmax(x, given);
  w.unary(UnaryOp::Exp, y, x);
  w.unary(UnaryOp::Neg, z, y);
  w.softmax(p, z);
  w.softmax(a, wide);
  w.softmax(b, a);
  w.binary(BinaryOp::Add, q, p, z);
  w.binary(BinaryOp::Add, r, q, x);
  w.returns(b);
  w.returns(r);
  StepList again = w.list.copy();
  recompute_cheap_calls(again, 1);
  REQUIRE(again.calls.size() == w.list.calls.size() + 2);
  CHECK(name_of(again.calls[6]) == "unary.Exp");
  CHECK(name_of(again.calls[7]) == "unary.Neg");
  CHECK(plan_memory(again).live_bytes == plan_memory(w.list).live_bytes - 32 * 32 * 4);
  check_plan(again, plan_memory(again));
  const std::vector<Tensor> inputs = numbers_for(again, 1), expected = run(w.list.copy(), inputs), got = run(std::move(again), inputs);
  for (size_t k = 0; k < 2; ++k) CHECK(same_bits(got[k], expected[k]));

  StepList enough = w.list.copy();
  recompute_cheap_calls(enough, 1, 1);
  CHECK(enough.calls.size() == w.list.calls.size());
}

TEST_CASE("where the largest first leave a gap, buffers are packed in another order", "[record]") {
  struct Life {
    int first, last;
    int64_t size;
  };
  const Life lives[] = {{0, 2, 4}, {1, 3, 2}, {2, 3, 3}, {3, 5, 3}, {4, 6, 4}, {5, 6, 1}};  // largest first: 12 instead of 9
  Writer w;
  const BufferView total = w.temporary({1});
  w.returns(total);
  std::vector<BufferView> buffers;
  for (int t = 0; t < 7; ++t) {
    if (t < 6) {
      buffers.push_back(w.temporary({16 * lives[t].size}));
      w.fill(buffers.back(), 1);
    }
    for (int b = 0; b < 6; ++b)
      if (lives[b].last == t) w.reduce(ReduceOp::Sum, total, buffers[size_t(b)]);
  }
  const MemoryPlan plan = plan_memory(w.list);
  check_plan(w.list, plan);
  CHECK(plan.live_bytes == 9 * 64);
  CHECK(plan.arenas.at(0).bytes == 9 * 64);
}
