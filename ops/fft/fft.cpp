#include "lazuli/ops/fft/fft.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/fft/transform.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::fft {
namespace {

using namespace spectral;

int64_t wrapped_dim(const char* op, int64_t dim, const Tensor& self) {
  need_defined(op, self);
  if (self.dim() == 0) fail(ErrorKind::Index, op, "dim", "a tensor with dimensions", "dim " + std::to_string(dim) + " of a 0-d tensor");
  return wrap_dim(dim, self.dim(), op);
}
void need_values_of(const char* op, const char* argument, int64_t n) {
  if (n < 1) fail(op, argument, "at least one value to transform", std::to_string(n));
}
void need_real(const char* op, const Tensor& self) {
  if (self.is_complex()) fail(ErrorKind::Type, op, "self", "a real tensor", name(self.dtype()));
}

// The chosen dimension, resized to n; for real results n is that of the result and half of it is there.
struct Line {
  Tensor tensor;
  int64_t dim, n;
};
Line line_of(const char* op, const Tensor& self, const FFTOptions& options, bool complex, bool to_real) {
  const int64_t dim = wrapped_dim(op, options.dim, self);
  const int64_t there = self.sizes()[dim], n = options.n ? *options.n : to_real ? 2 * (there - 1) : there;
  need_values_of(op, options.n ? "n" : "self", n);
  return {resized(promoted(op, self, complex), dim, to_real ? n / 2 + 1 : n), dim, n};
}

Tensor whole(const char* op, const Tensor& self, const FFTOptions& options, bool forward) {
  if (const Casting cast{Cast::Float32, self}) return whole(op, cast(self), options, forward);
  const Line line = line_of(op, self, options, true, false);
  return complex_to_complex(line.tensor, {line.dim}, forward, scale_of(op, options.norm, double(line.n), forward));
}
Tensor halved(const char* op, const Tensor& self, const FFTOptions& options, bool forward) {
  if (const Casting cast{Cast::Float32, self}) return halved(op, cast(self), options, forward);
  need_defined(op, self);
  need_real(op, self);
  const Line line = line_of(op, self, options, false, false);
  return real_to_complex(line.tensor, line.dim, forward, scale_of(op, options.norm, double(line.n), forward));
}
Tensor hermitian(const char* op, const Tensor& self, const FFTOptions& options, bool forward) {
  if (const Casting cast{Cast::Float32, self}) return hermitian(op, cast(self), options, forward);
  const Line line = line_of(op, self, options, true, true);
  return complex_to_real(line.tensor, line.dim, line.n, forward, scale_of(op, options.norm, double(line.n), forward));
}

// The chosen dimensions, each once, and how many values each has.
struct Box {
  Shape dims, sizes;
  double values = 1;
  Shape without_last() const { return Shape(dims.data(), dims.size() - 1); }
};
Box box_of(const char* op, const Tensor& self, const std::optional<Shape>& s, const std::optional<Shape>& dim, bool to_real) {
  need_defined(op, self);
  Box box;
  if (dim) {
    for (int64_t d : *dim) {
      d = wrapped_dim(op, d, self);
      for (int64_t other : box.dims)
        if (other == d) fail(op, "dim", "each dimension once", to_string(*dim));
      box.dims.push_back(d);
    }
    if (s && s->size() != dim->size()) fail(op, "s", "a size for each of " + std::to_string(dim->size()) + " dimensions", to_string(*s));
  } else {
    const int64_t count = s ? s->size() : self.dim();
    if (count > self.dim()) fail(op, "s", "at most " + std::to_string(self.dim()) + " sizes", to_string(*s));
    for (int64_t d = self.dim() - count; d < self.dim(); ++d) box.dims.push_back(d);
  }
  for (int64_t i = 0; i < box.dims.size(); ++i) {
    const bool given = s && (*s)[i] != -1, last = i == box.dims.size() - 1;
    const int64_t there = self.sizes()[box.dims[i]], n = given ? (*s)[i] : to_real && last ? 2 * (there - 1) : there;
    need_values_of(op, given ? "s" : "self", n);
    box.sizes.push_back(n);
    box.values *= double(n);
  }
  return box;
}
// All of them resized; of the last, where `to_real`, to the half that is there.
Tensor resized_to(const Box& box, Tensor t, bool to_real) {
  for (int64_t i = 0; i < box.dims.size(); ++i)
    t = resized(t, box.dims[i], to_real && i == box.dims.size() - 1 ? box.sizes[i] / 2 + 1 : box.sizes[i]);
  return t;
}
void need_dims(const char* op, const Box& box) {
  if (box.dims.empty()) fail(op, "dim", "at least one dimension", "none");
}

Tensor whole(const char* op, const Tensor& self, FFTNOptions options, bool forward) {
  take_braces(options);
  if (const Casting cast{Cast::Float32, self}) return whole(op, cast(self), options, forward);
  const Box box = box_of(op, self, options.s, options.dim, false);
  const double scale = scale_of(op, options.norm, box.values, forward);
  return complex_to_complex(resized_to(box, promoted(op, self, true), false), box.dims, forward, scale);
}
Tensor halved(const char* op, const Tensor& self, FFTNOptions options, bool forward) {
  take_braces(options);
  if (const Casting cast{Cast::Float32, self}) return halved(op, cast(self), options, forward);
  need_defined(op, self);
  need_real(op, self);
  const Box box = box_of(op, self, options.s, options.dim, false);
  need_dims(op, box);
  const double scale = scale_of(op, options.norm, box.values, forward);
  Tensor t = real_to_complex(resized_to(box, promoted(op, self, false), false), box.dims[box.dims.size() - 1], forward, scale);
  return box.dims.size() == 1 ? t : complex_to_complex(t, box.without_last(), forward, 1);
}
Tensor hermitian(const char* op, const Tensor& self, FFTNOptions options, bool forward) {
  take_braces(options);
  if (const Casting cast{Cast::Float32, self}) return hermitian(op, cast(self), options, forward);
  const Box box = box_of(op, self, options.s, options.dim, true);
  need_dims(op, box);
  const double scale = scale_of(op, options.norm, box.values, forward);
  Tensor t = resized_to(box, promoted(op, self, true), true);
  if (box.dims.size() > 1) t = complex_to_complex(t, box.without_last(), forward, 1);
  return complex_to_real(t, box.dims[box.dims.size() - 1], box.sizes[box.sizes.size() - 1], forward, scale);
}
FFTNOptions of(FFT2Options& options) {
  take_braces(options);
  return {.s = std::move(options.s), .dim = std::move(options.dim), .norm = std::move(options.norm)};
}

Tensor shifted(const char* op, const Tensor& self, const DimList& dim, bool back) {
  need_defined(op, self);
  Shape shifts, dims;
  if (dim.empty())
    for (int64_t d = 0; d < self.dim(); ++d) dims.push_back(d);
  else
    for (int64_t d : dim) dims.push_back(wrap_dim(d, self.dim(), op));  // one that is named twice is shifted twice
  if (self.dim() == 0) return self.clone();
  for (int64_t d : dims) shifts.push_back((self.sizes()[d] + back) / 2);
  return roll(self, shifts, dims);
}

void check_samples(const char* op, int64_t n, double d) {
  need_values_of(op, "n", n);
  if (d == 0) fail(op, "d", "a distance other than 0", "0");
}

}  // namespace

