// float32, bfloat16 and float16 through oneDNN, in the layout that it likes best: weights are reordered once for each version of theirs, images on the way in and out, but for those
// with channels last, which it takes as they are. What oneDNN has no good way for goes to the composite, halves by way of float32; depthwise ones
// have loops of their own.
#include <bit>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/network/depthwise.h"
#include "lazuli/backends/cpu/network/grouped.h"
#include "lazuli/backends/cpu/network/winograd.h"
#include "lazuli/backends/cpu/onednn_primitive.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/slots/window_slots.h"

namespace lazuli::cpu {
namespace {

using dnnl::memory;

enum class Direction : int64_t { Forward, BackwardInput, BackwardWeight };

/// What follows a forward convolution before its result is stored.
struct Epilogue {
  Tensor residual = {};
  UnaryOp activation = UnaryOp::Positive;
  Params p = {};
};

struct Eltwise {
  dnnl::algorithm algorithm = dnnl::algorithm::undef;
  float alpha = 0, beta = 0;
};
/// oneDNN's name of an activation; undef for one that it does not have.
Eltwise eltwise(UnaryOp activation, Params p) {
  using Algorithm = dnnl::algorithm;
  switch (activation) {
    case UnaryOp::Relu: return {Algorithm::eltwise_relu};
    case UnaryOp::LeakyRelu: return {Algorithm::eltwise_relu, float(p.p0)};
    case UnaryOp::Relu6: return {Algorithm::eltwise_clip, 0, 6};
    case UnaryOp::Hardswish: return {Algorithm::eltwise_hardswish, 1.0f / 6, 0.5f};
    case UnaryOp::Sigmoid: return {Algorithm::eltwise_logistic};
    case UnaryOp::Tanh: return {Algorithm::eltwise_tanh};
    case UnaryOp::Silu: return {Algorithm::eltwise_swish, 1};
    case UnaryOp::Gelu: return {Algorithm::eltwise_gelu_erf};
    case UnaryOp::GeluTanh: return {Algorithm::eltwise_gelu_tanh};
    default: return {};
  }
}

memory::dims dims(const Shape& shape) { return {shape.begin(), shape.end()}; }

struct Problem {
  Direction direction;
  DType dtype;
  Shape image, result, weight, stride, padding, dilation;  // sizes of the input's side, the output's side, and of all weights
  int64_t groups;
  bool bias, channels_last;
  bool adds = false;  // to what the result holds
  Eltwise activation = {};

