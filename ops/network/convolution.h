#pragma once
#include <string_view>

#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Convolutions (cross-correlations, as everywhere in deep learning) and their transposes, over one to three spatial dimensions.
///
/// Input [n, channels, spatial..], or without n; a bias of [output channels] is added. `stride`, `padding`, `dilation` and `output_padding` have one entry for each
/// spatial dimension, or one for all. `groups` cuts the channels into groups that do not see each other. Any dtype but bool, the same for all operands.
/// All throw Error for sizes that do not fit each other, an output without elements along a spatial dimension, and parameters out of range.
namespace lazuli {

class Value;

/// How much is put around an image: so many zeros at either side of each dimension, "valid" (none) or "same" (as many as give the output the input's size, one more behind
/// than before where they are odd; for stride 1).
class ConvolutionPadding {
 public:
  template <std::integral First, SizeNumber... Rest>
  ConvolutionPadding(First first, Rest... rest) : amounts_(int64_t(first), rest...) {}
  ConvolutionPadding(const Shape& amounts) : amounts_(amounts) {}
  template <SizeNumbers Numbers>
  ConvolutionPadding(const Numbers& amounts) : amounts_(amounts) {}
  /// Throws Error for another word.
  ConvolutionPadding(std::string_view word);
  ConvolutionPadding(const char* word);

  bool is_same() const { return word_ == Word::Same; }
  /// "same" or "valid"; empty for numbers.
  std::string_view word() const { return word_ == Word::Same ? "same" : word_ == Word::Valid ? "valid" : ""; }
  /// Empty for "same", 0 for "valid".
  const Shape& amounts() const { return amounts_; }
  bool operator==(const ConvolutionPadding& other) const = default;

 private:
  enum class Word : uint8_t { None, Valid, Same };
  Shape amounts_;
  Word word_ = Word::None;
};
/// As Python writes it: "(1, 1)", "same".
std::string written(const ConvolutionPadding& padding);
void from_value(const Value& value, ConvolutionPadding& into);

struct ConvFunctionOptions {
  OptionalTensor bias = {};  // [output channels]
  Shape stride = 1;
  ConvolutionPadding padding = 0;
  Shape dilation = 1;
  int64_t groups = 1;
  template <class O = ConvFunctionOptions>
  static constexpr auto members() {
    return Members{member("bias", &O::bias), member("stride", &O::stride, {.least = 1}), member("padding", &O::padding),
                   member("dilation", &O::dilation, {.least = 1}), member("groups", &O::groups, {.least = 1})};
  }
};
namespace with_options {
Tensor conv1d(const Tensor& input, const Tensor& weight, ConvFunctionOptions options);
Tensor conv2d(const Tensor& input, const Tensor& weight, ConvFunctionOptions options);
Tensor conv3d(const Tensor& input, const Tensor& weight, ConvFunctionOptions options);
}
/// out[n, o, x..] = bias[o] + sum over c and k of input[n, c, x * stride - padding + k * dilation] weight[o, c, k..], for weight [output channels, channels / groups, kernel..].
/// The output has floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 places.
template <class Bias = ConvFunctionOptions>
Tensor conv1d(const Tensor& input, const Tensor& weight, Bias bias = {}, const Shape& stride = 1, const ConvolutionPadding& padding = 0,
              const Shape& dilation = 1, int64_t groups = 1) {
  return with_options::conv1d(input, weight, by_position<ConvFunctionOptions>(std::move(bias), stride, padding, dilation, groups));
}
inline Tensor conv1d(const Tensor& input, const Tensor& weight, const OptionalTensor& bias, ConvFunctionOptions rest) {
  rest.bias = bias;
  return with_options::conv1d(input, weight, std::move(rest));
}
Tensor conv1d(...) = delete;  // conv1d(input, weight, [bias], {.stride, .padding, .dilation, .groups}) or these by position
template <class Bias = ConvFunctionOptions>
Tensor conv2d(const Tensor& input, const Tensor& weight, Bias bias = {}, const Shape& stride = 1, const ConvolutionPadding& padding = 0,
              const Shape& dilation = 1, int64_t groups = 1) {
  return with_options::conv2d(input, weight, by_position<ConvFunctionOptions>(std::move(bias), stride, padding, dilation, groups));
}
inline Tensor conv2d(const Tensor& input, const Tensor& weight, const OptionalTensor& bias, ConvFunctionOptions rest) {
  rest.bias = bias;
  return with_options::conv2d(input, weight, std::move(rest));
}
Tensor conv2d(...) = delete;  // conv2d(input, weight, [bias], {.stride, .padding, .dilation, .groups}) or these by position
template <class Bias = ConvFunctionOptions>
Tensor conv3d(const Tensor& input, const Tensor& weight, Bias bias = {}, const Shape& stride = 1, const ConvolutionPadding& padding = 0,
              const Shape& dilation = 1, int64_t groups = 1) {
  return with_options::conv3d(input, weight, by_position<ConvFunctionOptions>(std::move(bias), stride, padding, dilation, groups));
}
inline Tensor conv3d(const Tensor& input, const Tensor& weight, const OptionalTensor& bias, ConvFunctionOptions rest) {
  rest.bias = bias;
  return with_options::conv3d(input, weight, std::move(rest));
}
Tensor conv3d(...) = delete;  // conv3d(input, weight, [bias], {.stride, .padding, .dilation, .groups}) or these by position

struct ConvTransposeFunctionOptions {
  OptionalTensor bias = {};
  Shape stride = 1, padding = 0, output_padding = 0;
  int64_t groups = 1;
  Shape dilation = 1;
  template <class O = ConvTransposeFunctionOptions>
  static constexpr auto members() {
    return Members{member("bias", &O::bias),
                   member("stride", &O::stride, {.least = 1}),
                   member("padding", &O::padding, {.least = 0}),
                   member("output_padding", &O::output_padding, {.least = 0}),
                   member("groups", &O::groups, {.least = 1}),
                   member("dilation", &O::dilation, {.least = 1})};
  }
};
namespace with_options {
Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, ConvTransposeFunctionOptions options);
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, ConvTransposeFunctionOptions options);
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, ConvTransposeFunctionOptions options);
}
/// The gradient of such a convolution with respect to its input, as an operator: weight [channels, output channels / groups, kernel..]. The output has
/// (size - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1 places; output_padding, which tells sizes apart that a convolution with that stride maps to one, is
/// less than stride or dilation.
template <class Bias = ConvTransposeFunctionOptions>
Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, Bias bias = {}, const Shape& stride = 1, const Shape& padding = 0,
                        const Shape& output_padding = 0, int64_t groups = 1, const Shape& dilation = 1) {
  return with_options::conv_transpose1d(
      input, weight, by_position<ConvTransposeFunctionOptions>(std::move(bias), stride, padding, output_padding, groups, dilation));
}
inline Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, const OptionalTensor& bias, ConvTransposeFunctionOptions rest) {
  rest.bias = bias;
  return with_options::conv_transpose1d(input, weight, std::move(rest));
}
Tensor conv_transpose1d(...) =
    delete;  // conv_transpose1d(input, weight, [bias], {.stride, .padding, .output_padding, .groups, .dilation}) or these by position
