#include "lazuli/ops/network/convolution.h"

#include "lazuli/core/slots/window_slots.h"
#include "tests/ops/network/image_helper.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

// By the definition, over two spatial dimensions.
Tensor by_definition(const Tensor& x, const Tensor& w, Shape s, Shape p, Shape d, int64_t groups) {
  const int64_t n = x.size(0), o = w.size(0), c = w.size(1), kh = w.size(2), kw = w.size(3);
  const int64_t h = (x.size(2) + 2 * p[0] - d[0] * (kh - 1) - 1) / s[0] + 1, v = (x.size(3) + 2 * p[1] - d[1] * (kw - 1) - 1) / s[1] + 1;
  Tensor out = zeros({n, o, h, v}, kFloat64);
  auto y = out.accessor<double, 4>();
  auto in = x.accessor<double, 4>(), weight = w.accessor<double, 4>();
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < o; ++j)
      for (int64_t a = 0; a < h; ++a)
        for (int64_t b = 0; b < v; ++b)
          for (int64_t k = 0; k < c; ++k)
            for (int64_t e = 0; e < kh; ++e)
              for (int64_t f = 0; f < kw; ++f) {
                const int64_t row = a * s[0] - p[0] + e * d[0], column = b * s[1] - p[1] + f * d[1];
                if (row >= 0 && row < x.size(2) && column >= 0 && column < x.size(3))
                  y[i][j][a][b] += in[i][j / (o / groups) * c + k][row][column] * weight[j][k][e][f];
              }
  return out;
}

struct Case {
  Shape input, weight, stride, padding, dilation;
  int64_t groups;
};
const std::vector<Case> kCases{
    {{2, 3, 7, 6}, {4, 3, 3, 2}, {1, 1}, {0, 0}, {1, 1}, 1}, {{1, 4, 9, 8}, {6, 2, 3, 3}, {2, 3}, {1, 2}, {1, 1}, 2},
    {{2, 2, 9, 9}, {2, 2, 2, 3}, {2, 1}, {2, 0}, {3, 2}, 1}, {{2, 4, 6, 6}, {4, 1, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 4},
    {{3, 5, 4, 4}, {2, 5, 1, 1}, {3, 2}, {0, 0}, {1, 1}, 1}, {{1, 2, 3, 3}, {2, 2, 5, 5}, {1, 1}, {2, 2}, {1, 1}, 1},
};

}  // namespace

TEST_CASE("convolution: its definition, and its transpose", "[ops][convolution]") {
  for (const Case& c : kCases) {
    INFO(c.input << c.weight << c.stride << c.padding << c.dilation);
    const Tensor x = image(c.input), w = image(c.weight, 1), b = image({c.weight[0]}, 2);
    const Tensor y = by_definition(x, w, c.stride, c.padding, c.dilation, c.groups);
    CHECK(allclose(conv2d(x, w, none, c.stride, c.padding, c.dilation, c.groups), y, 1e-12, 1e-12));
    CHECK(allclose(conv2d(x, w, b, c.stride, c.padding, c.dilation, c.groups), y + b.reshape({1, -1, 1, 1}), 1e-12, 1e-12));
    for (DType t : {kFloat32, kBFloat16, kFloat16}) {
      INFO(name(t));
      const double tolerance = t == kFloat32 ? 2e-5 : t == kFloat16 ? 1e-2 : 8e-2;
      CHECK(allclose(conv2d(x.to(t), w.to(t), b.to(t), c.stride, c.padding, c.dilation, c.groups).to(kFloat64), y + b.reshape({1, -1, 1, 1}),
                     tolerance, tolerance));
    }
    // <conv(x), g> = <x, conv_transpose(g)>, with the output_padding that gives x's size
    const Tensor g = image(y.sizes(), 3);
    Shape more = c.stride;
    for (int64_t d = 0; d < 2; ++d)
      more[d] = c.input[d + 2] - ((y.size(d + 2) - 1) * c.stride[d] - 2 * c.padding[d] + c.dilation[d] * (c.weight[d + 2] - 1) + 1);
    const Tensor back = conv_transpose2d(g, w, none, c.stride, c.padding, more, c.groups, c.dilation);
    REQUIRE(back.sizes() == c.input);
    CHECK(sum(y * g).item<double>() == Approx(sum(x * back).item<double>()).epsilon(1e-10));
  }
}

