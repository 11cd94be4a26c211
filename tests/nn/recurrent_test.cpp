#include "lazuli/nn/recurrent.h"

#include <cmath>

#include "lazuli/nn/module/registry.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using namespace lazuli::nn::utils::rnn;
using nn_test::close;
using nn_test::message;
using nn_test::parameter_names;
using nn_test::same;

TEST_CASE("recurrent modules have PyTorch's parameters, first values and printing", "[nn]") {
  nn::LSTM lstm(4, 6, {.num_layers = 2, .bidirectional = true, .proj_size = 3});
  auto all = parameter_names(lstm);
  REQUIRE(all.size() == 20);
  REQUIRE(std::vector<std::string>(all.begin(), all.begin() + 6) ==
          std::vector<std::string>{"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0", "weight_ih_l0_reverse"});
  REQUIRE(lstm.get_parameter("weight_ih_l1_reverse").sizes() == Shape{24, 6});
  REQUIRE(lstm.get_parameter("weight_hh_l1").sizes() == Shape{24, 3});
  for (const Tensor& p : lstm.parameters()) REQUIRE(amax(abs(p)).item<double>() <= 1 / std::sqrt(6.0));
  REQUIRE(to_string(lstm) == "LSTM(4, 6, proj_size=3, num_layers=2, bidirectional=True)");
  REQUIRE(to_string(nn::RNN(4, 6, {.bias = false, .batch_first = true})) == "RNN(4, 6, bias=False, batch_first=True)");
  REQUIRE(to_string(nn::RNNCell(4, 6, {.bias = false, .nonlinearity = nn::Nonlinearity::Relu})) == "RNNCell(4, 6, bias=False, nonlinearity=relu)");
  REQUIRE(parameter_names(nn::GRUCell(2, 3)) == std::vector<std::string>{"weight_ih", "weight_hh", "bias_ih", "bias_hh"});
  REQUIRE_THROWS_AS(nn::GRU(2, 4, {.proj_size = 2}), Error);
  REQUIRE_THROWS_AS(nn::LSTM(2, 4, {.proj_size = 4}), Error);
  REQUIRE_THROWS_AS(nn::LSTM(2, 0), Error);
  REQUIRE_THROWS_AS(nn::LSTM(2, 4, {.num_layers = 0}), Error);
}

TEST_CASE("recurrent modules: one sequence, batch first, a state that goes on", "[nn]") {
  nn::LSTM lstm(3, 5, {.num_layers = 2, .bidirectional = false, .proj_size = 2});
  Tensor x = randn({6, 2, 3});
  auto [out, state] = lstm(x);
  REQUIRE(out.sizes() == Shape{6, 2, 2});
  REQUIRE(std::get<0>(state).sizes() == Shape{2, 2, 2});
  REQUIRE(std::get<1>(state).sizes() == Shape{2, 2, 5});
  auto [one, one_state] = lstm(x.select(1, 1));
  REQUIRE(close(one, out.select(1, 1)));
  REQUIRE(std::get<1>(one_state).sizes() == Shape{2, 5});
  auto [head, between] = lstm(x.narrow(0, 0, 4));
  auto [tail, end] = lstm.run(x.narrow(0, 4, 2), between);
  REQUIRE(close(cat({head, tail}, 0), out));
  REQUIRE(close(std::get<1>(end), std::get<1>(state)));
  auto made = nn::make_module("LSTM", {3, 5}, {{"num_layers", 2}, {"proj_size", 2}, {"batch_first", true}});
  made->load_state_dict(lstm.state_dict());
  REQUIRE(close(std::get<0>(dynamic_cast<nn::LSTM&>(*made)(x.transpose(0, 1))).transpose(0, 1), out));
  nn::LSTM copy = nn::clone(lstm);
  REQUIRE(close(std::get<0>(copy(x)), out));
  nn::LSTM moved = std::move(copy);
  REQUIRE(close(std::get<0>(moved(x)), out));
  moved.to(kFloat64);
  REQUIRE(close(std::get<0>(moved(x.to(kFloat64))).to(kFloat32), out));
  REQUIRE_THROWS_AS(lstm(randn({6, 2, 4})), Error);
  REQUIRE_THROWS_AS(lstm(Tensor()), Error);
}

TEST_CASE("a cell's steps are a network's, and begin with zeros", "[nn]") {
  nn::GRU gru(3, 4);
  nn::GRUCell cell(3, 4);
  for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) nn::init::constant_(cell.get_parameter(name), 0.1);
  for (const Tensor& p : gru.parameters()) nn::init::constant_(p, 0.1);
  Tensor x = randn({3, 2, 3}), h = zeros({2, 4});
  auto [out, last] = gru(x);
  REQUIRE(close(cell(x[0]), out[0]));
  for (int64_t t = 0; t < 3; ++t) h = cell.step(x[t], h);
  REQUIRE(close(h, last[0]));
  nn::LSTMCell lstm(3, 4);
  auto [a, b] = lstm(x[0][0]);
  REQUIRE(a.sizes() == Shape{4});
  REQUIRE(close(std::get<0>(lstm.step(x[0], nn::LSTMState{zeros({2, 4}), zeros({2, 4})}))[0], a));
  nn::RNNCell rnn(3, 4, {.nonlinearity = nn::Nonlinearity::Relu});
  REQUIRE(amin(rnn(x[0])).item<double>() >= 0);
  REQUIRE_THROWS_AS(rnn(Tensor()), Error);
}

