#pragma once
#include "lazuli/core/kernel.h"
#include "lazuli/core/slots/codes.h"

/// The slots of fused attention. core/slots.h tells what holds for all slots.
///
/// query and out are [batch, heads, l, e or ev], key [batch, heads, s, e], value [batch, heads, s, ev], log_sum [batch, heads, l], all of one floating dtype, of any strides (0 too, where they are read),
/// no size 0. mask: undefined, or [batch, heads, l, s] of that dtype (added to the scores) or bool (false: not seen). causal: row i sees the keys 0 .. i.
/// Devices without it compute attention with other operators, by blocks (ops/network/attention.cpp).
namespace [[gnu::visibility("default")]] lazuli {

// With scores = scale query key^T + mask: out = softmax(scores) value, log_sum = log(sum(exp(scores))) of each row; a row that sees no key gives 0 and infinity.
inline constinit Kernel<void(Tensor& out, Tensor& log_sum, const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask,
                             bool causal, double scale)>
    attention_kernel{"attention"};
// Gradients of those of query, key and value that are defined.
inline constinit Kernel<void(Tensor& grad_query, Tensor& grad_key, Tensor& grad_value, const Tensor& grad, const Tensor& out, const Tensor& log_sum,
                             const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask, bool causal, double scale)>
    attention_backward_kernel{"attention_backward"};

// The same with values of the softmax dropped, each with the probability `dropout`, and the others divided by 1 - dropout, before they meet those of `value`. What is dropped in a row (i of head h of
// sample b) is what dropout_kernel drops with random numbers from random.offset + ((b heads + h) l + i) ceil(s / 4) on.
inline constinit Kernel<void(Tensor& out, Tensor& log_sum, const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask,
                             bool causal, double scale, double dropout, const PhiloxState& random)>
    attention_dropout_kernel{"attention_dropout"};
inline constinit Kernel<void(Tensor& grad_query, Tensor& grad_key, Tensor& grad_value, const Tensor& grad, const Tensor& out, const Tensor& log_sum,
                             const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask, bool causal, double scale,
                             double dropout, const PhiloxState& random)>
    attention_dropout_backward_kernel{"attention_dropout_backward"};

}  // namespace lazuli