TEST_CASE("convolution: one and three dimensions are two with sizes of 1", "[ops][convolution]") {
  const Tensor x = image({2, 4, 9}), w = image({6, 2, 3}, 1), b = image({6}, 2);
  const Tensor y = conv2d(x.unsqueeze(2), w.unsqueeze(2), b, {1, 2}, {0, 1}, {1, 2}, 2).squeeze(2);
  CHECK(allclose(conv1d(x, w, b, 2, 1, 2, 2), y));
  CHECK(allclose(conv3d(x.reshape({2, 4, 1, 1, 9}), w.reshape({6, 2, 1, 1, 3}), b, {1, 1, 2}, {0, 0, 1}, {1, 1, 2}, 2).reshape(y.sizes()), y));
  const Tensor back = conv_transpose1d(y, image({6, 2, 3}, 1), none, 2, 1, 0, 2, 2);
  CHECK(allclose(conv_transpose2d(y.unsqueeze(2), w.unsqueeze(2), none, {1, 2}, {0, 1}, 0, 2, {1, 2}).squeeze(2), back));
  CHECK(allclose(
      conv_transpose3d(y.reshape({2, 6, 1, 1, -1}), w.reshape({6, 2, 1, 1, 3}), none, {1, 1, 2}, {0, 0, 1}, 0, 2, {1, 1, 2}).reshape(back.sizes()),
      back));
  // conv_tbc: time, batch, channels
  CHECK(allclose(conv_tbc(x.permute({2, 0, 1}), image({3, 4, 5}, 1), image({5}, 2), 1),
                 conv1d(x, image({3, 4, 5}, 1).permute({2, 1, 0}), image({5}, 2), 1, 1).permute({2, 0, 1})));
}

TEST_CASE("convolution: padding by word, and without a batch", "[ops][convolution]") {
  const Tensor x = image({2, 3, 8, 7}), odd = image({4, 3, 3, 5}, 1), even = image({4, 3, 4, 2}, 2);
  CHECK(allclose(conv2d(x, odd, none, 1, "same", {2, 1}), conv2d(x, odd, none, 1, {2, 2}, {2, 1})));
  CHECK(equal(conv2d(x, even, none, 1, "valid"), conv2d(x, even)));
  // an odd amount: one more behind
  CHECK(allclose(conv2d(x, even, none, 1, "same"), conv2d(pad(x, {0, 1, 1, 2}), even)));
  CHECK(allclose(conv2d(x.to(kFloat32), even.to(kFloat32), none, 1, "same"), conv2d(pad(x, {0, 1, 1, 2}), even).to(kFloat32), 1e-5, 1e-5));
  CHECK(allclose(conv2d(x[1], odd, none, 2, 1), conv2d(x, odd, none, 2, 1)[1]));
  CHECK(allclose(conv_transpose2d(x[1], image({3, 2, 3, 3}), none, 2), conv_transpose2d(x, image({3, 2, 3, 3}), none, 2)[1]));
}

TEST_CASE("convolution: gradients of first and second order", "[ops][convolution]") {
  expect_gradients([](const Tensor& x, const Tensor& w, const Tensor& b) { return conv1d(x, w, b, 2, 1, 2, 2); },
                   {leaf({2, 4, 7}), leaf({4, 2, 2}, 1), leaf({4}, 2)});
  expect_gradients(
      [](const Tensor& x, const Tensor& w, const Tensor& b) {
        return conv2d(x, w, b, {2, 1}, {1, 0});
      },
      {leaf({2, 2, 4, 3}), leaf({3, 2, 3, 2}, 1), leaf({3}, 2)});
  expect_gradients([](const Tensor& x, const Tensor& w) { return conv2d(x, w, none, 1, "same"); }, {leaf({1, 2, 4, 3}), leaf({2, 2, 2, 3}, 1)});
  expect_gradients(
      [](const Tensor& x, const Tensor& w) {
        return conv3d(x, w, none, 1, {0, 1, 0});
      },
      {leaf({1, 2, 2, 3, 2}), leaf({2, 2, 2, 2, 1}, 1)});
  expect_gradients([](const Tensor& x, const Tensor& w, const Tensor& b) { return conv_transpose2d(x, w, b, 2, 1, 1, 2); },
                   {leaf({2, 4, 2, 3}), leaf({4, 1, 3, 2}, 1), leaf({2}, 2)});
  expect_gradients([](const Tensor& x, const Tensor& w) { return conv_transpose1d(x[0], w, none, 3, 0, 1); }, {leaf({1, 2, 3}), leaf({2, 1, 2}, 1)});
  const Tensor x = to(image({1, 2, 3, 3}), kComplex128) * Scalar(complex128(0.8, 0.6)),
               w = to(image({2, 2, 2, 2}, 1), kComplex128) * Scalar(complex128(0.5, -1));
  expect_gradients([](const Tensor& a, const Tensor& b) { return conv2d(a, b); }, {x.detach().requires_grad_(), w.detach().requires_grad_()});
}

