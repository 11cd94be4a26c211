#include "lazuli/ops/fft/stft.h"

#include "lazuli/ops/fft/fft.h"
#include "lazuli/ops/fft/windows.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/shape/join.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor noise(const Shape& sizes, uint64_t seed) { return randn(sizes, {.dtype = kFloat64}, Generator(seed)); }
}  // namespace

TEST_CASE("stft: each column is the transform of a weighted piece", "[ops][fft]") {
  const Tensor x = noise({2, 50}, 1), w = hann_window(12, true, {.dtype = kFloat64});
  const Tensor out = stft(x, 16, {.hop_length = 5, .win_length = 12, .window = w, .center = false, .return_complex = true});
  REQUIRE(out.sizes() == Shape{2, 9, 7});
  const Tensor whole = cat({zeros({2}, kFloat64), w, zeros({2}, kFloat64)});
  for (int64_t m : {0, 3, 6}) CHECK(allclose(out.select(2, m), fft::rfft(x.narrow(1, 5 * m, 16) * whole), 1e-12, 1e-12));
  const Tensor both = stft(x, 16, {.window = hann_window(16, true, {.dtype = kFloat64}), .onesided = false, .return_complex = true});
  CHECK(both.sizes() == Shape{2, 16, 13});
  CHECK(allclose(conj(both.select(1, 1)), both.select(1, 15), 1e-12, 1e-12));
  CHECK(stft(x, 16, {.return_complex = false}).sizes() == Shape{2, 9, 13, 2});
  CHECK(stft(x.select(0, 0), 16, {.pad_mode = "constant", .normalized = true, .return_complex = true}).sizes() == Shape{9, 13});
  const Tensor aligned =
      stft(x, 16, {.hop_length = 5, .win_length = 12, .window = w, .center = false, .return_complex = true, .align_to_window = true});
  CHECK(allclose(aligned.select(2, 1), fft::rfft(x.narrow(1, 3, 16) * whole), 1e-12, 1e-12));
}

TEST_CASE("istft: gives the signal back", "[ops][fft]") {
  const Tensor x = noise({2, 64}, 2);
  for (bool onesided : {true, false})
    for (bool normalized : {true, false}) {
      const Tensor w = hamming_window(16, {}, {.dtype = kFloat64});
      const Tensor y = stft(x, 16, {.hop_length = 4, .window = w, .normalized = normalized, .onesided = onesided, .return_complex = true});
      CHECK(allclose(istft(y, 16, {.hop_length = 4, .window = w, .normalized = normalized, .onesided = onesided}), x, 1e-10, 1e-10));
      CHECK(istft(y, 16, {.hop_length = 4, .window = w, .normalized = normalized, .length = 50}).sizes() == Shape{2, 50});
    }
  const Tensor z = randn({64}, {.dtype = kComplex128}, Generator(3));
  const Tensor y = stft(z, 16, {.return_complex = true});
  CHECK(allclose(istft(y, 16, {.return_complex = true}), z, 1e-10, 1e-10));
}

TEST_CASE("stft and istft: gradients", "[ops][fft]") {
  const Tensor w = hann_window(6, false, {.dtype = kFloat64}) + 0.5;
  check_gradients([](const Tensor& x, const Tensor& w) { return stft(x, 6, {.hop_length = 3, .window = w, .return_complex = true}); },
                  {noise({14}, 4).requires_grad_(), w.detach().requires_grad_()});
  const Tensor y = randn({4, 5}, {.dtype = kComplex128}, Generator(5)).requires_grad_();
  check_gradients([](const Tensor& y, const Tensor& w) { return istft(y, 6, {.hop_length = 3, .window = w}); }, {y, w.detach().requires_grad_()});
}

TEST_CASE("stft and istft: what they refuse", "[ops][fft]") {
  const Tensor x = noise({40}, 6);
  CHECK_THROWS_AS(stft(x, 16, {}), Error);  // return_complex
  CHECK_THROWS_AS(stft(x, 64, {.center = false, .return_complex = true}), Error);
  CHECK_THROWS_AS(stft(x, 16, {.hop_length = 0, .return_complex = true}), Error);
  CHECK_THROWS_AS(stft(x, 16, {.window = ones({8}), .return_complex = true}), Error);
  CHECK_THROWS_AS(stft(x.to(kComplex128), 16, {.onesided = true, .return_complex = true}), Error);
  CHECK_THROWS_AS(stft(x, 16, {.return_complex = true, .align_to_window = true}), Error);
  CHECK_THROWS_AS(istft(x.reshape({4, 10}), 6), Error);
  const Tensor y = stft(x, 16, {.return_complex = true});
  CHECK_THROWS_AS(istft(y, 18), Error);
  CHECK_THROWS_AS(istft(y, 16, {.hop_length = 20}), Error);
  CHECK_THROWS_AS(istft(y, 16, {.window = zeros({16}, kFloat64)}), Error);
}