TEST_CASE("packing and padding", "[nn]") {
  std::vector<Tensor> sequences{randn({2, 3}), randn({4, 3}), randn({1, 3})};
  Tensor padded = pad_sequence(sequences, false, -1);
  REQUIRE(padded.sizes() == Shape{4, 3, 3});
  REQUIRE(same(padded.select(1, 0).narrow(0, 0, 2), sequences[0]));
  REQUIRE(padded[3][0][0].item<double>() == -1);
  REQUIRE(same(pad_sequence(sequences, true), pad_sequence(sequences).transpose(0, 1)));
  REQUIRE(same(pad_sequence(sequences, true, 0, "left")[0].narrow(0, 2, 2), sequences[0]));

  PackedSequence packed = pack_padded_sequence(padded, Shape{2, 4, 1}, false, false);
  REQUIRE(same(packed.batch_sizes, tensor({3, 2, 1, 1})));
  REQUIRE(same(packed.sorted_indices, tensor({1, 0, 2})));
  REQUIRE(same(invert_permutation(packed.sorted_indices), packed.unsorted_indices));
  REQUIRE(same(packed.data[0], sequences[1][0]));
  const PackedSequence by_name = pack_padded_sequence(padded.transpose(0, 1), Shape{2, 4, 1}, {.batch_first = true, .enforce_sorted = false});
  REQUIRE(same(by_name.data, packed.data));
  REQUIRE(same(std::get<0>(pad_packed_sequence(by_name, {.padding_value = -1})), padded));
  auto [back, lengths] = pad_packed_sequence(packed, false, -1);
  REQUIRE(same(back, padded));
  REQUIRE(same(lengths, tensor({2, 4, 1})));
  REQUIRE(std::get<0>(pad_packed_sequence(packed, true, 0, 6)).sizes() == Shape{3, 6, 3});
  for (size_t i = 0; i < 3; ++i) {
    REQUIRE(same(unpad_sequence(padded, lengths)[i], sequences[i]));
    REQUIRE(same(unpack_sequence(pack_sequence(sequences, false))[i], sequences[i]));
  }
  Tensor x = randn({2, 2, 1}).requires_grad_();
  sum(std::get<0>(pad_packed_sequence(pack_padded_sequence(x, Shape{2, 1})))).backward();
  REQUIRE(same(x.grad(), tensor({{{1}, {1}}, {{1}, {0}}}, kFloat32)));  // the padding has no part in it

  REQUIRE(message([&] { pack_padded_sequence(padded, Shape{5, 4, 1}); }).find("numbers from 1 to the input's 4 steps") != std::string::npos);
  REQUIRE_THROWS_AS(pack_padded_sequence(padded, Shape{2, 4, 1}), Error);  // not sorted
  REQUIRE_THROWS_AS(pack_padded_sequence(padded, Shape{4, 2, 0}), Error);  // an empty one
  REQUIRE_THROWS_AS(pack_padded_sequence(padded, Shape{4, 2}), Error);     // too few
  REQUIRE_THROWS_AS(pad_packed_sequence(packed, false, 0, 3), Error);      // shorter than the longest
  REQUIRE_THROWS_AS(unpad_sequence(padded, Shape{5, 4, 1}), Error);
  REQUIRE_THROWS_AS(pad_sequence({}), Error);
  REQUIRE_THROWS_AS(pad_sequence(sequences, false, 0, "middle"), Error);
  REQUIRE_THROWS_AS(pack_padded_sequence(Tensor(), Shape{1}), Error);
  REQUIRE_THROWS_AS(invert_permutation(tensor({0, 0})), Error);
}

TEST_CASE("a packed batch gives what each sequence gives alone, in the order in which they came", "[nn]") {
  nn::GRU gru(3, 4, {.num_layers = 2, .bidirectional = true});
  std::vector<Tensor> sequences{randn({2, 3}), randn({4, 3}), randn({1, 3})};
  Tensor h0 = randn({4, 3, 4});
  auto [out, last] = gru(pack_sequence(sequences, false), h0);
  std::vector<Tensor> each = unpack_sequence(out);
  for (size_t i = 0; i < 3; ++i) {
    auto [alone, alone_last] = gru(sequences[i], h0.select(1, int64_t(i)));
    REQUIRE(close(each[i], alone));
    REQUIRE(close(last.select(1, int64_t(i)), alone_last));
  }
}
