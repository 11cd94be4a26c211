// Convolutions by the vendor's library, where it has them; what it declines is the composite.
#include "lazuli/backends/gpu/families.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/window_slots.h"

namespace lazuli::gpu {
namespace {

using Written = ConvolutionProblem::Written;

// Images of one spatial dimension as those of two, the first of one row.
Tensor with_rows(const Tensor& t) {
  if (t.dim() != 3) return t;
  Shape sizes = t.sizes(), strides = t.strides();
  sizes.insert(2, 1), strides.insert(2, 0);
  return alias(t, sizes, strides, t.storage_offset());
}
Shape with_rows(const Shape& per_dimension, int64_t of_row) {
  Shape all = per_dimension;
  if (all.size() == 1) all.insert(0, of_row);
  return all;
}

// A slot's windows begin with the padding and are as many as the output has. Libraries pad both sides alike and take as many windows as fit: where the last one reaches farther, the
// input gets zeros behind it. False where more windows fit than are wanted.
bool count_windows(ConvolutionProblem& p) {
  for (int64_t d = 0; d < p.stride.size(); ++d) {
    const int64_t places = p.output[d + 2], reach = (p.weight[d + 2] - 1) * p.dilation[d] + 1;
    const int64_t filled = (places - 1) * p.stride[d] + reach - 2 * p.padding[d];  // by the windows, without the padding
    int64_t& size = p.input[d + 2];
    size = std::max(size, filled);
    if (places == 1) p.stride[d] = size - filled + 1;  // a second one does not fit
    if (size - filled >= p.stride[d]) return false;
  }
  return true;
}

Shape strides_of(const Shape& sizes, bool channels_last) { return channels_last ? channels_last_strides(sizes) : contiguous_strides(sizes); }

bool lies_well(const Tensor& t, const Shape& strides) {
  for (int64_t d = 0; d < t.dim(); ++d)
    if (t.sizes()[d] != 1 && t.strides()[d] != strides[d]) return false;
  return reinterpret_cast<uintptr_t>(t.address()) % 16 == 0;
}

// An operand as the library wants it: itself, or a copy with zeros behind it; of the one that is written, room.
class Operand {
 public:
  Operand(const Tensor& t, const Shape& sizes, bool channels_last, bool written) : given_(t), tensor_(t) {
    const Shape strides = strides_of(sizes, channels_last);
    if (t.sizes() == sizes && lies_well(t, strides)) return;
    tensor_ = new_strided(sizes, strides, t.dtype(), t.device());
    if (written) return;
    if (!(t.sizes() == sizes)) fill_kernel(t.device(), tensor_, 0);
    Tensor within = part();
    copy_kernel(t.device(), within, t);
  }
  void* address() const { return tensor_.address(); }
  void commit() {
    if (!tensor_.is_same(given_)) copy_kernel(given_.device(), given_, part());
  }

 private:
  Tensor part() const { return alias(tensor_, given_.sizes(), tensor_.strides(), tensor_.storage_offset()); }
  Tensor given_, tensor_;
};

// Whether the library has done it.
bool by_library(Written written, const Tensor& input, const Tensor& weight, const Tensor& output, const Shape& stride, const Shape& padding,
                const Shape& dilation, int64_t groups) {
  if (input.numel() == 0 || weight.numel() == 0 || output.numel() == 0) return false;
  const Tensor x = with_rows(input), w = with_rows(weight), y = with_rows(output);
  const bool channels_last = is_channels_last(input) || is_channels_last(output);
  ConvolutionProblem p{.written = written,
                       .dtype = input.dtype(),
                       .channels_last = channels_last,
                       .input = x.sizes(),
                       .weight = w.sizes(),
                       .output = y.sizes(),
                       .stride = with_rows(stride, 1),
                       .padding = with_rows(padding, 0),
                       .dilation = with_rows(dilation, 1),
                       .groups = groups,
                       .index = input.device().index};
  if (!count_windows(p)) return false;
  Driver& driver = driver_of(input.device());
  const auto attempt = [&] {
    if (!driver.takes_convolution(p)) return false;
    Operand of_input(x, p.input, p.channels_last, written == Written::Input), of_weight(w, p.weight, p.channels_last, written == Written::Weight),
        of_output(y, p.output, p.channels_last, written == Written::Output);
    if (!driver.convolution(p, of_input.address(), of_weight.address(), of_output.address())) return false;
    (written == Written::Output ? of_output : written == Written::Input ? of_input : of_weight).commit();
    return true;
  };
  if (attempt()) return true;
  p.channels_last = false;  // which it may have all the same
  return channels_last && attempt();
}

void convolution(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Shape& stride, const Shape& padding,
                 const Shape& dilation, int64_t groups) {
  const Device device = out.device();
  if (!by_library(Written::Output, in, weight, out, stride, padding, dilation, groups))
    return convolution_kernel.without_kernel(device, out, in, weight, bias, stride, padding, dilation, groups);
  if (!bias.defined()) return;
  Shape strides = Shape::filled(out.dim(), 0);
  strides[1] = bias.strides()[0];
  binary_kernel(device, BinaryOp::Add, out, out, alias(bias, out.sizes(), strides, bias.storage_offset()), Params());
}
void convolution_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                                const Shape& dilation, int64_t groups) {
  if (!by_library(Written::Input, grad_in, weight, grad, stride, padding, dilation, groups))
    convolution_backward_input_kernel.without_kernel(grad_in.device(), grad_in, grad, weight, stride, padding, dilation, groups);
}
void convolution_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                                 const Shape& dilation, int64_t groups) {
  if (!by_library(Written::Weight, in, grad_weight, grad, stride, padding, dilation, groups))
    convolution_backward_weight_kernel.without_kernel(grad_weight.device(), grad_weight, grad, in, stride, padding, dilation, groups);
}

}  // namespace

void register_convolution(DeviceType type) {
  const DTypeSet types = driver_of(Device(type, 0)).convolution_dtypes();
  if (types == DTypeSet()) return;
  convolution_kernel.set(type, &convolution, types);
  convolution_backward_input_kernel.set(type, &convolution_backward_input, types);
  convolution_backward_weight_kernel.set(type, &convolution_backward_weight, types);
}

}  // namespace lazuli::gpu
