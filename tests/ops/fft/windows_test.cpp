#include "lazuli/ops/fft/windows.h"

#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/shape/rearrange.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;
namespace w = windows;

TEST_CASE("windows: known values", "[ops][fft]") {
  const CreationOptions d{.dtype = kFloat64};
  CHECK(near(bartlett_window(4, true, d), {0, 0.5, 1, 0.5}));
  CHECK(near(bartlett_window(5, false, d), {0, 0.5, 1, 0.5, 0}));
  CHECK(near(hann_window(4, true, d), {0, 0.5, 1, 0.5}));
  CHECK(near(hamming_window(4, {}, d), {0.08, 0.54, 1, 0.54}));
  CHECK(near(hamming_window(2, {.alpha = 0.6, .beta = 0.2}, d), {0.4, 0.8}));
  CHECK(near(blackman_window(4, true, d), {0, 0.34, 1, 0.34}));
  CHECK(near(kaiser_window(3, {.periodic = false, .beta = 0}, d), {1, 1, 1}));
  CHECK(near(w::kaiser(3, 2, true, d), {1 / 2.2795853023360673, 1, 1 / 2.2795853023360673}));
  CHECK(near(w::cosine(2, true, d), {0.70710678118654757, 0.70710678118654757}));
  CHECK(near(w::gaussian(3, 1, true, d), {0.60653065971263342, 1, 0.60653065971263342}));
  CHECK(near(w::exponential(3, {.tau = 2}, d), {0.60653065971263342, 1, 0.60653065971263342}));
  CHECK(near(w::exponential(3, {.center = 0, .sym = false}, d), {1, 0.36787944117144233, 0.1353352832366127}));
  CHECK(near(w::general_cosine(3, {0.5, 0.25}, true, d), {0.25, 0.75, 0.25}));
  CHECK(near(w::nuttall(3, true, d), {0.0003628, 1, 0.0003628}));
}

TEST_CASE("windows: a periodic one is the longer symmetric one without its end", "[ops][fft]") {
  const CreationOptions d{.dtype = kFloat64};
  for (int64_t n : {2, 7, 8}) {
    CHECK(allclose(w::hann(n, false, d), w::hann(n + 1, true, d).narrow(0, 0, n), 1e-12, 1e-12));
    CHECK(allclose(w::kaiser(n, 5, false, d), w::kaiser(n + 1, 5, true, d).narrow(0, 0, n), 1e-12, 1e-12));
    CHECK(allclose(w::cosine(n, false, d), w::cosine(n + 1, true, d).narrow(0, 0, n), 1e-12, 1e-12));
    CHECK(allclose(w::gaussian(n, 2, false, d), w::gaussian(n + 1, 2, true, d).narrow(0, 0, n), 1e-12, 1e-12));
    CHECK(allclose(flip(w::nuttall(n, true, d), 0), w::nuttall(n, true, d), 1e-12, 1e-12));
  }
}

TEST_CASE("windows: lengths, dtypes and what they refuse", "[ops][fft]") {
  CHECK(hann_window(0).numel() == 0);
  CHECK(hann_window(1).item<double>() == 1);
  CHECK(w::kaiser(1).item<double>() == 1);
  CHECK(hann_window(4, true, {.dtype = kFloat16}).dtype() == kFloat16);
  CHECK(w::hann(4, true, {.dtype = kFloat64, .requires_grad = true}).requires_grad());
  CHECK(w::hann(4, true, {.device = kMeta}).device().is_meta());
  CHECK_THROWS_AS(hann_window(-1), Error);
  CHECK_THROWS_AS(hann_window(3, true, {.dtype = kInt64}), Error);
  CHECK_THROWS_AS(w::hann(3, true, {.dtype = kFloat16}), Error);
  CHECK_THROWS_AS(w::exponential(3, {.center = 1}), Error);
  CHECK_THROWS_AS(w::gaussian(3, 0), Error);
  CHECK_THROWS_AS(w::kaiser(3, -1), Error);
  CHECK_THROWS_AS(w::general_cosine(3, {}), Error);
}