TEST_CASE("convolution: the kernels agree with the composite", "[ops][convolution]") {
  for (const Case& c : kCases) {
    INFO(c.input << c.weight << c.stride << c.padding << c.dilation);
    for (bool last : {false, true}) {
      const Tensor x = leaf(c.input, 0, kFloat32), w = leaf(c.weight, 1, kFloat32), b = leaf({c.weight[0]}, 2, kFloat32);
      const std::vector<Tensor> in{last ? channels_last(x).requires_grad_() : x, w, b};
      expect_fused_is_composite([&](const auto& t) { return conv2d(t[0], t[1], t[2], c.stride, c.padding, c.dilation, c.groups); }, in, 2e-5);
    }
    const Tensor y = conv2d(image(c.input, 0, kFloat32), image(c.weight, 1, kFloat32), none, c.stride, c.padding, c.dilation, c.groups);
    expect_fused_is_composite([&](const auto& t) { return conv_transpose2d(t[0], t[1], none, c.stride, c.padding, 0, c.groups, c.dilation); },
                              {leaf(y.sizes(), 3, kFloat32), leaf(c.weight, 1, kFloat32)}, 2e-5);
  }
  expect_fused_is_composite([](const auto& t) { return conv1d(t[0], t[1], t[2], 2, 1); },
                            {leaf({2, 16, 40}, 0, kFloat32), leaf({32, 16, 3}, 1, kFloat32), leaf({32}, 2, kFloat32)}, 1e-4);
  expect_fused_is_composite([](const auto& t) { return conv3d(t[0], t[1], t[2], 1, 1); },
                            {leaf({1, 16, 4, 5, 6}, 0, kFloat32), leaf({16, 16, 3, 3, 3}, 1, kFloat32), leaf({16}, 2, kFloat32)}, 3e-4);
}