Tensor with_options::fft(const Tensor& self, FFTOptions options) { return whole("fft.fft", self, options, true); }
Tensor with_options::ifft(const Tensor& self, FFTOptions options) { return whole("fft.ifft", self, options, false); }
Tensor with_options::rfft(const Tensor& self, FFTOptions options) { return halved("fft.rfft", self, options, true); }
Tensor with_options::irfft(const Tensor& self, FFTOptions options) { return hermitian("fft.irfft", self, options, false); }
Tensor with_options::hfft(const Tensor& self, FFTOptions options) { return hermitian("fft.hfft", self, options, true); }
Tensor with_options::ihfft(const Tensor& self, FFTOptions options) { return halved("fft.ihfft", self, options, false); }

Tensor fftn(const Tensor& self, FFTNOptions options) { return whole("fft.fftn", self, options, true); }
Tensor ifftn(const Tensor& self, FFTNOptions options) { return whole("fft.ifftn", self, options, false); }
Tensor rfftn(const Tensor& self, FFTNOptions options) { return halved("fft.rfftn", self, options, true); }
Tensor irfftn(const Tensor& self, FFTNOptions options) { return hermitian("fft.irfftn", self, options, false); }
Tensor hfftn(const Tensor& self, FFTNOptions options) { return hermitian("fft.hfftn", self, options, true); }
Tensor ihfftn(const Tensor& self, FFTNOptions options) { return halved("fft.ihfftn", self, options, false); }

Tensor fft2(const Tensor& self, FFT2Options options) { return whole("fft.fft2", self, of(options), true); }
Tensor ifft2(const Tensor& self, FFT2Options options) { return whole("fft.ifft2", self, of(options), false); }
Tensor rfft2(const Tensor& self, FFT2Options options) { return halved("fft.rfft2", self, of(options), true); }
Tensor irfft2(const Tensor& self, FFT2Options options) { return hermitian("fft.irfft2", self, of(options), false); }
Tensor hfft2(const Tensor& self, FFT2Options options) { return hermitian("fft.hfft2", self, of(options), true); }
Tensor ihfft2(const Tensor& self, FFT2Options options) { return halved("fft.ihfft2", self, of(options), false); }

