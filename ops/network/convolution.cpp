#include "lazuli/ops/network/convolution.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/network/window.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

struct Window {
  Shape stride, padding, dilation;
  int64_t groups;

  // Where there is one window, or one place in it, no step is taken: 1 then, whatever number was given.
  void forget_unused(const Shape& windows, const Shape& kernel) {
    for (int64_t d = 0; d < kernel.size(); ++d) {
      if (windows[d] <= 1) stride[d] = 1;
      if (kernel[d] == 1) dilation[d] = 1;
    }
  }
};

Tensor sum_over_all_but_channels(const Tensor& t) { return reduction::sum_masked(t, ((uint64_t(1) << t.dim()) - 1) & ~uint64_t(2), false); }

Tensor per_channel(const Tensor& bias, const Shape& sizes) {
  Shape each = Shape::filled(sizes.size(), 1);
  each[1] = sizes[1];
  return expand(reshape(bias, each), sizes);
}

// The three operators below are each other's derivatives:
//   convolve:    y[o] = sum_k x[o s - p + k d] w[k]      transpose: x[o s - p + k d] = sum_(o, k) y[o] w[k]      correlate: w[k] = sum_o y[o] x[o s - p + k d]
// each linear in both operands, so that the gradient of one operand is one of them, of the incoming gradient and the conjugate of the other operand.
Tensor transpose(const char* name, const Tensor& y, const Tensor& weight, const Tensor& bias, const Window& w, const Shape& places);
Tensor correlate(const char* name, const Tensor& y, const Tensor& x, const Window& w, const Shape& kernel);

// Of x, weight and bias, as one of `product(x, weight, bias)` for each of the first two: the bias goes with either.
template <class F>
Grads convolution_tangent(const Tensor& grad, Needs needs, const SavedTensor& x, const SavedTensor& weight, F product) {
  return linear_map(grad, needs, [x = keep(x.get()), weight = keep(weight.get()), product, sizes = grad.sizes()](const Grads& tangents) {
    const bool of_x = tangents[0].defined(), of_weight = tangents[1].defined();
    if (!of_x && !of_weight) return Grads{per_channel(tangents[2], sizes)};
    return Grads{sum_of_tangents(of_x ? product(tangents[0], weight.get(), tangents[2]) : Tensor(),
                                 of_weight ? product(x.get(), tangents[1], of_x ? Tensor() : tangents[2]) : Tensor())};
  });
}

Tensor convolve(const char* name, const Tensor& x, const Tensor& weight, const Tensor& bias, const Window& w, const Shape& places) {
  Shape sizes = window::with_spatial(x.sizes(), places);
  sizes[1] = weight.sizes()[0];
  auto tape = Tape::recording(x, weight, bias);
  SavedTensor kept_x = tape.save(x, tape.needs(1)),
              kept_weight = tape.save(weight, tape.needs(0));  // before the kernel, for checkpoints that end here
  Tensor out = window::new_image(sizes, x.dtype(), is_channels_last(x) ? x : weight);
  if (out.numel()) convolution_kernel(out.device(), out, x, weight, bias, w.stride, w.padding, w.dilation, w.groups);
  if (tape)
    tape.record(name, out,
                [x = std::move(kept_x), weight = std::move(kept_weight), w, name, from = window::spatial(x.sizes(), places.size()),
                 kernel = window::spatial(weight.sizes(), places.size()), places](const Tensor& grad, Needs needs) {
                  if (linearizing())
                    return convolution_tangent(grad, needs, x, weight, [=](const Tensor& of_x, const Tensor& of_weight, const Tensor& of_bias) {
                      return convolve(name, of_x, of_weight, of_bias, w, places);
                    });
                  const Tensor of_weight = needs[1] ? correlate(name, grad, conj(x.get()), w, kernel) : Tensor();  // the last that needs the input
                  return Grads{needs[0] ? transpose(name, grad, conj(weight.get()), {}, w, from) : Tensor(), of_weight,
                               needs[2] ? sum_over_all_but_channels(grad) : Tensor()};
                });
  return out;
}