TEST_CASE("convolution: 3 x 3 windows by fewer multiplications, in every layout, forward and backward", "[ops][convolution]") {
  struct Sizes {
    Shape input, padding;
    int64_t channels;
  };
  for (const Sizes& s :
       {Sizes{{2, 32, 11, 9}, {1, 1}, 48}, Sizes{{1, 16, 14, 13}, {0, 2}, 16}, Sizes{{3, 48, 8, 8}, {2, 0}, 80}, Sizes{{9, 16, 3, 4}, {1, 2}, 32},
        // tiles of 4 x 4 results
        Sizes{{3, 16, 13, 14}, {1, 1}, 48}, Sizes{{2, 48, 18, 14}, {0, 2}, 16}, Sizes{{9, 32, 8, 7}, {1, 1}, 80}})
    for (bool last : {false, true}) {
      INFO(s.input << " padding " << s.padding << " channels last " << last);
      const Shape weight{s.channels, s.input[1], 3, 3};
      const auto laid = [&](const Tensor& t) { return last ? channels_last(t).requires_grad_() : t; };
      const auto f = [&](const auto& t) { return conv2d(t[0], t[1], t[2], 1, s.padding); };
      const std::vector<Tensor> in{laid(leaf(s.input, 0, kFloat32)), leaf(weight, 1, kFloat32), leaf({s.channels}, 2, kFloat32)};
      const auto narrow = with_gradients(f, in), wide = with_gradients(f, {leaf(s.input), leaf(weight, 1), leaf({s.channels}, 2)});
      // the inputs of both differ by the rounding of float32
      for (size_t i = 0; i < wide.size(); ++i) CHECK(allclose(narrow[i].to(kFloat64), wide[i], 1e-4, 2e-4));
      expect_fused_is_composite(f, in, 2e-4);
      CHECK(is_channels_last(f(in)) == last);
      const Tensor y = laid(image(f(in).sizes(), 3, kFloat32).requires_grad_());
      expect_fused_is_composite([&](const auto& t) { return conv_transpose2d(t[0], t[1], none, 1, s.padding); }, {y, in[1]}, 2e-4);
      const int threads = get_num_threads();
      std::vector<Tensor> one, three;
      set_num_threads(1), one = with_gradients(f, in);
      set_num_threads(3), three = with_gradients(f, in);
      set_num_threads(threads);
      for (size_t i = 0; i < 3; ++i) CHECK(equal(one[i], three[i]));
      // However images lie, the sums are the same; with a weight that has channels last, so has the result of row-major images.
      const auto plain = with_gradients(f, {leaf(s.input, 0, kFloat32), in[1], in[2]});
      for (size_t i = 0; i < 3; ++i) CHECK(equal(narrow[i], plain[i]));
      const Tensor mixed = conv2d(image(s.input, 0, kFloat32), channels_last(in[1]), in[2], 1, s.padding);
      CHECK(is_channels_last(mixed));
      CHECK(equal(mixed, f(in)));
    }
}

TEST_CASE("convolution: fewer multiplications round little", "[ops][convolution]") {
  const Tensor x = randn({4, 64, 16, 16}), w = randn({64, 64, 3, 3}) / Scalar(24.0);  // results of variance 1
  const auto f = [](const auto& t) { return conv2d(t[0], t[1], none, 1, 1); };
  const Tensor narrow = f(std::vector<Tensor>{x, w}), wide = f(std::vector<Tensor>{to(x, kFloat64), to(w, kFloat64)});
  const Tensor error = to(narrow, kFloat64) - wide;
  CHECK(error.abs().max().item<double>() < 2e-5);
  CHECK(error.square().mean().sqrt().item<double>() < 1.5e-6);
}

TEST_CASE("convolution: with bias, residual and activation in one call", "[ops][convolution]") {
  struct Fused {
    Shape input, weight, stride, padding;
    int64_t groups;
  };
  const std::vector<Fused> cases{{{2, 16, 9, 8}, {32, 16, 3, 3}, {1, 1}, {1, 1}, 1},    // 3 x 3 by fewer multiplications
                                 {{3, 16, 13, 14}, {32, 16, 3, 3}, {1, 1}, {1, 1}, 1},  // by still fewer
                                 {{2, 5, 9, 8}, {6, 5, 3, 2}, {2, 1}, {1, 0}, 1},      {{3, 8, 6, 6}, {16, 8, 1, 1}, {2, 2}, {0, 0}, 1},
                                 {{2, 4, 6, 6}, {4, 1, 3, 3}, {1, 1}, {1, 1}, 4},      {{1, 4, 7, 7}, {8, 2, 3, 3}, {1, 1}, {1, 1}, 2}};
  struct Activation {
    UnaryOp op;
    Params p = {};
  };
  for (const Fused& c : cases)
    for (DType t : {kFloat32, kFloat64, kBFloat16})
      for (bool last : {false, true})
        for (const Activation& a : {Activation{UnaryOp::Positive},
                                    {UnaryOp::Relu},
                                    {UnaryOp::Gelu},
                                    {UnaryOp::LeakyRelu, {0.25, 0}},
                                    {UnaryOp::Hardswish},
                                    {UnaryOp::Elu, {0.5, 1}}}) {
          const Tensor given = image(c.input, 0, t), x = last ? channels_last(given) : given, w = image(c.weight, 1, t),
                       b = image({c.weight[0]}, 2, t), y = conv2d(x, w, {.stride = c.stride, .padding = c.padding, .groups = c.groups});
          for (int way = 0; way < 4; ++way) {  // without a residual, with one, with one in the other layout, with one that is the result
            INFO(name(t) << c.input << c.weight << " last " << last << " " << name(a.op) << " way " << way);
            const Tensor plain = image(y.sizes(), 3, t), laid = last ? channels_last(plain) : plain,
                         residual = way == 0   ? Tensor()
                                    : way == 1 ? laid
                                    : way == 2 ? (last ? plain : channels_last(plain))
                                               : laid.clone();
            Tensor expected = y + b.reshape({1, -1, 1, 1}), out = way == 3 ? residual : empty_like(y);
            if (way) expected = expected + plain;
            unary_kernel(kCPU, a.op, expected, expected, a.p);
            convolution_fused_kernel(kCPU, out, x, w, b, residual, a.op, a.p, c.stride, c.padding, {1, 1}, c.groups);
            const double tolerance = t == kFloat32 ? 2e-5 : t == kFloat64 ? 1e-12 : 5e-2;
            CHECK(allclose(out, expected, tolerance, tolerance));
          }
        }
}