Tensor fftfreq(int64_t n, double d, const CreationOptions& options) {
  check_samples("fft.fftfreq", n, d);
  const int64_t positive = n / 2 + n % 2;
  CreationOptions made = options;
  made.requires_grad = false;
  if (!made.dtype) made.dtype = get_default_dtype();
  Tensor out = roll(arange(positive - n, positive, 1, made), {positive}, {0});
  out = mul(out, Scalar(1 / (double(n) * d)));
  return options.requires_grad ? out.requires_grad_() : out;
}
Tensor rfftfreq(int64_t n, double d, const CreationOptions& options) {
  check_samples("fft.rfftfreq", n, d);
  CreationOptions made = options;
  made.requires_grad = false;
  if (!made.dtype) made.dtype = get_default_dtype();
  Tensor out = mul(arange(0, n / 2 + 1, 1, made), Scalar(1 / (double(n) * d)));
  return options.requires_grad ? out.requires_grad_() : out;
}

Tensor fftshift(const Tensor& self, const DimList& dim) { return shifted("fft.fftshift", self, dim, false); }
Tensor ifftshift(const Tensor& self, const DimList& dim) { return shifted("fft.ifftshift", self, dim, true); }

}  // namespace lazuli::fft

namespace lazuli {

void register_fft(OpTable& table) {
  table.add("fft.fft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor", &fft::with_options::fft);
  table.add("fft.ifft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor", &fft::with_options::ifft);
  table.add("fft.rfft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor", &fft::with_options::rfft);
  table.add("fft.irfft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor", &fft::with_options::irfft);
  table.add("fft.hfft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor", &fft::with_options::hfft);
  table.add("fft.ihfft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor", &fft::with_options::ihfft);
  table.alias("fft", "fft.fft");
  table.alias("ifft", "fft.ifft");
  table.alias("rfft", "fft.rfft");
  table.alias("irfft", "fft.irfft");
  table.add("fft.fftn(Tensor self, int[]? s=None, int[]? dim=None, str? norm=None) -> Tensor", &fft::fftn);
  table.add("fft.ifftn(Tensor self, int[]? s=None, int[]? dim=None, str? norm=None) -> Tensor", &fft::ifftn);
  table.add("fft.rfftn(Tensor self, int[]? s=None, int[]? dim=None, str? norm=None) -> Tensor", &fft::rfftn);
  table.add("fft.irfftn(Tensor self, int[]? s=None, int[]? dim=None, str? norm=None) -> Tensor", &fft::irfftn);
  table.add("fft.hfftn(Tensor self, int[]? s=None, int[]? dim=None, str? norm=None) -> Tensor", &fft::hfftn);
  table.add("fft.ihfftn(Tensor self, int[]? s=None, int[]? dim=None, str? norm=None) -> Tensor", &fft::ihfftn);
  table.add("fft.fft2(Tensor self, int[]? s=None, int[] dim=[-2, -1], str? norm=None) -> Tensor", &fft::fft2);
  table.add("fft.ifft2(Tensor self, int[]? s=None, int[] dim=[-2, -1], str? norm=None) -> Tensor", &fft::ifft2);
  table.add("fft.rfft2(Tensor self, int[]? s=None, int[] dim=[-2, -1], str? norm=None) -> Tensor", &fft::rfft2);
  table.add("fft.irfft2(Tensor self, int[]? s=None, int[] dim=[-2, -1], str? norm=None) -> Tensor", &fft::irfft2);
  table.add("fft.hfft2(Tensor self, int[]? s=None, int[] dim=[-2, -1], str? norm=None) -> Tensor", &fft::hfft2);
  table.add("fft.ihfft2(Tensor self, int[]? s=None, int[] dim=[-2, -1], str? norm=None) -> Tensor", &fft::ihfft2);
  table.add("fft.fftshift(Tensor self, int[]? dim=None) -> Tensor", &fft::fftshift);
  table.add("fft.ifftshift(Tensor self, int[]? dim=None) -> Tensor", &fft::ifftshift);
  table.add("fft.fftfreq(int n, float d=1.0, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, double d, std::optional<DType> t, std::optional<Device> on, bool g) {
              return fft::fftfreq(n, d, {t, on, g});
            });
  table.add("fft.rfftfreq(int n, float d=1.0, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](int64_t n, double d, std::optional<DType> t, std::optional<Device> on, bool g) {
              return fft::rfftfreq(n, d, {t, on, g});
            });
}

}  // namespace lazuli
