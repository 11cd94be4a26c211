#include "model.h"

#include <algorithm>
#include <cmath>

using namespace lazuli;

CausalSelfAttention::CausalSelfAttention(int64_t features, int64_t head_count)
    : query_key_value(this, "query_key_value", features, 3 * features), projection(this, "projection", features, features), heads(head_count) {
  if (features % heads) fail("gpt_train", "--heads", "a divisor of the " + std::to_string(features) + " features", std::to_string(heads));
}

Tensor CausalSelfAttention::forward(const Tensor& x) {
  const int64_t n = x.size(0), t = x.size(1), features = x.size(2);
  Tensor split = query_key_value(x).view({n, t, 3, heads, features / heads}).permute({2, 0, 3, 1, 4});  // [3, n, heads, t, features of a head]
  Tensor seen = scaled_dot_product_attention(split[0], split[1], split[2], none, /*dropout_p=*/0, /*is_causal=*/true);
  return projection(seen.transpose(1, 2).reshape({n, t, features}));
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

std::vector<int64_t> Gpt::write(std::vector<int64_t> prompt, int64_t count, double temperature, const Generator& random) {
  inference_mode guard;
  const bool training = is_training();
  eval();
  const Device device = bytes->weight.device();
  for (int64_t i = 0; i < count; ++i) {
    const auto seen = int64_t(std::min(prompt.size(), size_t(context)));
    Tensor scores = (*this)(tensor(std::vector<int64_t>(prompt.end() - seen, prompt.end())).to(device).unsqueeze(0))[0][-1];
    prompt.push_back(multinomial(softmax(scores / temperature, 0).to(kCPU), 1, false, random).item<int64_t>());
  }
  train(training);
  return prompt;
}
