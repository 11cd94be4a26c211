#include "lazuli/record/freeze.h"

#include <cstring>
#include <thread>

#include "lazuli/lazuli.h"
#include "lazuli/record/step_list.h"
#include "tests/catch.h"
#include "tests/io/bytes.h"

using namespace lazuli;

namespace {

using Tensors = std::vector<Tensor>;

int calls_of(const Frozen& frozen, std::string_view slot) {
  int n = 0;
  for (const auto& call : frozen.list().calls) n += call.slot->name == slot;
  return n;
}
Tensor evaluated(nn::Module& model, const Tensor& x) {
  no_grad guard;
  model.eval();
  return model(x);
}
/// Statistics as of a network that was trained.
template <class M>
M& used(M& model) {
  no_grad guard;
  for (auto& [name, t] : model.named_buffers())
    if (t.is_floating_point()) t.copy_(rand(t.sizes()) + 0.5);
  for (auto& [name, t] : model.named_parameters()) t.add_(randn(t.sizes()) * 0.1);
  return model;
}

struct Block : nn::ModuleOf<Block> {
  nn::Child<nn::Conv2d> c1, c2, shortcut;
  nn::Child<nn::BatchNorm2d> b1, b2, b3;
  Block(int64_t in, int64_t out, int64_t stride)
      : c1(this, "c1", in, out, 3, nn::ConvOptions{.stride = stride, .padding = 1, .bias = false}),
        c2(this, "c2", out, out, 3, nn::ConvOptions{.padding = 1}),
        shortcut(this, "shortcut", in, out, 1, nn::ConvOptions{.stride = stride, .bias = false}),
        b1(this, "b1", out),
        b2(this, "b2", out),
        b3(this, "b3", out) {}
  Tensor forward(const Tensor& x) { return relu(b3(shortcut(x)) + b2(c2(relu(b1(c1(x)))))); }
};
struct Residual : nn::ModuleOf<Residual> {
  nn::Child<nn::Conv2d> c{this, "c", 16, 16, 3, nn::ConvOptions{.padding = 1, .bias = false}};
  nn::Child<nn::BatchNormReLU2d> b{this, "b", 16};
  Tensor forward(const Tensor& x) { return b(c(x), x); }
};

Frozen saved_and_loaded(const Frozen& frozen) {
  const test::TemporaryFolder folder;
  frozen.save(folder.file("model.lzl"));
  return load_frozen(folder.file("model.lzl"));
}
/// Frozen, and from a file, it is what the function gives, for the example and for another input.
template <class F>
void expect_same(F&& f, const std::vector<Tensor>& inputs, const std::vector<Tensor>& others, double tolerance = 1e-5) {
  no_grad guard;
  for (bool fuse : {false, true}) {
    const Frozen frozen = freeze(f, inputs, {.fuse = fuse}), loaded = saved_and_loaded(frozen);
    for (const auto& given : {inputs, others, inputs}) {
      const std::vector<Tensor> expected = f(given);
      for (const Frozen* each : {&frozen, &loaded}) {
        const std::vector<Tensor> got = each->run(given);
        REQUIRE(got.size() == expected.size());
        for (size_t i = 0; i < got.size(); ++i) CHECK((fuse ? allclose(got[i], expected[i], tolerance, tolerance) : equal(got[i], expected[i])));
      }
    }
  }
}

}  // namespace

TEST_CASE("a frozen network gives what the network gave, and goes on giving it", "[record][freeze]") {
  manual_seed(1);
  nn::Sequential mlp{nn::Flatten(), nn::Linear(12, 16), nn::BatchNorm1d(16), nn::ReLU(), nn::Dropout(0.5), nn::Linear(16, 5)};
  used(mlp);
  const Tensor x = randn({7, 3, 4}), other = randn({7, 3, 4});
  const Frozen exact = freeze(mlp, {x}, {.fuse = false}), frozen = freeze(mlp, {x});
  CHECK(mlp[4].is_training());  // the modes are as they were
  const Tensor expected = evaluated(mlp, other);
  CHECK(equal(exact(other), expected));
  CHECK(allclose(frozen(other), expected, 1e-5, 1e-6));
  CHECK(calls_of(exact, "batch_norm") == 1);
  CHECK(calls_of(frozen, "batch_norm") == 0);
  CHECK(calls_of(frozen, "matmul_fused") == 1);
  CHECK(calls_of(frozen, "matmul") == 1);
  CHECK_FALSE(frozen(other).requires_grad());
  REQUIRE(frozen.inputs().size() == 1);
  CHECK(frozen.inputs()[0].sizes == Shape{7, 3, 4});
  CHECK(frozen.outputs()[0].sizes == Shape{7, 5});
  {
    no_grad guard;
    for (const Tensor& p : mlp.parameters()) p.fill_(3);
  }
  CHECK(equal(exact(other), expected));
  CHECK(equal(exact(other.transpose(1, 2).contiguous().transpose(1, 2)), expected));  // laid out otherwise
  CHECK_FALSE(frozen(other).is_same(frozen(other)));
}

