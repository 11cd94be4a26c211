#include "lazuli/ops/fft/stft.h"

#include <algorithm>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/warning.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/fft/transform.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/padding.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

std::string text(int64_t n) { return std::to_string(n); }

// The window of n_fft values: the given one in the middle of zeros, or ones; undefined where all are 1.
Tensor window_of(const char* op, const OptionalTensor& given, int64_t win_length, int64_t n_fft, const Tensor& beside) {
  if (win_length < 1 || win_length > n_fft) fail(op, "win_length", "a length from 1 to n_fft (" + text(n_fft) + ")", text(win_length));
  Tensor w;
  if (given && given->defined()) {
    w = *given;
    if (w.dim() != 1 || w.numel() != win_length)
      fail(op, "window", "one dimension of win_length (" + text(win_length) + ") values", "sizes " + to_string(w.sizes()));
    need_differentiable(op, w, "window");
  } else if (win_length < n_fft) {
    w = ones({win_length}, {.dtype = beside.is_complex() ? real(beside).dtype() : beside.dtype(), .device = beside.device()});
  }
  if (w.defined() && win_length < n_fft) {
    const int64_t left = (n_fft - win_length) / 2;
    w = constant_pad_nd(w, {left, n_fft - win_length - left});
  }
  return w;
}

}  // namespace

Tensor stft(const Tensor& self, int64_t n_fft, STFTOptions options) {
  if (const Casting cast{Cast::Float32, self, options}) return stft(cast(self), n_fft, cast(options));
  constexpr const char* op = "stft";
  need_defined(op, self);
  check_members(op, options);
  need_differentiable(op, self);
  spectral::promoted(op, self, false);
  if (self.dim() != 1 && self.dim() != 2) fail(op, "self", "one or two dimensions", "sizes " + to_string(self.sizes()));
  const bool complex = self.is_complex() || (options.window && options.window->defined() && options.window->is_complex());
  if (!options.return_complex && !complex)
    fail(op, "return_complex", "true, or false for real and imaginary parts as a last dimension, where the signal is real", "none");
  const bool onesided = options.onesided.value_or(!complex);
  if (onesided && complex) fail(op, "onesided", "false where signal or window is complex", "true");
  const bool aligned = options.align_to_window.value_or(false);
  if (options.center && options.align_to_window) fail(op, "align_to_window", "none where center is true", aligned ? "true" : "false");
  const int64_t hop = options.hop_length.value_or(n_fft / 4), win_length = options.win_length.value_or(n_fft);
  if (n_fft < 1) fail(op, "n_fft", "at least 1", text(n_fft));
  if (hop < 1) fail(op, "hop_length", "at least 1", text(hop));
  Tensor w = window_of(op, options.window, win_length, n_fft, self);

  Tensor signal = self.dim() == 1 ? self.unsqueeze(0) : self;
  const int64_t margin = options.center ? n_fft / 2 : aligned ? (n_fft - win_length) / 2 : 0;
  if (options.center) {
    signal = options.pad_mode == "constant" ? constant_pad_nd(signal, {margin, margin})
                                            : pad(signal.unsqueeze(1), {margin, margin}, options.pad_mode).squeeze(1);
  } else if (margin) {
    signal = constant_pad_nd(signal, {margin, margin});
  }
  const int64_t length = signal.sizes()[1];
  if (n_fft > length) fail(op, "n_fft", "at most the " + text(length) + " values of the signal", text(n_fft));
  Tensor pieces = signal.unfold(1, n_fft, hop);  // [batch, piece, n_fft]
  if (w.defined()) pieces = pieces * w;
  const double scale = options.normalized ? spectral::scale_of(op, "ortho", double(n_fft), true) : 1;
  Tensor out = onesided ? spectral::real_to_complex(spectral::promoted(op, pieces, false), 2, true, scale)
                        : spectral::complex_to_complex(spectral::promoted(op, pieces, true), {2}, true, scale);
  out = out.transpose(1, 2);
  if (self.dim() == 1) out = out.squeeze(0);
  return options.return_complex.value_or(true) ? out : view_as_real(out);
}

