#include "model.h"

#include <algorithm>
#include <cmath>

using namespace lazuli;

CausalSelfAttention::CausalSelfAttention(int64_t features, int64_t head_count)
    : query_key_value(this, "query_key_value", features, 3 * features), projection(this, "projection", features, features), heads(head_count) {
  if (features % heads) fail("gpt_train", "--heads", "a divisor of the " + std::to_string(features) + " features", std::to_string(heads));
}

Tensor CausalSelfAttention::heads_of(const Tensor& x) {
  return query_key_value(x).view({x.size(0), x.size(1), 3, heads, x.size(2) / heads}).permute({2, 0, 3, 1, 4});
}
Tensor CausalSelfAttention::joined(const Tensor& seen) { return projection(seen.transpose(1, 2).flatten(2)); }

Tensor CausalSelfAttention::forward(const Tensor& x) {
  Tensor split = heads_of(x);
  return joined(scaled_dot_product_attention(split[0], split[1], split[2], {.is_causal = true}));
}

Tensor CausalSelfAttention::next(const Tensor& x, nn::KeyValueCache& seen) {
  const bool first = seen.length() == 0;
  Tensor split = heads_of(x);
  auto [key, value] = seen.append(split[1], split[2]);
  return joined(scaled_dot_product_attention(split[0], key, value, {.is_causal = first}));
}

Block::Block(int64_t features, int64_t heads, double drop)
    : norm1(this, "norm1", features),
      attention(this, "attention", features, heads),
      norm2(this, "norm2", features),
      feed_forward(this, "feed_forward", nn::Linear(features, 4 * features), nn::GELU("tanh"), nn::Linear(4 * features, features)),
      dropout(this, "dropout", drop) {}

Tensor Block::forward(const Tensor& x) {
  Tensor y = x + dropout(attention(norm1(x)));
  return y + dropout(feed_forward(norm2(y)));
}
Tensor Block::next(const Tensor& x, nn::KeyValueCache& seen) {
  Tensor y = x + attention->next(norm1(x), seen);
  return y + feed_forward(norm2(y));
}

Gpt::Gpt(const GptOptions& o)
    : bytes(this, "bytes", o.vocabulary, o.features),
      positions(this, "positions", o.context, o.features),
      norm(this, "norm", o.features),
      context(o.context) {
  for (int64_t i = 0; i < o.layers; ++i) blocks->push_back(Block(o.features, o.heads, o.dropout));
  no_grad guard;  // GPT-2's beginning: small normal weights, and smaller ones where a block adds to what goes through
  for (auto& [name, parameter] : named_parameters()) {
    const bool adds = name.find("projection") != std::string::npos || name.find("feed_forward.2") != std::string::npos;
    if (parameter.dim() == 2) parameter.normal_(0, adds ? 0.02 / std::sqrt(2.0 * double(o.layers)) : 0.02);
    else if (name.find("bias") != std::string::npos) parameter.zero_();
  }
}

Tensor Gpt::forward(const Tensor& text) {
  Tensor x = bytes(text) + positions(arange(text.size(1), text.device()));
  return linear(norm(blocks(x)), bytes->weight);  // what a byte is read by is what it is written by
}

Tensor Gpt::next(const Tensor& text, std::vector<nn::KeyValueCache>& seen) {
  const int64_t first = seen[0].length();
  Tensor x = bytes(text) + positions(arange(first, first + text.size(1), 1, text.device()));
  for (size_t i = 0; i < seen.size(); ++i) x = static_cast<Block&>((*blocks)[int64_t(i)]).next(x, seen[i]);
  return linear(norm(x.select(1, -1)), bytes->weight);
}

std::vector<int64_t> Gpt::write(std::vector<int64_t> prompt, int64_t count, double temperature, const Generator& random) {
  inference_mode guard;
  const bool training = is_training();
  eval();
  const Device device = bytes->weight.device();
  std::vector<nn::KeyValueCache> seen(size_t(blocks->size()));
  size_t known = std::max(prompt.size(), size_t(context)) - size_t(context);  // tokens before this one are out of sight
  for (int64_t i = 0; i < count; ++i) {
    if (int64_t(prompt.size() - known) > context || seen[0].length() == context) {  // each token moves to another place: all begins anew
      known = prompt.size() - size_t(context);
      for (nn::KeyValueCache& cache : seen) cache.clear();
    }
    const std::vector<int64_t> unseen(prompt.begin() + std::ptrdiff_t(known) + seen[0].length(), prompt.end());
    Tensor scores = next(tensor(unseen).to(device).unsqueeze(0), seen)[0];
    prompt.push_back(multinomial(softmax(scores / temperature, 0).to(kCPU), 1, false, random).item<int64_t>());
  }
  train(training);
  return prompt;
}