TEST_CASE("batch norms, sums and activations go into the convolutions before them", "[record][freeze]") {
  manual_seed(2);
  for (bool last : {false, true}) {
    Block block(8, 16, 2);
    used(block);
    const auto laid = [&](const Tensor& t) { return last ? contiguous(t, MemoryFormat::ChannelsLast) : t; };
    const Tensor x = laid(randn({2, 8, 10, 9})), other = laid(randn({2, 8, 10, 9}));
    const Frozen frozen = freeze(block, {x});
    INFO(to_string(frozen));
    CHECK(calls_of(frozen, "convolution_fused") == 2);
    CHECK(calls_of(frozen, "convolution") == 1);
    CHECK(frozen.list().calls.size() == 3);
    CHECK(allclose(frozen(other), evaluated(block, other), 1e-4, 1e-5));
    CHECK(allclose(saved_and_loaded(frozen)(other), evaluated(block, other), 1e-4, 1e-5));

    Residual residual;
    used(residual);
    const Tensor y = laid(randn({2, 16, 9, 9}));
    const Frozen one = freeze(residual, {y});
    CHECK(one.list().calls.size() == 1);
    const Tensor before = y.clone();
    CHECK(allclose(one(y), evaluated(residual, y), 1e-4, 1e-5));
    CHECK(equal(y, before));  // the residual is an input
  }
}

TEST_CASE("what else reads a result keeps it from being folded", "[record][freeze]") {
  manual_seed(3);
  nn::Conv2d conv(3, 4, 3, nn::ConvOptions{.padding = 1});
  nn::BatchNorm2d norm(4);
  used(norm);
  norm.eval();
  const Tensor x = randn({1, 3, 6, 6}), other = randn({1, 3, 6, 6});
  const auto one = [](Tensor t) { return Tensors{std::move(t)}; };
  expect_same(
      [&](const Tensors& in) {
        Tensor y = conv(in[0]);
        return Tensors{norm(y), y};
      },
      {x}, {other});
  expect_same(
      [&](const Tensors& in) {
        Tensor y = conv(in[0]);
        return one(relu(y) + y);
      },
      {x}, {other});
  expect_same(
      [&](const Tensors& in) {
        Tensor y = conv(in[0]);
        y.relu_();
        y.add_(in[0].narrow(1, 0, 1));
        return one(y * 2);
      },
      {x}, {other});
  expect_same(
      [&](const Tensors& in) {
        Tensor y = conv(in[0]), z = conv(in[0] * 2);
        y.add_(z);
        return one(y.relu_() * z);
      },
      {x}, {other});
  expect_same(
      [&](const Tensors& in) {
        Tensor a = in[0].clone();
        Tensor y = conv(a);
        a.mul_(0);
        return one(relu(y + conv(a)));
      },
      {x}, {other});
  const auto in_place = [](const Tensors& in) { return Tensors{in[0].relu_() + 1}; };
  const Frozen changes = freeze(in_place, {x});
  const Tensor kept = other.clone();
  CHECK(equal(changes(kept), relu(other) + 1));
  CHECK(equal(kept, other));  // an input stays as it is
  CHECK(equal(saved_and_loaded(changes)(other), relu(other) + 1));
  expect_same([&](const Tensors& in) { return Tensors{in[0], conv.weight.detach(), conv(in[0])}; }, {x}, {other});
  expect_same(
      [&](const Tensors& in) {
        Tensor y = zeros({1, 4, 6, 6});
        y.narrow(1, 0, 3).copy_(in[0]);
        return one(y + 1);
      },
      {x}, {other});
}

TEST_CASE("constants are folded", "[record][freeze]") {
  manual_seed(4);
  nn::Linear layer(6, 6);
  const auto f = [&](const std::vector<Tensor>& in) {
    const Tensor mask = tril(ones({6, 6})) * softmax(layer.weight.detach(), 1);
    return std::vector<Tensor>{matmul(in[0], mask) + arange(6).to(kFloat32)};
  };
  const Tensor x = randn({2, 6}), other = randn({2, 6});
  const Frozen frozen = freeze(f, {x});
  INFO(to_string(frozen));
  CHECK(frozen.list().calls.size() == 2);
  CHECK(freeze(f, {x}, {.fuse = false}).list().calls.size() > 5);
  expect_same(f, {x}, {other});
}