template <class Bias = ConvTransposeFunctionOptions>
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, Bias bias = {}, const Shape& stride = 1, const Shape& padding = 0,
                        const Shape& output_padding = 0, int64_t groups = 1, const Shape& dilation = 1) {
  return with_options::conv_transpose2d(
      input, weight, by_position<ConvTransposeFunctionOptions>(std::move(bias), stride, padding, output_padding, groups, dilation));
}
inline Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const OptionalTensor& bias, ConvTransposeFunctionOptions rest) {
  rest.bias = bias;
  return with_options::conv_transpose2d(input, weight, std::move(rest));
}
Tensor conv_transpose2d(...) =
    delete;  // conv_transpose2d(input, weight, [bias], {.stride, .padding, .output_padding, .groups, .dilation}) or these by position
template <class Bias = ConvTransposeFunctionOptions>
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, Bias bias = {}, const Shape& stride = 1, const Shape& padding = 0,
                        const Shape& output_padding = 0, int64_t groups = 1, const Shape& dilation = 1) {
  return with_options::conv_transpose3d(
      input, weight, by_position<ConvTransposeFunctionOptions>(std::move(bias), stride, padding, output_padding, groups, dilation));
}
inline Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, const OptionalTensor& bias, ConvTransposeFunctionOptions rest) {
  rest.bias = bias;
  return with_options::conv_transpose3d(input, weight, std::move(rest));
}
Tensor conv_transpose3d(...) =
    delete;  // conv_transpose3d(input, weight, [bias], {.stride, .padding, .output_padding, .groups, .dilation}) or these by position

/// conv1d of a sequence [time, n, channels] with weight [kernel, channels, output channels] and bias [output channels].
Tensor conv_tbc(const Tensor& input, const Tensor& weight, const Tensor& bias, int64_t pad = 0);

}  // namespace lazuli