TEST_CASE("convolution: depthwise, of any width, kernel, padding, stride and dilation", "[ops][convolution]") {
  for (int64_t width : {3, 8, 17, 33, 70})
    for (Shape kernel : {Shape{3, 3}, Shape{1, 4}, Shape{8, 8}, Shape{9, 9}})
      for (int64_t stride : {1, 2, 3})
        for (int64_t dilation : {1, 2}) {
          const Shape padding{dilation * (kernel[0] / 2), dilation * (kernel[1] / 2)};
          INFO("width " << width << ", kernel " << kernel << ", stride " << stride << ", dilation " << dilation);
          const Shape x{2, 3, 6, width}, w{3, 1, kernel[0], kernel[1]};
          const auto f = [&](const auto& t) { return conv2d(t[0], t[1], t[2], stride, padding, dilation, 3); };
          const auto narrow = with_gradients(f, {leaf(x, 0, kFloat32), leaf(w, 1, kFloat32), leaf({3}, 2, kFloat32)});
          const auto wide = with_gradients(f, {leaf(x), leaf(w, 1), leaf({3}, 2)});
          for (size_t i = 0; i < wide.size(); ++i) CHECK(allclose(narrow[i].to(kFloat64), wide[i], 1e-4, 1e-4));
        }
  // padding that reaches beyond the kernel
  const Tensor x = image({1, 2, 4, 5}, 0, kFloat32), w = image({2, 1, 2, 2}, 1, kFloat32);
  CHECK(allclose(conv2d(x, w, none, 1, 4, 1, 2), conv2d(x.to(kFloat64), w.to(kFloat64), none, 1, 4, 1, 2).to(kFloat32), 1e-5, 1e-5));
  expect_fused_is_composite([](const auto& t) { return conv2d(t[0], t[1], none, 1, 4, 1, 2); },
                            {leaf(x.sizes(), 0, kFloat32), leaf(w.sizes(), 1, kFloat32)}, 1e-5);
}

