#pragma once

/// Helper functions of the activations and their gradients, on REAL.
namespace lazuli::gpu {

inline constexpr const char* kSigmoid = R"gpu(
DEVICE REAL logistic(REAL x) { return NUM(1.0) / (NUM(1.0) + exp(-x)); }
)gpu";

// log(1 + e^x) = max(x, 0) + log1p(e^-|x|)
inline constexpr const char* kLogOnePlusExp = R"gpu(
DEVICE REAL log_one_plus_exp(REAL x) { return (x < 0 ? NUM(0.0) : x) + log1p(exp(-fabs(x))); }
)gpu";

// tanh(log(1 + e^x)) = n / (n + 2), n = e (e + 2), e = e^x; 1 from x = 20 on
inline constexpr const char* kMish = R"gpu(
DEVICE REAL mish_exp(REAL x) { return exp(x > NUM(20.0) ? NUM(20.0) : x); }
DEVICE REAL mish_tanh(REAL e) { REAL n = e * (e + NUM(2.0)); return n / (n + NUM(2.0)); }
DEVICE REAL mish_gradient(REAL x) {
  REAL e = mish_exp(x), t = mish_tanh(e);
  return t + x * (e / (e + NUM(1.0))) * (NUM(1.0) - t * t);
}
)gpu";

// u = sqrt(2 / pi) (x + 0.044715 x^3); gelu = x sigmoid(2 u)
inline constexpr const char* kGeluTanh = R"gpu(
DEVICE REAL gelu_tanh_gate(REAL x) { return logistic(x * (NUM(0.0713548162726009) * x * x + NUM(1.5957691216057308))); }
DEVICE REAL gelu_tanh_gradient(REAL x) {
  REAL s = gelu_tanh_gate(x);
  return s + x * s * (NUM(1.0) - s) * (NUM(0.2140644488178027) * x * x + NUM(1.5957691216057308));
}
)gpu";

// x cdf(x), cdf = (1 + erf(x / sqrt 2)) / 2; its derivative is cdf + x e^(-x^2 / 2) / sqrt(2 pi)
inline constexpr const char* kGelu = R"gpu(
DEVICE REAL gelu_cdf(REAL x) { return NUM(0.5) * erf(x * NUM(0.70710678118654752440)) + NUM(0.5); }
DEVICE REAL gelu_gradient(REAL x) { return gelu_cdf(x) + x * NUM(0.39894228040143267794) * exp(NUM(-0.5) * x * x); }
)gpu";

// of x sigmoid(x)
inline constexpr const char* kSiluGradient = R"gpu(
DEVICE REAL silu_gradient(REAL x) { REAL s = logistic(x); return s * (x * (NUM(1.0) - s) + NUM(1.0)); }
)gpu";

}  // namespace lazuli::gpu