Tensor transpose(const char* name, const Tensor& y, const Tensor& weight, const Tensor& bias, const Window& w, const Shape& places) {
  Shape sizes = window::with_spatial(y.sizes(), places);
  sizes[1] = weight.sizes()[1] * w.groups;
  Tensor out = window::new_image(sizes, y.dtype(), is_channels_last(y) ? y : weight);
  if (out.numel()) {
    convolution_backward_input_kernel(out.device(), out, y, weight, w.stride, w.padding, w.dilation, w.groups);
    if (bias.defined()) {
      Shape strides = Shape::filled(out.dim(), 0);
      strides[1] = bias.strides()[0];
      binary_kernel(out.device(), BinaryOp::Add, out, out, alias(bias, out.sizes(), strides, bias.storage_offset()), Params());
    }
  }
  if (auto tape = Tape::recording(y, weight, bias))
    tape.record(
        name, out,
        [y = tape.save(y, tape.needs(1)), weight = tape.save(weight, tape.needs(0)), w, name, from = window::spatial(y.sizes(), places.size()),
         kernel = window::spatial(weight.sizes(), places.size()), places](const Tensor& grad, Needs needs) {
          if (linearizing())
            return convolution_tangent(grad, needs, y, weight, [=](const Tensor& of_y, const Tensor& of_weight, const Tensor& of_bias) {
              return transpose(name, of_y, of_weight, of_bias, w, places);
            });
          const Tensor of_weight = needs[1] ? correlate(name, conj(y.get()), grad, w, kernel) : Tensor();
          return Grads{needs[0] ? convolve(name, grad, conj(weight.get()), {}, w, from) : Tensor(), of_weight,
                       needs[2] ? sum_over_all_but_channels(grad) : Tensor()};
        });
  return out;
}

Tensor correlate(const char* name, const Tensor& y, const Tensor& x, const Window& w, const Shape& kernel) {
  Shape sizes = window::with_spatial(y.sizes(), kernel);
  sizes[0] = y.sizes()[1];
  sizes[1] = x.sizes()[1] / w.groups;
  Tensor out = new_tensor(sizes, y.dtype(), y.device());
  if (out.numel()) convolution_backward_weight_kernel(out.device(), out, y, x, w.stride, w.padding, w.dilation, w.groups);
  if (auto tape = Tape::recording(y, x))
    tape.record(name, out,
                [y = tape.save(y, tape.needs(1)), x = tape.save(x, tape.needs(0)), w, name, from_y = window::spatial(y.sizes(), kernel.size()),
                 from_x = window::spatial(x.sizes(), kernel.size())](const Tensor& grad, Needs needs) {
                  return Grads{needs[0] ? convolve(name, conj(x.get()), grad, {}, w, from_y) : Tensor(),
                               needs[1] ? transpose(name, conj(y.get()), grad, {}, w, from_x) : Tensor()};
                });
  return out;
}

// ---- what users call ----

void check_operands(const char* op, const Tensor& input, const Tensor& weight, const Tensor& bias, int64_t rank) {
  refuse_bool(op, input, "input");
  need_defined(op, weight, "weight");
  detail::check_device(op, "weight", input, weight);
  if (bias.defined()) detail::check_device(op, "bias", input, bias);
  if (weight.dtype() != input.dtype())
    fail(ErrorKind::Type, op, "weight", "the dtype of input, " + std::string(name(input.dtype())), name(weight.dtype()));
  if (bias.defined() && bias.dtype() != input.dtype())
    fail(ErrorKind::Type, op, "bias", "the dtype of input, " + std::string(name(input.dtype())), name(bias.dtype()));
  if (input.dim() != rank + 1 && input.dim() != rank + 2)
    fail(op, "input", std::to_string(rank + 2) + " dimensions, or without the batch " + std::to_string(rank + 1),
         "sizes " + to_string(input.sizes()));
  if (weight.dim() != rank + 2) fail(op, "weight", std::to_string(rank + 2) + " dimensions", "sizes " + to_string(weight.sizes()));
  for (int64_t size : window::spatial(weight.sizes(), rank))
    if (size < 1) fail(op, "weight", "a kernel of at least 1 in every dimension", "sizes " + to_string(weight.sizes()));
}

void check_groups(const char* op, const Tensor& weight, int64_t groups) {
  if (groups < 1) fail(op, "groups", "at least 1", std::to_string(groups));
  const int64_t channels = weight.sizes()[0];
  if (channels % groups || channels < groups)
    fail(op, "weight", "a first size that is a multiple of groups, " + std::to_string(groups), "sizes " + to_string(weight.sizes()));
}

void check_channels(const char* op, const Tensor& input, const Tensor& bias, int64_t rank, int64_t channels, int64_t out_channels) {
  if (input.sizes()[-rank - 1] != channels)
    fail(op, "input", std::to_string(channels) + " channels, as the weight has", "sizes " + to_string(input.sizes()));
  if (bias.defined() && !(bias.sizes() == Shape(out_channels)))
    fail(op, "bias", "sizes " + to_string(Shape(out_channels)), "sizes " + to_string(bias.sizes()));
}