TEST_CASE("networks of many kinds freeze, are saved and loaded", "[record][freeze]") {
  manual_seed(5);
  const auto module = [](nn::Module& m) {
    m.eval();
    return [&m](const Tensors& in) { return Tensors{m(in[0])}; };
  };
  nn::TransformerEncoderLayer encoder(16, 4, {.dim_feedforward = 32, .batch_first = true});
  expect_same(module(encoder), {randn({2, 5, 16})}, {randn({2, 5, 16})});
  nn::LSTM lstm(4, 8, {.num_layers = 2});
  nn::LSTM projected(4, 8, {.bidirectional = true, .proj_size = 3});
  nn::GRU gru(4, 8);
  lstm.eval(), projected.eval(), gru.eval();
  const auto sequences = [&](const Tensors& in) { return Tensors{std::get<0>(lstm(in[0])), std::get<0>(projected(in[0])), std::get<0>(gru(in[0]))}; };
  expect_same(sequences, {randn({3, 2, 4})}, {randn({3, 2, 4})});
  nn::Sequential words{nn::Embedding(11, 6), nn::LayerNorm(6), nn::GELU(), nn::Linear(6, 3), nn::Softmax(-1)};
  expect_same(module(words), {randint(11, {2, 4})}, {randint(11, {2, 4})});
  nn::Sequential images{nn::Conv2d(3, 16, 3),
                        nn::SiLU(),
                        nn::MaxPool2d(2),
                        nn::Conv2d(16, 16, 3, nn::ConvOptions{.groups = 16}),
                        nn::Hardswish(),
                        nn::AvgPool2d(2),
                        nn::ConvTranspose2d(16, 4, 2, nn::ConvTransposeOptions{.stride = 2}),
                        nn::GroupNorm(2, 4),
                        nn::AdaptiveAvgPool2d(1),
                        nn::Flatten()};
  expect_same(module(images), {randn({2, 3, 14, 14})}, {randn({2, 3, 14, 14})}, 1e-4);
  expect_same(
      [](const Tensors& in) {
        return Tensors{argmax(in[0] * in[1], 1), where(in[0] > 0, in[0], in[1]), in[0].index_select(0, tensor({1, 0}))};
      },
      {randn({2, 5}), randn({2, 5})}, {randn({2, 5}), randn({2, 5})});
}

namespace {
// Order, running values, transforms, writing by index, factors of matrices.
Tensors of_many_slots(const Tensors& in) {
  const Tensor x = in[0], places = argsort(x, 1), matrix = matmul(x.narrow(1, 0, 4), x.narrow(1, 0, 4).t()) + 4 * eye(4);
  const auto [most, where_most] = topk(x, 2, 1);
  const auto [running, at] = cummax(x, 1);
  const linalg::QrResult qr = linalg::qr(matrix);
  const Tensor L = linalg::cholesky_ex(matrix).L;
  return {std::get<0>(sort(x, 1)),
          most,
          where_most,
          std::get<1>(median(x, 1)),
          cumsum(x, 0),
          logcumsumexp(x, 1),
          running,
          at,
          searchsorted(std::get<0>(sort(x, 1)), x * 0.5),
          real(fft::fft(x.narrow(1, 0, 5))),
          fft::irfft(fft::rfft(x), 6),
          index_add(x, 0, tensor({1, 1, 0, 3}), x),
          scatter_add(x, 1, places, x),
          index_put(x, {tensor({0, 2})}, x.narrow(0, 0, 2), true),
          L,
          linalg::lu_factor_ex(matrix).LU,
          linalg::ldl_factor_ex(matrix).LD,
          linalg::solve_triangular(L, matrix, false),
          qr.Q,
          qr.R};
}
}  // namespace

TEST_CASE("functions of many kinds are in files", "[record][freeze]") {
  manual_seed(9);
  expect_same(of_many_slots, {randn({4, 6})}, {randn({4, 6})}, 1e-5);
}