  Shape weight_sizes() const {
    Shape sizes = weight;
    if (groups == 1) return sizes;
    sizes[0] /= groups;
    sizes.insert(0, groups);
    return sizes;
  }
  memory::desc plain(const Shape& sizes) const { return memory::desc(dims(sizes), onednn_type(dtype), dims(contiguous_strides(sizes))); }
  memory::desc images(const Shape& sizes) const {
    return channels_last ? memory::desc(dims(sizes), onednn_type(dtype), dims(channels_last_strides(sizes))) : plain(sizes);
  }
  PrimitiveKey key(int threads) const {
    constexpr int64_t kTag = 0x636f6e76;
    PrimitiveKey k{kTag, int64_t(direction), int64_t(dtype), groups, bias, channels_last, threads};
    k.add(adds), k.add(int64_t(activation.algorithm));
    k.add(int64_t(std::bit_cast<uint32_t>(activation.alpha)) << 32 | std::bit_cast<uint32_t>(activation.beta));
    for (const Shape* s : {&image, &result, &weight, &stride, &padding, &dilation})
      for (int64_t v : *s) k.add(v);
    return k;
  }
};

BoundPrimitive make(const Problem& p) {
  const auto any = [&](const Shape& sizes) { return memory::desc(dims(sizes), onednn_type(p.dtype), memory::format_tag::any); };
  const auto image = [&](const Shape& sizes) { return p.channels_last ? p.images(sizes) : any(sizes); };
  memory::dims stride = dims(p.stride), before = dims(p.padding), after = before, dilation = dims(p.dilation);
  for (size_t d = 0; d < stride.size(); ++d) {
    after[d] = (p.result[int64_t(d) + 2] - 1) * stride[d] + (p.weight[int64_t(d) + 2] - 1) * dilation[d] + 1 - p.image[int64_t(d) + 2] - before[d];
    --dilation[d];
  }
  const memory::desc src = image(p.image), dst = image(p.result), weight = any(p.weight_sizes());
  const memory::desc bias = p.bias ? p.plain(Shape(p.weight[0])) : memory::desc();
  dnnl::primitive_attr attributes = user_scratchpad();
  dnnl::post_ops after_sums;
  if (p.adds) after_sums.append_sum(1);
  if (p.activation.algorithm != dnnl::algorithm::undef) after_sums.append_eltwise(p.activation.algorithm, p.activation.alpha, p.activation.beta);
  if (after_sums.len()) attributes.set_post_ops(after_sums);
  const auto& engine = onednn_engine();
  constexpr auto direct = dnnl::algorithm::convolution_direct;
  const auto kind = p.direction == Direction::Forward ? dnnl::prop_kind::forward_inference : dnnl::prop_kind::forward_training;
  BoundPrimitive bound;
  try {
    const dnnl::convolution_forward::primitive_desc forward(engine, kind, direct, src, weight, bias, dst, stride, dilation, before, after, attributes,
                                                            true);
    if (!forward.get(true)) return bound;
    const auto fill = [&]<class Primitive>(Primitive*, const auto& pd, std::initializer_list<std::pair<int, memory::desc>> operands) {
      if (!pd.get(true) || is_reference(pd.impl_info_str())) return;
      bound.primitive = Primitive(pd);
      for (const auto& [argument, desc] : operands) bound.add(argument, desc);
      if (p.bias) bound.add(DNNL_ARG_BIAS, bias);
      bound.set_scratchpad(pd.scratchpad_desc());
    };
    if (p.direction == Direction::Forward) {
      fill(static_cast<dnnl::convolution_forward*>(nullptr), forward,
           {{DNNL_ARG_SRC, forward.src_desc()}, {DNNL_ARG_WEIGHTS, forward.weights_desc()}, {DNNL_ARG_DST, forward.dst_desc()}});
    } else if (p.direction == Direction::BackwardInput) {
      const dnnl::convolution_backward_data::primitive_desc pd(engine, direct, src, weight, dst, stride, dilation, before, after, forward, attributes,
                                                               true);
      if (pd.get(true))
        fill(static_cast<dnnl::convolution_backward_data*>(nullptr), pd,
             {{DNNL_ARG_DIFF_SRC, pd.diff_src_desc()}, {DNNL_ARG_WEIGHTS, pd.weights_desc()}, {DNNL_ARG_DIFF_DST, pd.diff_dst_desc()}});
    } else {
      const dnnl::convolution_backward_weights::primitive_desc pd(engine, direct, src, weight, dst, stride, dilation, before, after, forward,
                                                                  attributes, true);
      if (pd.get(true))
        fill(static_cast<dnnl::convolution_backward_weights*>(nullptr), pd,
             {{DNNL_ARG_SRC, pd.src_desc()}, {DNNL_ARG_DIFF_WEIGHTS, pd.diff_weights_desc()}, {DNNL_ARG_DIFF_DST, pd.diff_dst_desc()}});
    }
  } catch (const dnnl::error&) { return BoundPrimitive(); }
  return bound;
}

// Copies between two layouts of operand number `operand`.
void reorder(PrimitiveKey key, int64_t operand, bool in, const memory::desc& from, const void* source, const memory::desc& to, const void* target) {
  key.add(operand * 2 + in);
  const PrimitiveLease lease(key, [&] {
    BoundPrimitive bound;
    const dnnl::reorder::primitive_desc pd(onednn_engine(), from, onednn_engine(), to, user_scratchpad());
    bound.primitive = dnnl::reorder(pd);
    bound.add(DNNL_ARG_FROM, from);
    bound.add(DNNL_ARG_TO, to);
    bound.set_scratchpad(pd.scratchpad_desc());
    return bound;
  });
  lease->run({source, target});
}

// Weights in another layout, kept with the ones they were made of.
struct PackedWeight {
  memory::desc layout;
  Shape sizes, strides;
  int64_t offset;
  Ref<Storage> bytes;
};

std::shared_ptr<const PackedWeight> packed(const Tensor& weight, const Problem& p, const PrimitiveKey& key, const memory::desc& layout) {
  const uint64_t name = uint64_t(weight.storage_offset()) * 2 + (p.direction == Direction::Forward);
  const uint32_t version = weight.version();
  auto kept = weight.storage()->attachment<PackedWeight>(name);
  if (kept && kept->layout == layout && kept->sizes == weight.sizes() && kept->strides == weight.strides() && kept->offset == weight.storage_offset())
    return kept;
  const Tensor plain = dense(weight);
  auto made = std::make_shared<PackedWeight>(
      PackedWeight{layout, weight.sizes(), weight.strides(), weight.storage_offset(), Storage::allocate(int64_t(layout.get_size()), kCPU)});
  reorder(key, 1, true, p.plain(p.weight_sizes()), plain.address(), layout, made->bytes->data());
  if (weight.storage()->allocator()) weight.storage()->attach<PackedWeight>(made, version, name);  // others may write to memory that is not ours
  return made;
}

// An operand in the layout of the primitive: itself, or a copy that is filled before or read after.
class Operand {
 public:
  Operand(const Tensor& t, int64_t number, const PrimitiveKey& key, const memory::desc& own, const memory::desc& wanted)
      : tensor_(t), number_(number), key_(key), own_(own), wanted_(wanted) {
    if (!(own == wanted)) room_ = Storage::allocate(int64_t(wanted.get_size()), kCPU);
  }
  const void* address() const { return room_ ? static_cast<const void*>(room_->data()) : tensor_.address(); }
  void before() const {
    if (room_) reorder(key_, number_, true, own_, tensor_.address(), wanted_, room_->data());
  }
  void after() const {
    if (room_) reorder(key_, number_, false, wanted_, room_->data(), own_, tensor_.address());
  }