Tensor istft(const Tensor& self, int64_t n_fft, ISTFTOptions options) {
  constexpr const char* op = "istft";
  need_defined(op, self);
  check_members(op, options);
  if (!self.is_complex()) fail(ErrorKind::Type, op, "self", "complex transforms", name(self.dtype()));
  if (self.numel() == 0 || (self.dim() != 2 && self.dim() != 3))
    fail(op, "self", "[frequency, piece] or [batch, frequency, piece], not empty", "sizes " + to_string(self.sizes()));
  if (n_fft < 1) fail(op, "n_fft", "at least 1", text(n_fft));
  const int64_t hop = options.hop_length.value_or(n_fft / 4), win_length = options.win_length.value_or(n_fft);
  const int64_t frequencies = self.sizes()[-2], pieces = self.sizes()[-1];
  const bool onesided = options.onesided.value_or(frequencies != n_fft);
  if (frequencies != (onesided ? n_fft / 2 + 1 : n_fft))
    fail(op, "self", text(onesided ? n_fft / 2 + 1 : n_fft) + " frequencies for n_fft " + text(n_fft), text(frequencies));
  Tensor w = window_of(op, options.window, win_length, n_fft, self);
  if (hop < 1 || hop > win_length) fail(op, "hop_length", "from 1 to win_length (" + text(win_length) + ")", text(hop));
  if (options.return_complex && onesided) fail(op, "onesided", "false for a complex result", "true");
  if (!options.return_complex && w.defined() && w.is_complex()) fail(op, "window", "a real one for a real result", name(w.dtype()));

  Tensor in = (self.dim() == 2 ? self.unsqueeze(0) : self).transpose(1, 2);  // [batch, piece, frequency]
  const double scale = spectral::scale_of(op, options.normalized ? "ortho" : "backward", double(n_fft), false);
  if (!options.return_complex && !onesided) in = in.narrow(2, 0, n_fft / 2 + 1);
  Tensor values =
      options.return_complex ? spectral::complex_to_complex(in, {2}, false, scale) : spectral::complex_to_real(in, 2, n_fft, false, scale);
  if (!w.defined()) w = ones({n_fft}, {.dtype = real(self).dtype(), .device = self.device()});
  values = values * w;

  const int64_t whole = size_sum(n_fft, size_product(hop, pieces - 1, op), op);
  Tensor place = arange(0, pieces, 1, {.device = self.device()}).unsqueeze(1) * Scalar(hop) + arange(0, n_fft, 1, {.device = self.device()});
  place = place.reshape({pieces * n_fft});
  const auto added = [&](const Tensor& t) {  // [rows, piece, n_fft] to [rows, time]
    const int64_t rows = t.sizes()[0];
    Tensor none = zeros({rows, whole}, {.dtype = t.dtype(), .device = t.device()});
    return index_add(none, 1, place, t.reshape({rows, pieces * n_fft}));
  };
  const int64_t start = options.center ? n_fft / 2 : 0;
  if (options.length && *options.length < 0) fail(op, "length", "a length that is not negative", text(*options.length));
  const int64_t end = options.length ? size_sum(start, *options.length, op) : options.center ? whole - n_fft / 2 : whole;
  const int64_t there = std::max(start, std::min(end, whole));
  Tensor signal = added(values).narrow(1, start, there - start);
  Tensor weight = added((w * w).expand({1, pieces, n_fft})).narrow(1, start, there - start);
  need_values(ErrorKind::Argument, op, "window", "one whose squares nowhere add up to 0", weight, abs(weight.detach()) > Scalar(1e-11));
  signal = signal / weight;
  if (end > there) {
    warn_once("istft: the signal ends before `length` and is filled with zeros");
    signal = constant_pad_nd(signal, {0, end - there});
  }
  return self.dim() == 2 ? signal.squeeze(0) : signal;
}

void register_stft(OpTable& table) {
  table.add(
      "stft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, str pad_mode='reflect', bool "
      "normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor",
      &stft);
  table.add(
      "istft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, bool normalized=False, bool? "
      "onesided=None, int? length=None, bool return_complex=False) -> Tensor",
      &istft);
}

}  // namespace lazuli