// f(images): without the batch, of a batch of one.
template <class F>
Tensor batched(const Tensor& input, int64_t rank, F f) {
  return input.dim() == rank + 2 ? f(input) : squeeze(f(unsqueeze(input, 0)), Shape(0));
}

Tensor convolution(const char* op, int64_t rank, const Tensor& input, const Tensor& weight, const ConvFunctionOptions& o) {
  if (const Casting cast{Cast::Lower, input, weight, o}) return convolution(op, rank, cast(input), cast(weight), cast(o));
  const Tensor bias = o.bias.value_or(Tensor());
  const ConvolutionPadding& padding = o.padding;
  check_operands(op, input, weight, bias, rank);
  check_groups(op, weight, o.groups);
  Window w{window::entries(op, "stride", o.stride, rank, 1), {}, window::entries(op, "dilation", o.dilation, rank, 1), o.groups};
  check_channels(op, input, bias, rank, size_product(weight.sizes()[1], o.groups, op), weight.sizes()[0]);
  Shape from = window::spatial(input.sizes(), rank), kernel = window::spatial(weight.sizes(), rank), places = from;
  if (padding.is_same()) {
    w.padding = from;
    for (int64_t d = 0; d < rank; ++d) {
      if (w.stride[d] != 1) fail(op, "padding", "numbers, because stride is not 1", "'same'");
      w.padding[d] = w.dilation[d] * (kernel[d] - 1) / 2;
    }
  } else {
    w.padding = window::entries(op, "padding", padding.amounts(), rank, 0);
    for (int64_t d = 0; d < rank; ++d) {
      const int64_t padded = from[d] + 2 * w.padding[d], reach = w.dilation[d] * (kernel[d] - 1) + 1;
      if (padded < reach)
        fail(op, "input",
             "sizes that with the padding are at least those of the kernel, " + std::to_string(reach) + " in spatial dimension " + std::to_string(d),
             to_string(input.sizes()));
      places[d] = (padded - reach) / w.stride[d] + 1;
    }
  }
  w.forget_unused(places, kernel);
  return batched(input, rank, [&](const Tensor& x) { return convolve(op, x, weight, bias, w, places); });
}

Tensor transposed(const char* op, int64_t rank, const Tensor& input, const Tensor& weight, const ConvTransposeFunctionOptions& o) {
  if (const Casting cast{Cast::Lower, input, weight, o}) return transposed(op, rank, cast(input), cast(weight), cast(o));
  const Tensor bias = o.bias.value_or(Tensor());
  check_operands(op, input, weight, bias, rank);
  check_groups(op, weight, o.groups);
  Window w{window::entries(op, "stride", o.stride, rank, 1), window::entries(op, "padding", o.padding, rank, 0),
           window::entries(op, "dilation", o.dilation, rank, 1), o.groups};
  const Shape more = window::entries(op, "output_padding", o.output_padding, rank, 0);
  check_channels(op, input, bias, rank, weight.sizes()[0], size_product(weight.sizes()[1], o.groups, op));
  const Shape from = window::spatial(input.sizes(), rank), kernel = window::spatial(weight.sizes(), rank);
  Shape places = from;
  for (int64_t d = 0; d < rank; ++d) {
    if (more[d] >= std::max(w.stride[d], w.dilation[d]))
      fail(op, "output_padding", "less than stride or dilation, " + std::to_string(std::max(w.stride[d], w.dilation[d])),
           to_string(o.output_padding));
    places[d] = size_sum(size_product(from[d] - 1, w.stride[d], op), w.dilation[d] * (kernel[d] - 1) - 2 * w.padding[d] + more[d] + 1, op);
    if (places[d] < 1) fail(op, "input", "sizes that give an output of at least 1 in every dimension", to_string(input.sizes()));
  }
  w.forget_unused(from, kernel);
  return batched(input, rank, [&](const Tensor& x) { return transpose(op, x, weight, bias, w, places); });
}

}  // namespace

ConvolutionPadding::ConvolutionPadding(std::string_view word) : word_(word == "same" ? Word::Same : Word::Valid) {
  if (word != "same" && word != "valid") fail("convolution", "padding", "numbers, 'valid' or 'same'", "'" + std::string(word) + "'");
  if (!is_same()) amounts_ = 0;
}
ConvolutionPadding::ConvolutionPadding(const char* word) : ConvolutionPadding(std::string_view(word)) {}
std::string written(const ConvolutionPadding& padding) { return padding.word().empty() ? written(padding.amounts()) : std::string(padding.word()); }
void from_value(const Value& value, ConvolutionPadding& into) {
  if (value.kind() == Value::Kind::String) into = ConvolutionPadding(std::string_view(value.to_string()));
  else if (value.kind() == Value::Kind::List) into = ConvolutionPadding(value.to_shape());
  else into = ConvolutionPadding(value.to_int());
}

