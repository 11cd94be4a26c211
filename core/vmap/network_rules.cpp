#include "lazuli/core/vmap/network_rules.h"

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/attention_slots.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/core/vmap/fold.h"

namespace lazuli::batching {
namespace {

int64_t samples(const BatchedCall& call) {
  int64_t n = 1;
  for (const BatchLevel& level : call.levels) n *= level.size;
  return n;
}
Shape level_sizes(const BatchedCall& call) {
  Shape sizes;
  for (const BatchLevel& level : call.levels) sizes.push_back(level.size);
  return sizes;
}

// Levels and first dimension of an argument.
Shape rows_of(const BatchedCall& call, size_t argument) {
  Shape sizes = level_sizes(call);
  sizes.push_back(call.tensor(argument).sizes()[0]);
  return sizes;
}

// [levels.., n, c, ..] as [n, samples * c, ..]: the samples as groups of channels. A copy unless n is 1.
Tensor as_channels(const Tensor& t, int64_t lead) {
  const Tensor one = folded(t, lead);  // [samples, n, c, ..]
  Shape sizes{one.sizes()[1], one.sizes()[0]}, strides{one.strides()[1], one.strides()[0]};
  for (int64_t i = 2; i < one.dim(); ++i) sizes.push_back(one.sizes()[i]), strides.push_back(one.strides()[i]);
  const Tensor turned = contiguous(alias(one, sizes, strides, one.storage_offset()));
  Shape merged{sizes[0], sizes[1] * sizes[2]};
  for (int64_t i = 3; i < sizes.size(); ++i) merged.push_back(sizes[i]);
  return alias(turned, merged, contiguous_strides(merged), turned.storage_offset());
}

// The reverse, copied into `to` [levels.., n, c, ..].
void from_channels(Tensor to, const Tensor& t, const BatchedCall& call) {
  const int64_t lead = call.lead(), count = samples(call), n = t.sizes()[0], c = t.sizes()[1] / count;
  Shape sizes = level_sizes(call), strides = sizes;
  const Shape whole_strides = contiguous_strides(t.sizes());
  int64_t step = c * whole_strides[1];
  for (int64_t l = lead; l-- > 0;) {
    strides[l] = step;
    step *= sizes[l];
  }
  sizes.push_back(n), strides.push_back(whole_strides[0]);
  sizes.push_back(c), strides.push_back(whole_strides[1]);
  for (int64_t i = 2; i < t.dim(); ++i) sizes.push_back(t.sizes()[i]), strides.push_back(whole_strides[i]);
  if (to.numel()) copy_kernel(to.device(), to, alias(t, sizes, strides, t.storage_offset()));
}

// All samples' [k, ..], one behind the other; of what has one for all, a copy for each.
Tensor each_first(const BatchedCall& call, size_t argument) { return folded(call.in(argument), call.lead() + 1); }

// ---- convolution: out, in, weight, bias, stride, padding, dilation, groups ----

bool convolution_rule(BatchedCall& call) {
  const bool own_bias = call.tensor(3).defined() && call.batched(3);
  if (!call.batched(2) && !own_bias) {  // more images
    Written out(call, 0, true);
    out.fold(call.lead() + 1);
    const Tensor in = folded(call.in(1), call.lead() + 1), weight = whole(call.tensor(2), {}), bias = whole(call.tensor(3), {});
    call.run({&out.form, &in, &weight, &bias});
    out.finish();
    return true;
  }
  const Tensor in = as_channels(call.in(1), call.lead()), weight = each_first(call, 2);
  const Tensor bias = call.tensor(3).defined() ? contiguous(each_first(call, 3)) : Tensor();
  const int64_t groups = call.arguments[7].integer() * samples(call);
  Shape sizes = call.tensor(0).sizes();
  sizes[1] = weight.sizes()[0];
  Tensor out = new_tensor(sizes, in.dtype(), call.device);
  call.run({&out, &in, &weight, &bias, nullptr, nullptr, nullptr, &groups});
  from_channels(call.out(0), out, call);
  return true;
}

bool convolution_backward_input_rule(BatchedCall& call) {  // grad_in, grad, weight, stride, padding, dilation, groups
  if (!call.batched(2)) {
    Written out(call, 0, true);
    out.fold(call.lead() + 1);
    const Tensor grad = folded(call.in(1), call.lead() + 1), weight = whole(call.tensor(2), {});
    call.run({&out.form, &grad, &weight});
    out.finish();
    return true;
  }
  const Tensor grad = as_channels(call.in(1), call.lead()), weight = each_first(call, 2);
  const int64_t groups = call.arguments[6].integer() * samples(call);
  Shape sizes = call.tensor(0).sizes();
  sizes[1] *= samples(call);
  Tensor out = new_tensor(sizes, grad.dtype(), call.device);
  call.run({&out, &grad, &weight, nullptr, nullptr, nullptr, &groups});
  from_channels(call.out(0), out, call);
  return true;
}

bool convolution_backward_weight_rule(BatchedCall& call) {  // grad_weight, grad, in, stride, padding, dilation, groups
  const Tensor grad = as_channels(call.in(1), call.lead());
  const bool of_grad = !call.batched(2) && call.arguments[6].integer() == 1;  // one image beside many gradients: more channels of these
  const Tensor in = of_grad ? whole(call.tensor(2), {}) : as_channels(call.in(2), call.lead());
  const int64_t groups = of_grad ? 1 : call.arguments[6].integer() * samples(call);
  Written out(call, 0, true);
  out.fold(call.lead() + 1);
  call.run({&out.form, &grad, &in, nullptr, nullptr, nullptr, &groups});
  out.finish();
  return true;
}

// ---- pooling and attention: every tensor has the images, or the batch, first ----

bool images_rule(BatchedCall& call) {
  std::vector<Tensor> read(call.arguments.size());
  std::vector<Written> written;
  written.reserve(call.arguments.size());
  std::vector<const void*> at(call.arguments.size());
  for (size_t i = 0; i < at.size(); ++i) {
    if (call.arguments[i].kind() == SlotArgument::Kind::Output) {
      written.emplace_back(call, i, true).fold(call.lead() + 1);
      at[i] = &written.back().form;
    } else if (call.arguments[i].kind() == SlotArgument::Kind::Input) {
      read[i] = each_first(call, i);
      if (read[i].defined() && call.tensor(i).is_contiguous()) read[i] = contiguous(read[i]);
      at[i] = &read[i];
    }
  }
  call.run(at);
  for (const Written& w : written) w.finish();
  return true;
}

// ---- normalization ----

// to = to * weight + bias, both [levels.., n] beside [levels.., rows, n].
void scale_and_shift(const BatchedCall& call, Tensor& to, const Tensor& weight, const Tensor& bias) {
  auto beside = [&](const Tensor& t) {
    const Tensor all = call.in(t);
    Shape strides = Shape::filled(to.dim(), 0);
    for (int64_t l = 0; l < call.lead(); ++l) strides[l] = all.strides()[l];
    strides[-1] = all.strides()[-1];
    return alias(all, to.sizes(), strides, all.storage_offset());
  };
  if (weight.defined()) binary_kernel(call.device, BinaryOp::Mul, to, to, beside(weight), Params());
  if (bias.defined()) binary_kernel(call.device, BinaryOp::Add, to, to, beside(bias), Params());
}

bool layer_norm_rule(BatchedCall& call) {  // out, mean, rstd, in, weight, bias, eps
  const int64_t count = call.lead() + 1;
  const bool plain = !(call.tensor(4).defined() && call.batched(4)) && !(call.tensor(5).defined() && call.batched(5));
  Written out(call, 0, true), mean(call, 1, true), rstd(call, 2, true);
  for (Written* w : {&out, &mean, &rstd}) {
    w->make_contiguous();
    w->fold(count);
  }
  const Tensor in = contiguous(folded(call.in(3), count)), none;
  const Tensor weight = plain ? whole(call.tensor(4), {}) : none, bias = plain ? whole(call.tensor(5), {}) : none;
  call.run({&out.form, &mean.form, &rstd.form, &in, &weight, &bias});
  if (!plain) {
    Tensor to = unfolded(out.form, Shape(call.in(3).sizes().data(), count));
    scale_and_shift(call, to, call.tensor(4), call.tensor(5));
  }
  for (const Written* w : {&out, &mean, &rstd}) w->finish();
  return true;
}

bool layer_norm_backward_rule(BatchedCall& call) {  // grad_in, grad_weight, grad_bias, grad, in, mean, rstd, weight
  if (call.tensor(7).defined() && call.batched(7)) return false;
  Tensor none;
  if (call.tensor(1).defined() || call.tensor(2).defined()) {  // sums over a sample's rows
    compose(layer_norm_backward_kernel, call, {&none});
    if (!call.tensor(0).defined()) return true;
  }
  const int64_t count = call.lead() + 1;
  Written out(call, 0, true);
  out.fold(count);
  const Tensor grad = contiguous(folded(call.in(3), count)), in = contiguous(folded(call.in(4), count)), mean = contiguous(folded(call.in(5), count)),
               rstd = contiguous(folded(call.in(6), count)), weight = whole(call.tensor(7), {});
  call.run({&out.form, &none, &none, &grad, &in, &mean, &rstd, &weight});
  out.finish();
  return true;
}

// out, mean, rstd, in, weight, bias, running_mean, running_var, training, momentum, eps: the samples are further channels.
bool batch_norm_rule(BatchedCall& call) {
  const bool training = call.arguments[8].flag();
  if (training && (call.tensor(6).defined() || call.tensor(7).defined())) {
    call.out(6, false);  // an Error for statistics from outside, which have one place for all samples
    call.out(7, false);
  }
  const Tensor in = as_channels(call.in(3), call.lead());
  auto per_channel = [&](size_t i) { return call.tensor(i).defined() ? contiguous(each_first(call, i)) : Tensor(); };
  const Tensor weight = per_channel(4), bias = per_channel(5);
  Written mean(call, 1, false), rstd(call, 2, false);
  for (Written* w : {&mean, &rstd}) {
    w->make_contiguous();
    w->fold(call.lead() + 1);
  }
  Tensor running_mean = per_channel(6), running_var = per_channel(7), out = new_tensor(in.sizes(), in.dtype(), call.device);
  call.run({&out, &mean.form, &rstd.form, &in, &weight, &bias, &running_mean, &running_var});
  from_channels(call.out(0), out, call);
  mean.finish(), rstd.finish();
  if (training)
    for (size_t i : {size_t(6), size_t(7)})
      if (call.tensor(i).defined()) {
        Tensor to = call.out(i, false);
        copy_kernel(call.device, to, unfolded(i == 6 ? running_mean : running_var, rows_of(call, i)));
      }
  return true;
}

// grad_in, grad_weight, grad_bias, grad, in, mean, rstd, weight, training.
bool batch_norm_backward_rule(BatchedCall& call) {
  const Tensor grad = as_channels(call.in(3), call.lead()), in = as_channels(call.in(4), call.lead());
  auto per_channel = [&](size_t i) { return call.tensor(i).defined() ? contiguous(each_first(call, i)) : Tensor(); };
  const Tensor mean = per_channel(5), rstd = per_channel(6), weight = per_channel(7);
  Written grad_weight(call, 1, true), grad_bias(call, 2, true);
  for (Written* w : {&grad_weight, &grad_bias}) w->fold(call.lead() + 1);
  Tensor grad_in = call.tensor(0).defined() ? new_tensor(in.sizes(), in.dtype(), call.device) : Tensor();
  call.run({&grad_in, &grad_weight.form, &grad_bias.form, &grad, &in, &mean, &rstd, &weight});
  if (grad_in.defined()) from_channels(call.out(0), grad_in, call);
  grad_weight.finish(), grad_bias.finish();
  return true;
}

// ---- losses: losses, log_sum, logits, target, weight, .. ----

bool cross_entropy_rule(BatchedCall& call) {
  if (call.tensor(4).defined() && call.batched(4)) return false;
  const int64_t count = call.lead() + 1;
  Written losses(call, 0, true), log_sum(call, 1, true);
  losses.fold(count), log_sum.fold(count);
  const Tensor logits = folded(call.in(2), count), target = contiguous(folded(call.in(3), count)), weight = whole(call.tensor(4), {});
  call.run({&losses.form, &log_sum.form, &logits, &target, &weight});
  losses.finish(), log_sum.finish();
  return true;
}
bool cross_entropy_backward_rule(BatchedCall& call) {  // grad_logits, grad, log_sum, logits, target, weight, ..
  if (call.tensor(5).defined() && call.batched(5)) return false;
  const int64_t count = call.lead() + 1;
  Written out(call, 0, true);
  out.fold(count);
  const Tensor grad = contiguous(folded(call.in(1), count)), log_sum = contiguous(folded(call.in(2), count)), logits = folded(call.in(3), count),
               target = contiguous(folded(call.in(4), count)), weight = whole(call.tensor(5), {});
  call.run({&out.form, &grad, &log_sum, &logits, &target, &weight});
  out.finish();
  return true;
}

void set(KernelBase& slot, BatchRule rule) { slot.batch_rule.store(reinterpret_cast<void*>(rule), std::memory_order_release); }

}  // namespace

void register_network_rules() {
  set(convolution_kernel, convolution_rule);
  set(convolution_backward_input_kernel, convolution_backward_input_rule);
  set(convolution_backward_weight_kernel, convolution_backward_weight_rule);
  for (KernelBase* slot : std::initializer_list<KernelBase*>{&max_pool_kernel, &max_pool_backward_kernel, &average_pool_kernel,
                                                             &average_pool_backward_kernel, &attention_kernel, &attention_backward_kernel})
    set(*slot, images_rule);
  set(layer_norm_kernel, layer_norm_rule);
  set(layer_norm_backward_kernel, composed<layer_norm_backward_kernel, layer_norm_backward_rule>);
  set(batch_norm_kernel, batch_norm_rule);
  set(batch_norm_backward_kernel, batch_norm_backward_rule);
  set(batch_norm_relu_kernel, composed<batch_norm_relu_kernel>);
  set(batch_norm_relu_backward_kernel, composed<batch_norm_relu_backward_kernel>);
  set(cross_entropy_kernel, composed<cross_entropy_kernel, cross_entropy_rule>);
  set(cross_entropy_backward_kernel, composed<cross_entropy_backward_kernel, cross_entropy_backward_rule>);
}

}  // namespace lazuli::batching
