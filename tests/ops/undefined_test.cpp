#include "lazuli/nn/nn.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

TEST_CASE("an undefined tensor is refused under the operator's and the argument's name", "[ops]") {
  const Tensor x = ones({2, 2}), none_given;
  const std::string what = "expected a defined tensor, got an undefined one (if it is a grad(): that tensor has no gradient yet)";
  CHECK(error_of([&] { add(x, none_given); }) == "add: argument 'other': " + what);
  CHECK(error_of([&] { none_given.mul(x); }) == "mul: argument 'self': " + what);
  CHECK(error_of([&] { exp(none_given); }) == "exp: argument 'self': " + what);
  CHECK(error_of([&] { none_given.floor(); }) == "floor: argument 'self': " + what);
  CHECK(error_of([&] { x < none_given; }) == "lt: argument 'other': " + what);
  CHECK(error_of([&] { lerp(x, none_given, x); }) == "lerp: argument 'end': " + what);
  CHECK(error_of([&] { sum(none_given); }) == "sum: argument 'self': " + what);
  CHECK(error_of([&] { none_given.mean(1); }) == "mean: argument 'self': " + what);
  CHECK(error_of([&] { amax(none_given); }) == "amax: argument 'self': " + what);
  CHECK(error_of([&] { argmax(none_given); }) == "argmax: argument 'self': " + what);
  CHECK(error_of([&] { softmax(none_given, 0); }) == "softmax: argument 'self': " + what);
  CHECK(error_of([&] { matmul(x, none_given); }) == "matmul: argument 'other': " + what);
  CHECK(error_of([&] { mm(x, none_given); }) == "mm: argument 'mat2': " + what);
  CHECK(error_of([&] { linear(x, none_given); }) == "linear: argument 'weight': " + what);
}

TEST_CASE("so is writing into one, such as the gradient before the first backward", "[ops]") {
  Tensor w = ones({2}).requires_grad_();
  CHECK(says(error_of([&] { w.grad().zero_(); }), "zero_: argument 'self': expected a defined tensor"));
  CHECK(says(error_of([&] { w.grad().zero_(); }), "that tensor has no gradient yet"));
  CHECK(says(error_of([&] { w.grad() += 1; }), "that tensor has no gradient yet"));
  CHECK(says(error_of([&] { w.grad().uniform_(); }), "expected a defined tensor"));
  CHECK(says(error_of([&] { w.grad()[0] = 1; }), "expected a defined tensor"));
}

// tests/ops/table/undefined_test.cpp goes through all functions of the table; these are not in it.
TEST_CASE("beside numbers, in lists and as members likewise", "[ops]") {
  const Tensor x = ones({2, 2}), undefined;
  const std::string rest = " (if it is a grad(): that tensor has no gradient yet)";
  const std::string of_self = ": argument 'self': expected a defined tensor, got an undefined one" + rest;
  CHECK(error_of([&] { undefined + 1; }) == "add" + of_self);
  CHECK(error_of([&] { 1 - undefined; }) == "rsub" + of_self);
  CHECK(error_of([&] { undefined * 2.0; }) == "mul" + of_self);
  CHECK(error_of([&] { 2 / undefined; }) == "div: argument 'other': expected a defined tensor, got an undefined one" + rest);
  CHECK(error_of([&] { undefined % 2; }) == "remainder" + of_self);
  CHECK(error_of([&] { undefined & 1; }) == "bitwise_and" + of_self);
  CHECK(error_of([&] { undefined << 1; }) == "bitwise_left_shift" + of_self);
  CHECK(error_of([&] { undefined > 1; }) == "gt" + of_self);
  CHECK(error_of([&] { pow(undefined, 2); }) == "pow" + of_self);
  CHECK(error_of([&] { clamp(undefined, 0, 1); }) == "clamp" + of_self);
  CHECK(error_of([&] { lerp(undefined, x, 0.5); }) == "lerp" + of_self);
  CHECK(error_of([&] { floor_divide(undefined, 2); }) == "floor_divide" + of_self);
  CHECK(error_of([&] { xlogy(undefined, 2); }) == "xlogy" + of_self);
  CHECK(error_of([&] { masked_fill(undefined, x > 0, 1); }) == "masked_fill" + of_self);
  CHECK(error_of([&] { where(x > 0, undefined, 1); }) == "where" + of_self);
  CHECK(error_of([&] { undefined[0]; }) == "select" + of_self);
  CHECK(error_of([&] { Tensor(undefined).index({Slice(0, 1)}) = 1; }) == "index" + of_self);
  CHECK(error_of([&] { cat({x, x, undefined}); }) == "cat: argument 'tensors': expected a defined tensor, got element 2, an undefined one" + rest);
  CHECK(error_of([&] { stack({undefined, x}); }) == "stack: argument 'tensors': expected a defined tensor, got element 0, an undefined one" + rest);
  CHECK(says(error_of([&] { undefined.view({4}); }), "view" + of_self));
  CHECK(says(error_of([&] { undefined.uniform_(); }), "uniform_" + of_self));
  try {
    undefined + 1;
    FAIL("no error");
  } catch (const Error& error) { CHECK(error.kind() == ErrorKind::Argument); }
}

TEST_CASE("where a tensor may be left out, an undefined one is none, as in libtorch", "[ops]") {
  manual_seed(1);
  const Tensor undefined, x = randn({2, 3}), q = randn({2, 4, 6}), y = tensor({0, 2}), w = randn({4, 3}), hh = randn({3, 3}), gates = randn({9, 3});
  CHECK(equal(linear(x, w, undefined), linear(x, w)));
  CHECK(equal(scaled_dot_product_attention(q, q, q, undefined), scaled_dot_product_attention(q, q, q)));
  CHECK(equal(scaled_dot_product_attention(q, q, q, {.attn_mask = undefined, .is_causal = true}),
              scaled_dot_product_attention(q, q, q, {.is_causal = true})));
  CHECK(equal(cross_entropy(x, y, {.weight = undefined}), cross_entropy(x, y)));
  CHECK(equal(linear_cross_entropy(x, w, y, {.linear_bias = undefined, .weight = undefined}), linear_cross_entropy(x, w, y)));
  CHECK(equal(rnn_tanh_cell(x, x, hh, hh, undefined, undefined), rnn_tanh_cell(x, x, hh, hh)));
  CHECK(equal(gru_cell(x, x, gates, gates, undefined, undefined), gru_cell(x, x, gates, gates)));
  const MultiHeadAttentionWeights weights{.in_proj_weight = randn({18, 6}), .out_proj_weight = randn({6, 6})};
  MultiHeadAttentionWeights more = weights;
  more.in_proj_bias = more.bias_k = more.bias_v = more.out_proj_bias = undefined;
  const MultiHeadAttentionOptions options{.key_padding_mask = undefined, .attn_mask = undefined, .static_k = undefined, .static_v = undefined};
  CHECK(equal(std::get<0>(multi_head_attention_forward(q, q, q, 2, more, options)), std::get<0>(multi_head_attention_forward(q, q, q, 2, weights))));
  nn::GRUCell gru(3, 3);
  nn::LSTMCell lstm(3, 3);
  CHECK(equal(gru(x, undefined), gru(x)));
  CHECK(equal(std::get<0>(lstm(x, {undefined, undefined})), std::get<0>(lstm(x))));
}