 private:
  const Tensor& tensor_;
  int64_t number_;
  const PrimitiveKey& key_;
  memory::desc own_, wanted_;
  Ref<Storage> room_;
};

// In row-major order, or channels last.
Tensor laid_out(const Tensor& t, bool channels_last) {
  if (channels_last ? is_channels_last(t) : t.is_contiguous()) return t;
  Tensor copy = channels_last ? new_strided(t.sizes(), channels_last_strides(t.sizes()), t.dtype()) : new_tensor(t.sizes(), t.dtype());
  copy_kernel(kCPU, copy, t);
  return copy;
}

bool same_place(const Tensor& a, const Tensor& b) { return a.address() == b.address() && a.strides() == b.strides(); }

// Whether there is a primitive, which then has run. `out` is the operand that is written.
// `residual` is what a forward one adds to.
bool run(const Problem& p, const Tensor& given_image, const Tensor& weight, const Tensor& given_result, const Tensor& bias, const Tensor& residual) {
  const OneDnnThreads threads;
  const PrimitiveKey key = p.key(threads.count());
  const PrimitiveLease lease(key, [&] { return make(p); });
  if (!*lease) return false;
  const bool to_image = p.direction == Direction::BackwardInput, to_weight = p.direction == Direction::BackwardWeight,
             to_result = p.direction == Direction::Forward;
  const auto room_for = [&](const Tensor& t) {  // an output in a layout of ours
    if (p.channels_last ? is_channels_last(t) : t.is_contiguous()) return t;
    return p.channels_last ? new_strided(t.sizes(), channels_last_strides(t.sizes()), t.dtype()) : new_tensor(t.sizes(), t.dtype());
  };
  const Tensor image = to_image ? room_for(given_image) : laid_out(given_image, p.channels_last);
  const Tensor result = to_result ? room_for(given_result) : laid_out(given_result, p.channels_last);
  const auto layout = [&](int i) { return lease->memories[size_t(i)].get_desc(); };
  const Operand x(image, 0, key, p.images(p.image), layout(0)), y(result, 2, key, p.images(p.result), layout(2));
  if (p.adds && !same_place(result, residual)) {
    Tensor sums = result;
    copy_kernel(kCPU, sums, residual);
  }
  if (!to_image) x.before();
  if (!to_result || p.adds) y.before();
  const auto execute = [&](const void* weights) {
    if (p.bias) lease->run({x.address(), weights, y.address(), bias.address()});
    else lease->run({x.address(), weights, y.address()});
  };
  if (to_weight) {
    const Tensor plain = weight.is_contiguous() ? weight : new_tensor(weight.sizes(), weight.dtype());
    const Operand w(plain, 1, key, p.plain(p.weight_sizes()), layout(1));
    execute(w.address());
    w.after();
    if (!plain.is_same(weight)) {
      Tensor out = weight;
      copy_kernel(kCPU, out, plain);
    }
    return true;
  }
  if (layout(1) == p.plain(p.weight_sizes())) execute(dense(weight).address());
  else execute(packed(weight, p, key, layout(1))->bytes->data());
  const Operand& written = to_image ? x : y;
  const Tensor &target = to_image ? given_image : given_result, &made = to_image ? image : result;
  written.after();
  if (!made.is_same(target)) {
    Tensor out = target;
    copy_kernel(kCPU, out, made);
  }
  return true;
}

bool is_half(DType t) { return t == kFloat16 || t == kBFloat16; }
/// Room for `t` in float32: in row-major order, or channels last where it is.
Tensor wide_room(const Tensor& t) { return is_channels_last(t) ? new_strided(t.sizes(), t.strides(), kFloat32) : new_tensor(t.sizes(), kFloat32); }
Tensor wide(const Tensor& t) {
  if (!t.defined() || t.dtype() == kFloat32) return t;
  Tensor copy = wide_room(t);
  copy_kernel(kCPU, copy, t);
  return copy;
}

// Weights in float32, kept with the ones they were made of.
struct WideWeight {
  Tensor wide;
  Shape strides;
};
Tensor wide_weight(const Tensor& weight) {
  const uint64_t name = uint64_t(weight.storage_offset());
  const uint32_t version = weight.version();
  const auto kept = weight.storage()->attachment<WideWeight>(name);
  if (kept && kept->wide.sizes() == weight.sizes() && kept->strides == weight.strides()) return kept->wide;
  const Tensor made = wide(weight);
  if (weight.storage()->allocator())
    weight.storage()->attach<WideWeight>(std::make_shared<WideWeight>(WideWeight{made, weight.strides()}), version, name);
  return made;
}

/// Runs f(result in float32) where products of bfloat16 are computed as those of float32.
template <class F>
bool widened(Tensor& result, F&& f) {
  if (result.dtype() != kBFloat16 || !widens_bfloat16()) return false;
  Tensor made = wide_room(result);
  f(made);
  copy_kernel(kCPU, result, made);
  return true;
}

// oneDNN counts in 32 bits, also the bytes from one place of a window to the next, and our own loops have room for a padded row.
bool is_moderate(const Shape& weight, const Shape& stride, const Shape& padding, const Shape& dilation) {
  constexpr int64_t kMost = 1 << 20;
  for (int64_t d = 0; d < stride.size(); ++d)
    if (stride[d] > kMost || padding[d] > kMost || dilation[d] * (weight[d + 2] - 1) > kMost) return false;
  return true;
}

void activate(const Epilogue& epilogue, Tensor result) {
  if (epilogue.activation != UnaryOp::Positive) unary_kernel(kCPU, epilogue.activation, result, result, epilogue.p);
}

// `image`, `weight` or `result` is written, as the direction says.
bool convolve(Direction direction, const Tensor& image, const Tensor& weight, const Tensor& result, const Tensor& bias, const Shape& stride,
              const Shape& padding, const Shape& dilation, int64_t groups, const Epilogue& epilogue = {}) {
  if (image.numel() == 0 || weight.numel() == 0 || result.numel() == 0 || !is_moderate(weight.sizes(), stride, padding, dilation)) return false;
  const Tensor& read = direction == Direction::BackwardInput ? result : image;
  const Eltwise activation = eltwise(epilogue.activation, epilogue.p);
  const Problem p{direction, image.dtype(), image.sizes(), result.sizes(), weight.sizes(),         stride,
                  padding,   dilation,      groups,        bias.defined(), is_channels_last(read), epilogue.residual.defined(),
                  activation};
  if (run(p, image, weight, result, bias.defined() ? dense(bias) : bias, epilogue.residual)) {
    if (activation.algorithm == dnnl::algorithm::undef) activate(epilogue, result);
    return true;
  }
  if (!is_half(p.dtype)) return false;
  const Tensor& out = direction == Direction::Forward ? result : direction == Direction::BackwardInput ? image : weight;
  Tensor wide_out = new_tensor(out.sizes(), kFloat32), target = out;
  const auto operand = [&](const Tensor& t) { return t.is_same(out) ? wide_out : wide(t); };
  const Epilogue wide_epilogue{wide(epilogue.residual), epilogue.activation, epilogue.p};
  if (!convolve(direction, operand(image), operand(weight), operand(result), wide(bias), stride, padding, dilation, groups, wide_epilogue))
    return false;
  copy_kernel(kCPU, target, wide_out);
  return true;
}

void convolution(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Shape& stride, const Shape& padding,
                 const Shape& dilation, int64_t groups) {
  if (widened(out, [&](Tensor& o) { convolution(o, wide(in), wide_weight(weight), wide(bias), stride, padding, dilation, groups); })) return;
  if (is_moderate(weight.sizes(), stride, padding, dilation) && depthwise(out, in, weight, bias, stride, padding, dilation, groups)) return;
  if (winograd(out, in, weight, bias, Tensor(), false, stride, padding, dilation, groups)) return;
  if (!convolve(Direction::Forward, in, weight, out, bias, stride, padding, dilation, groups))
    convolution_kernel.without_kernel(kCPU, out, in, weight, bias, stride, padding, dilation, groups);
}
void convolution_fused(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Tensor& residual, UnaryOp activation, Params p,
                       const Shape& stride, const Shape& padding, const Shape& dilation, int64_t groups) {
  if (widened(out, [&](Tensor& o) {
        convolution_fused(o, wide(in), wide_weight(weight), wide(bias), wide(residual), activation, p, stride, padding, dilation, groups);
      }))
    return;
  const Epilogue epilogue{residual, activation, p};
  const bool relu = activation == UnaryOp::Relu;
  if (!residual.defined() && is_moderate(weight.sizes(), stride, padding, dilation) &&
      depthwise(out, in, weight, bias, stride, padding, dilation, groups))
    return activate(epilogue, out);
  if (winograd(out, in, weight, bias, residual, relu, stride, padding, dilation, groups)) {
    if (!relu) activate(epilogue, out);
    return;
  }
  const bool each_by_itself = groups > 1 && groups == in.size(1);  // with a residual: loops of our own, then a sum
  if ((residual.defined() && each_by_itself) || !convolve(Direction::Forward, in, weight, out, bias, stride, padding, dilation, groups, epilogue))
    convolution_fused_kernel.without_kernel(kCPU, out, in, weight, bias, residual, activation, p, stride, padding, dilation, groups);
}
void convolution_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                                const Shape& dilation, int64_t groups) {
  if (widened(grad_in, [&](Tensor& to) { convolution_backward_input(to, wide(grad), wide_weight(weight), stride, padding, dilation, groups); }))
    return;
  if (is_moderate(weight.sizes(), stride, padding, dilation) && depthwise_backward_input(grad_in, grad, weight, stride, padding, dilation, groups))
    return;
  if (winograd_backward_input(grad_in, grad, weight, stride, padding, dilation, groups)) return;
  if (!convolve(Direction::BackwardInput, grad_in, weight, grad, Tensor(), stride, padding, dilation, groups))
    convolution_backward_input_kernel.without_kernel(kCPU, grad_in, grad, weight, stride, padding, dilation, groups);
}
void convolution_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                                 const Shape& dilation, int64_t groups) {
  if (widened(grad_weight, [&](Tensor& to) { convolution_backward_weight(to, wide(grad), wide(in), stride, padding, dilation, groups); })) return;
  if (is_moderate(grad_weight.sizes(), stride, padding, dilation) &&
      (depthwise_backward_weight(grad_weight, grad, in, stride, padding, dilation, groups) ||
       grouped_backward_weight(grad_weight, grad, in, stride, padding, dilation, groups)))
    return;
  if (winograd_backward_weight(grad_weight, grad, in, stride, padding, dilation, groups)) return;
  if (!convolve(Direction::BackwardWeight, in, grad_weight, grad, Tensor(), stride, padding, dilation, groups))
    convolution_backward_weight_kernel.without_kernel(kCPU, grad_weight, grad, in, stride, padding, dilation, groups);
}

}  // namespace

void register_convolution() {
  const DTypeSet types{kFloat32, kBFloat16, kFloat16};
  convolution_kernel.set(DeviceType::CPU, &convolution, types);
  convolution_fused_kernel.set(DeviceType::CPU, &convolution_fused, types);
  convolution_backward_input_kernel.set(DeviceType::CPU, &convolution_backward_input, types);
  convolution_backward_weight_kernel.set(DeviceType::CPU, &convolution_backward_weight, types);
}

}  // namespace lazuli::cpu