TEST_CASE("convolution: gradients of the weights of many groups, of any window, and of images longer than the cache", "[ops][convolution]") {
  struct Groups {
    Shape input, weight, stride, padding, dilation;
    int64_t groups;
  };
  const std::vector<Groups> cases{{{1, 8, 9, 7}, {128, 1, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 8},
                                  {{2, 24, 6, 6}, {40, 3, 3, 2}, {2, 3}, {1, 2}, {1, 1}, 8},
                                  {{1, 40, 70, 33}, {168, 5, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 8},
                                  {{1, 160, 40, 31}, {8, 20, 5, 4}, {1, 2}, {2, 0}, {2, 1}, 8},
                                  {{3, 48, 8, 8}, {24, 4, 1, 1}, {2, 2}, {0, 0}, {1, 1}, 12},
                                  {{1, 16, 3, 3}, {32, 2, 2, 3}, {3, 1}, {4, 5}, {2, 3}, 8},
                                  // by fewer multiplications
                                  {{1, 48, 14, 13}, {96, 16, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 3},
                                  {{1, 64, 7, 7}, {64, 32, 3, 3}, {1, 1}, {0, 2}, {1, 1}, 2}};
  for (const Groups& c : cases)
    for (bool last : {false, true}) {
      INFO(c.input << c.weight << c.stride << c.padding << c.dilation << " channels last " << last);
      const auto f = [&](const auto& t) { return conv2d(t[0], t[1], none, c.stride, c.padding, c.dilation, c.groups); };
      const Tensor x = leaf(c.input, 0, kFloat32);
      const auto narrow = with_gradients(f, {last ? channels_last(x).requires_grad_() : x, leaf(c.weight, 1, kFloat32)});
      const auto wide = with_gradients(f, {leaf(c.input), leaf(c.weight, 1)});
      for (size_t i = 0; i < wide.size(); ++i) CHECK(allclose(narrow[i].to(kFloat64), wide[i], 1e-4, 2e-4));
    }
  const auto f = [](const auto& t) { return conv1d(t[0], t[1], t[2], 2, 1, 1, 8); };
  expect_fused_is_composite(f, {leaf({2, 24, 19}, 0, kFloat32), leaf({16, 3, 4}, 1, kFloat32), leaf({16}, 2, kFloat32)}, 2e-5);
  const std::vector<Tensor> in{leaf({1, 24, 19}, 0, kFloat32), leaf({16, 3, 4}, 1, kFloat32), leaf({16}, 2, kFloat32)};
  const int threads = get_num_threads();
  set_num_threads(1);
  const auto one = with_gradients(f, in);
  set_num_threads(3);
  const auto three = with_gradients(f, in);
  set_num_threads(threads);
  CHECK(equal(one[2], three[2]));
}

TEST_CASE("convolution: channels last goes in and comes out", "[ops][convolution]") {
  const Tensor x = image({2, 8, 6, 5}, 0, kFloat32), w = image({16, 8, 3, 3}, 1, kFloat32);
  const Tensor y = conv2d(channels_last(x), w, none, 1, 1);
  CHECK(is_channels_last(y));
  CHECK(conv2d(x, w, none, 1, 1).is_contiguous());
  CHECK(allclose(y, conv2d(x, w, none, 1, 1), 1e-4, 1e-4));
  // any strides
  CHECK(allclose(conv2d(x.transpose(2, 3), w, none, 1, 1), conv2d(x.transpose(2, 3).contiguous(), w, none, 1, 1), 1e-5, 1e-5));
  CHECK(allclose(conv2d(x, w.transpose(2, 3)), conv2d(x, w.transpose(2, 3).contiguous()), 1e-5, 1e-5));
}

TEST_CASE("convolution: a packed weight is that of now", "[ops][convolution]") {
  const Tensor x = image({2, 16, 8, 8}, 0, kFloat32), w = image({32, 16, 3, 3}, 1, kFloat32);
  const Tensor before = conv2d(x, w);
  CHECK(equal(conv2d(x, w), before));
  w.mul_(2);
  CHECK(allclose(conv2d(x, w), before * Scalar(2), 1e-4, 1e-4));
  w.data_ptr<float>()[0] += 100;
  CHECK_FALSE(allclose(conv2d(x, w), before * Scalar(2), 1e-2, 1e-2));
  // views of one storage have their own
  const Tensor two = image({2, 32, 16, 3, 3}, 1, kFloat32);
  CHECK(allclose(conv2d(x, two[1]), conv2d(x, two[1].clone()), 1e-5, 1e-5));
  CHECK(allclose(conv2d(x, two[0]), conv2d(x, two[0].clone()), 1e-5, 1e-5));
}

TEST_CASE("convolution: integers, nothing, and no data", "[ops][convolution]") {
  const Tensor i = conv2d(ones({1, 2, 3, 3}, kInt64), full({1, 2, 2, 2}, 3, kInt64));
  CHECK(equal(i, full({1, 1, 2, 2}, 24, kInt64)));
  for (DType t : {kFloat32, kFloat64}) {
    Tensor none_there = zeros({0, 3, 5, 5}, t).requires_grad_(), w = image({2, 3, 3, 3}, 0, t).requires_grad_(),
           b = image({2}, 0, t).requires_grad_();
    Tensor y = conv2d(none_there, w, b);
    CHECK(y.sizes() == Shape{0, 2, 3, 3});
    sum(y).backward();
    CHECK(equal(w.grad(), zeros({2, 3, 3, 3}, t)));
    CHECK(equal(b.grad(), zeros({2}, t)));
    CHECK(equal(conv2d(zeros({1, 0, 3, 3}, t), zeros({2, 0, 2, 2}, t), b.detach()), b.detach().reshape({1, 2, 1, 1}).expand({1, 2, 2, 2})));
  }
  const Tensor meta = empty({2, 3, 8, 9}, {.device = kMeta}), weight = empty({4, 3, 3, 3}, {.device = kMeta});
  CHECK(conv2d(meta, weight, none, 2, 1).sizes() == Shape{2, 4, 4, 5});
  CHECK(conv_transpose2d(meta, empty({3, 4, 3, 3}, {.device = kMeta}), none, 2, 1, 1).sizes() == Shape{2, 4, 16, 18});
}

TEST_CASE("convolution: a device without a kernel of it uses the composite", "[ops][convolution]") {
  const Device device = bare();
  reset_kernel_counts();
  const Tensor x = leaf({2, 4, 6, 6}, 0, kFloat32), w = leaf({4, 2, 3, 3}, 1, kFloat32);
  const std::vector<Tensor> in{x.detach().to(device).requires_grad_(), w.detach().to(device).requires_grad_()};
  const auto f = [](const auto& t) { return conv2d(t[0], t[1], none, 2, 1, 1, 2); };
  Tensor y = f(in);
  sum(y).backward();
  Tensor here = f(std::vector<Tensor>{x, w});
  sum(here).backward();
  CHECK(allclose(y.cpu(), here, 1e-5, 1e-5));
  CHECK(allclose(in[0].grad().cpu(), x.grad(), 1e-5, 1e-5));
  CHECK(allclose(in[1].grad().cpu(), w.grad(), 1e-5, 1e-5));
  for (const char* slot : {"convolution", "convolution_backward_input", "convolution_backward_weight"}) {
    CHECK(counts_of(slot).composite == 1);
    CHECK(counts_of(slot).cpu == 0);
  }
}

TEST_CASE("convolution: what does not fit is refused before anything is done", "[ops][convolution]") {
  const Tensor x = image({2, 4, 6, 6}), w = image({4, 4, 3, 3});
  CHECK_THROWS_AS(conv2d(x, image({4, 3, 3, 3})), Error);
  CHECK_THROWS_AS(conv2d(x, w.to(kFloat32)), Error);
  CHECK_THROWS_AS(conv2d(x, w, image({3})), Error);
  CHECK_THROWS_AS(conv2d(x, w, none, 0), Error);
  CHECK_THROWS_AS(conv2d(x, w, none, 1, -1), Error);
  CHECK_THROWS_AS(conv2d(x, w, none, 1, 0, 0), Error);
  CHECK_THROWS_AS(conv2d(x, w, none, 1, 0, 1, 3), Error);
  CHECK_THROWS_AS(conv2d(x, w, none, 1, 0, 1, 0), Error);
  CHECK_THROWS_AS(conv2d(x, w, none, {1, 1, 1}), Error);
  CHECK_THROWS_AS(conv2d(x, w, none, 2, "same"), Error);
  CHECK_THROWS_AS(conv2d(x, w, none, 1, "full"), Error);
  CHECK_THROWS_AS(conv2d(x, image({4, 4, 7, 7})), Error);
  CHECK_THROWS_AS(conv2d(image({4, 6}), w), Error);
  CHECK_THROWS_AS(conv2d(x > Scalar(0), w > Scalar(0)), Error);
  CHECK_THROWS_AS(conv_transpose2d(x, w, none, 2, 0, 2), Error);
  CHECK_THROWS_AS(conv_transpose2d(x, w, none, 1, 5), Error);
  try {
    conv2d(x, image({4, 3, 3, 3}));
  } catch (const Error& e) {
    CHECK(std::string(e.what()) == "conv2d: argument 'input': expected 3 channels, as the weight has, got sizes [2, 4, 6, 6]");
  }
}