Tensor with_options::conv1d(const Tensor& input, const Tensor& weight, ConvFunctionOptions o) { return convolution("conv1d", 1, input, weight, o); }
Tensor with_options::conv2d(const Tensor& input, const Tensor& weight, ConvFunctionOptions o) { return convolution("conv2d", 2, input, weight, o); }
Tensor with_options::conv3d(const Tensor& input, const Tensor& weight, ConvFunctionOptions o) { return convolution("conv3d", 3, input, weight, o); }
Tensor with_options::conv_transpose1d(const Tensor& input, const Tensor& weight, ConvTransposeFunctionOptions o) {
  return transposed("conv_transpose1d", 1, input, weight, o);
}
Tensor with_options::conv_transpose2d(const Tensor& input, const Tensor& weight, ConvTransposeFunctionOptions o) {
  return transposed("conv_transpose2d", 2, input, weight, o);
}
Tensor with_options::conv_transpose3d(const Tensor& input, const Tensor& weight, ConvTransposeFunctionOptions o) {
  return transposed("conv_transpose3d", 3, input, weight, o);
}
Tensor conv_tbc(const Tensor& input, const Tensor& weight, const Tensor& bias, int64_t pad) {
  if (const Casting cast{Cast::Lower, input, weight, bias}) return conv_tbc(cast(input), cast(weight), cast(bias), pad);
  need_defined("conv_tbc", input, "input", weight, "weight", bias, "bias");
  if (input.dim() != 3) fail("conv_tbc", "input", "sizes [time, n, channels]", to_string(input.sizes()));
  if (weight.dim() != 3) fail("conv_tbc", "weight", "sizes [kernel, channels, output channels]", to_string(weight.sizes()));
  return permute(convolution("conv_tbc", 1, permute(input, {1, 2, 0}), permute(weight, {2, 1, 0}), {.bias = bias, .padding = pad}), {2, 0, 1});
}

namespace {
template <Tensor (*function)(const Tensor&, const Tensor&, ConvFunctionOptions)>
Tensor with_boxed_padding(const Tensor& input, const Tensor& weight, const OptionalTensor& bias, const Shape& stride, const Value& padding,
                          const Shape& dilation, int64_t groups) {
  ConvFunctionOptions options{.bias = bias, .stride = stride, .dilation = dilation, .groups = groups};
  from_value(padding, options.padding);
  return function(input, weight, options);
}
}  // namespace

void register_convolution(OpTable& table) {
  using Transpose = Tensor (*)(const Tensor&, const Tensor&, ConvTransposeFunctionOptions);
  table.add("conv1d(Tensor input, Tensor weight, Tensor? bias=None, int[1] stride=1, Any padding=0, int[1] dilation=1, int groups=1) -> Tensor",
            &with_boxed_padding<&with_options::conv1d>);
  table.add("conv2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, Any padding=0, int[2] dilation=1, int groups=1) -> Tensor",
            &with_boxed_padding<&with_options::conv2d>);
  table.add("conv3d(Tensor input, Tensor weight, Tensor? bias=None, int[3] stride=1, Any padding=0, int[3] dilation=1, int groups=1) -> Tensor",
            &with_boxed_padding<&with_options::conv3d>);
  table.add(
      "conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, int[1] stride=1, int[1] padding=0, int[1] output_padding=0, int groups=1, "
      "int[1] dilation=1) -> Tensor",
      Transpose(&with_options::conv_transpose1d));
  table.add(
      "conv_transpose2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, int[2] padding=0, int[2] output_padding=0, int groups=1, "
      "int[2] dilation=1) -> Tensor",
      Transpose(&with_options::conv_transpose2d));
  table.add(
      "conv_transpose3d(Tensor input, Tensor weight, Tensor? bias=None, int[3] stride=1, int[3] padding=0, int[3] output_padding=0, int groups=1, "
      "int[3] dilation=1) -> Tensor",
      Transpose(&with_options::conv_transpose3d));
  table.add("conv_tbc(Tensor input, Tensor weight, Tensor bias, int pad=0) -> Tensor", &conv_tbc);
}

}  // namespace lazuli