TEST_CASE("what is no list of calls is not frozen", "[record][freeze]") {
  manual_seed(6);
  const Tensor x = randn({3, 3});
  CHECK_THROWS_AS(freeze([](const std::vector<Tensor>& in) { return in[0].sum().item<double>() > 0 ? in[0] : -in[0]; }, {x}), Error);
  CHECK_THROWS_AS(freeze([](const std::vector<Tensor>& in) { return in[0] + rand({3, 3}); }, {x}), Error);
  nn::Sequential net{nn::Linear(3, 2)};
  CHECK_THROWS_AS(freeze(net, {x, x}), Error);
  CHECK_THROWS_AS(freeze(net, {Tensor()}), Error);
  const Frozen frozen = freeze(net, {x});
  CHECK_THROWS_WITH(frozen(randn({2, 3})), Contains("input 0") && Contains("[3, 3]") && Contains("[2, 3]"));
  CHECK_THROWS_WITH(frozen(x.to(kFloat64)), Contains("float32"));
  CHECK_THROWS_AS(frozen(x, x), Error);
  CHECK_THROWS_AS(frozen(Tensor()), Error);
  CHECK_THROWS_AS(frozen(zeros({3, 3}, {.device = kMeta})), Error);
  const Frozen two = freeze([](const std::vector<Tensor>& in) { return std::vector<Tensor>{in[0] + 1, in[0] * 2}; }, {x});
  CHECK_THROWS_AS(two(x), Error);
  CHECK(two.run({x}).size() == 2);
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(freeze([](const std::vector<Tensor>& in) { return linalg::inv(in[0]); }, {x}), Contains("linalg.inv"));  // it looks at its matrix
  const auto loss = [](const Tensor& scores) { return cross_entropy(scores, tensor({0, 2, 1})); };
  const Frozen scored = freeze([&](const std::vector<Tensor>& in) { return loss(in[0]); }, {x});
  CHECK(equal(scored(x), loss(x)));
  CHECK_THROWS_WITH(scored.save(folder.file("scored.lzl")), Contains("cross_entropy"));  // files do not have that slot
  CHECK(folder.count() == 0);
  CHECK_THROWS_AS(load_frozen(folder.file("nothing.lzl")), Error);
}

TEST_CASE("frozen networks run in several threads at once", "[record][freeze]") {
  manual_seed(7);
  Block block(8, 16, 1);
  used(block);
  const Frozen frozen = freeze(block, {randn({1, 8, 8, 8})});
  std::vector<Tensor> inputs, expected;
  for (int i = 0; i < 4; ++i) {
    inputs.push_back(randn({1, 8, 8, 8}));
    expected.push_back(frozen(inputs.back()));
  }
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int k = 0; k < 20; ++k) wrong[t] += !equal(frozen(inputs[t]), expected[t]);
    });
  for (std::thread& t : threads) t.join();
  CHECK(wrong == std::vector<int>(4));
}

TEST_CASE("a .lzl file that is cut short or changed is refused, or runs", "[record][freeze]") {
  manual_seed(8);
  Residual residual;
  used(residual);
  const test::TemporaryFolder folder;
  const bool many = GENERATE(false, true);
  (many ? freeze(of_many_slots, {randn({4, 6})}) : freeze(residual, {randn({1, 16, 4, 4})})).save(folder.file("whole.lzl"));
  const std::string whole = test::read_bytes(folder.file("whole.lzl"));
  uint64_t list_bytes;
  std::memcpy(&list_bytes, whole.data() + 12, sizeof(list_bytes));
  const size_t data = (20 + size_t(list_bytes) + 63) / 64 * 64;
  CHECK(whole.size() % 64 == 0);
  for (size_t length = 0; length < data; length += 3) {
    const std::string path = folder.write("cut.lzl", whole.substr(0, length));
    CHECK_THROWS_AS(load_frozen(path), Error);
  }
  CHECK_THROWS_AS(load_frozen(folder.write("cut.lzl", whole.substr(0, whole.size() - 64))), Error);
  const auto refused = [&](size_t at, uint8_t value, const char* text) {
    std::string bytes = whole;
    bytes[at] = char(value);
    CHECK_THROWS_WITH(load_frozen(folder.write("changed.lzl", bytes)), Contains(text) && Contains("changed.lzl"));
  };
  refused(0, 'x', "another kind of file");
  refused(8, 2, "version 1");
  refused(12 + 7, 1, "list");
  int ran = 0, refused_count = 0;
  for (size_t at = 20; at < 20 + list_bytes; at += many ? 7 : 1)
    for (uint8_t value : {0, 1, 127, 255}) {
      std::string bytes = whole;
      bytes[at] = char(value);
      try {
        const Frozen changed = load_frozen(folder.write("changed.lzl", bytes));
        bool small = true;
        for (const auto& call : changed.list().calls) call.for_each_view([&](const auto& v, bool) { small &= v.sizes.numel() < 100000; });
        for (const auto& s : changed.inputs()) small &= s.sizes.numel() < 100000;
        if (small) {
          std::vector<Tensor> inputs;
          for (const auto& s : changed.inputs()) inputs.push_back(zeros(s.sizes, s.dtype));
          changed.run(inputs);
        }
        ++ran;
      } catch (const Error&) { ++refused_count; }
    }
  CHECK(ran > 0);
  CHECK(refused_count > 500);
}
