// Programs in the style of PyTorch's C++ examples: a variational autoencoder, an actor and its critic, a transformer of texts, archives.
#include <lazuli/torch.h>

#include <cmath>
#include <filesystem>
#include <sstream>

#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

namespace {

// ---- a variational autoencoder ----
struct VAEOutput {
  torch::Tensor reconstruction, mu, log_var;
};
class VAEImpl : public torch::nn::Module {
 public:
  VAEImpl(int64_t image_size, int64_t h_dim, int64_t z_dim)
      : fc1(image_size, h_dim), fc2(h_dim, z_dim), fc3(h_dim, z_dim), fc4(z_dim, h_dim), fc5(h_dim, image_size) {
    register_module("fc1", fc1);
    register_module("fc2", fc2);
    register_module("fc3", fc3);
    register_module("fc4", fc4);
    register_module("fc5", fc5);
  }
  std::pair<torch::Tensor, torch::Tensor> encode(torch::Tensor x) {
    auto h = torch::nn::functional::relu(fc1->forward(x));
    return {fc2->forward(h), fc3->forward(h)};
  }
  torch::Tensor reparameterize(torch::Tensor mu, torch::Tensor log_var) {
    if (!is_training()) return mu;
    auto std = log_var.div(2).exp_();
    auto eps = torch::randn_like(std);
    return eps.mul(std).add_(mu);
  }
  torch::Tensor decode(torch::Tensor z) { return torch::sigmoid(fc5->forward(torch::nn::functional::relu(fc4->forward(z)))); }
  VAEOutput forward(torch::Tensor x) {
    auto encoded = encode(x);
    auto z = reparameterize(encoded.first, encoded.second);
    return {decode(z), encoded.first, encoded.second};
  }

 private:
  torch::nn::Linear fc1, fc2, fc3, fc4, fc5;
};
TORCH_MODULE(VAE);

TEST_CASE("libtorch: a variational autoencoder learns", "[torch]") {
  torch::manual_seed(0);
  torch::Device device(torch::cuda::is_available() ? torch::kCUDA : torch::kCPU);
  VAE model(16, 8, 3);
  model->to(device);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
  std::vector<double> losses;
  for (int step = 0; step < 30; ++step) {
    auto x = torch::rand({4, 1, 4, 4}).to(device).reshape({-1, 16});
    auto output = model->forward(x);
    auto reconstruction = torch::nn::functional::binary_cross_entropy(output.reconstruction, x,
                                                                      torch::nn::functional::BinaryCrossEntropyFuncOptions().reduction(torch::kSum));
    auto divergence = -0.5 * torch::sum(1 + output.log_var - output.mu.pow(2) - output.log_var.exp());
    auto loss = reconstruction + divergence;
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    losses.push_back(loss.item().toDouble());
  }
  CHECK(losses.back() < losses.front());
}

// ---- an actor and its critic ----
struct ActorCriticImpl : torch::nn::Module {
  torch::nn::Linear a_lin1_, a_lin2_, c_lin1_, c_val_;
  torch::Tensor mu_, log_std_;
  ActorCriticImpl(int64_t n_in, int64_t n_out, double std)
      : a_lin1_(torch::nn::Linear(n_in, 16)),
        a_lin2_(torch::nn::Linear(16, n_out)),
        c_lin1_(torch::nn::Linear(n_in, 16)),
        c_val_(torch::nn::Linear(16, 1)),
        mu_(torch::full(n_out, 0.)),
        log_std_(torch::full(n_out, std, torch::kF64)) {
    register_module("a_lin1", a_lin1_);
    register_module("a_lin2", a_lin2_);
    register_parameter("log_std", log_std_);
    register_module("c_lin1", c_lin1_);
    register_module("c_val", c_val_);
  }
  auto forward(torch::Tensor x) -> std::tuple<torch::Tensor, torch::Tensor> {
    mu_ = torch::tanh(a_lin2_->forward(torch::relu(a_lin1_->forward(x))));
    torch::Tensor value = torch::tanh(c_val_->forward(torch::relu(c_lin1_->forward(x))));
    if (!this->is_training()) return std::make_tuple(mu_, value);
    torch::NoGradGuard no_grad;
    return std::make_tuple(at::normal(mu_, log_std_.exp().expand_as(mu_)), value);
  }
  void normal(double mu, double std) {
    torch::NoGradGuard no_grad;
    for (auto& p : this->parameters()) torch::nn::init::normal_(p, mu, std);
  }
  torch::Tensor entropy() { return 0.5 + 0.5 * std::log(2 * M_PI) + log_std_; }
  torch::Tensor log_prob(torch::Tensor action) {
    torch::Tensor var = (log_std_ + log_std_).exp();
    return -((action - mu_) * (action - mu_)) / (2 * var) - log_std_ - std::log(std::sqrt(2 * M_PI));
  }
};
TORCH_MODULE(ActorCritic);

TEST_CASE("libtorch: an actor and its critic take a step", "[torch]") {
  torch::manual_seed(1);
  ActorCritic ac(4, 2, 0.2);
  ac->to(torch::kF64);
  ac->normal(0., 0.1);
  torch::optim::Adam opt(ac->parameters(), 1e-3);
  std::vector<torch::Tensor> states, actions, log_probs, values;
  for (int i = 0; i < 8; ++i) {
    states.push_back(torch::rand({1, 4}, torch::kF64));
    auto av = ac->forward(states[i]);
    actions.push_back(std::get<0>(av));
    values.push_back(std::get<1>(av));
    log_probs.push_back(ac->log_prob(actions[i]));
  }
  torch::Tensor t_log_probs = torch::cat(log_probs).detach(), t_values = torch::cat(values).detach(), t_states = torch::cat(states),
                t_actions = torch::cat(actions), returns = torch::ones({8, 1}, torch::TensorOptions().dtype(torch::kF64));
  const torch::Tensor before = ac->log_std_.clone().detach();
  torch::Tensor index = torch::randint(0, 8, {4}, torch::kLong), chosen = t_states.index({index}).clone();
  for (int64_t i = 0; i < 4; ++i) chosen[i] = t_states[index[i].item<int64_t>()];
  auto av = ac->forward(chosen);
  auto ratio = (ac->log_prob(t_actions.index({index})) - t_log_probs.index({index})).exp();
  torch::Tensor advantage = returns.index({index}) - t_values.index({index});
  auto actor_loss = -torch::min(ratio * advantage, torch::clamp(ratio, 1. - .2, 1. + .2) * advantage).mean();
  auto critic_loss = (returns.index({index}) - std::get<1>(av)).pow(2).mean();
  auto loss = 0.5 * critic_loss + actor_loss - 1e-3 * ac->entropy().mean();
  opt.zero_grad();
  loss.backward();
  opt.step();
  CHECK_FALSE(torch::equal(ac->log_std_, before));
  CHECK(torch::equal(ac->log_std_, ac->named_parameters()["log_std"]));
}

// ---- a transformer of texts ----
struct PositionalEncodingImpl : torch::nn::Module {
  torch::nn::Dropout dropout{nullptr};
  torch::Tensor pe;
  PositionalEncodingImpl(int64_t d_model, double p = 0.1, int64_t max_len = 50) : dropout(torch::nn::DropoutOptions(p)) {
    using namespace torch::indexing;
    register_module("dropout", dropout);
    pe = torch::zeros({max_len, d_model});
    auto position = torch::arange(0, max_len, torch::kFloat).unsqueeze(1);
    auto rates = torch::exp(torch::arange(0, d_model, 2).to(torch::kFloat) * (-std::log(10000.0) / double(d_model)));
    pe.index_put_({Slice(), Slice(0, None, 2)}, torch::sin(position * rates));
    pe.index_put_({Slice(), Slice(1, None, 2)}, torch::cos(position * rates));
    pe = register_buffer("pe", pe.unsqueeze(0).transpose(0, 1));
  }
  torch::Tensor forward(torch::Tensor x) { return dropout(x + pe.slice(0, 0, x.size(0))); }
};
TORCH_MODULE(PositionalEncoding);

struct TransformerModelImpl : torch::nn::Module {
  int64_t width;
  torch::Tensor src_mask;
  PositionalEncoding pos;
  torch::nn::TransformerEncoder encoder{nullptr};
  torch::nn::Embedding embedding{nullptr};
  torch::nn::Linear decoder{nullptr};
  TransformerModelImpl(int64_t tokens, int64_t width, int64_t heads, int64_t hidden, int64_t layers, double p) : width(width), pos(width, p) {
    register_module("pos", pos);
    torch::nn::TransformerEncoderLayerOptions options(width, heads);
    options.dim_feedforward(hidden).dropout(p).activation(torch::kGELU);
    encoder = register_module(
        "encoder", torch::nn::TransformerEncoder(torch::nn::TransformerEncoderOptions(torch::nn::TransformerEncoderLayer(options), layers)));
    embedding = register_module("embedding", torch::nn::Embedding(torch::nn::EmbeddingOptions(tokens, width).padding_idx(0)));
    decoder = register_module("decoder", torch::nn::Linear(width, tokens));
    torch::NoGradGuard guard;
    embedding->weight.uniform_(-0.1, 0.1);
    decoder->bias.zero_();
    torch::nn::init::uniform_(decoder->weight, -0.1, 0.1);
  }
  torch::Tensor mask(int64_t n) {
    auto seen = (torch::triu(torch::ones({n, n})) == 1).transpose(0, 1);
    return torch::zeros({n, n}).masked_fill(seen == 0, -std::numeric_limits<float>::infinity()).masked_fill(seen == 1, 0.0);
  }
  torch::Tensor forward(torch::Tensor src) {
    if (!src_mask.defined() || src_mask.size(0) != src.size(0)) src_mask = mask(src.size(0)).to(src.device());
    auto out = encoder(pos(embedding(src) * std::sqrt(double(width))), src_mask);
    return torch::nn::functional::log_softmax(decoder(out), torch::nn::functional::LogSoftmaxFuncOptions(-1));
  }
};
TORCH_MODULE(TransformerModel);

TEST_CASE("libtorch: a transformer of texts is trained with clipped gradients and a schedule", "[torch]") {
  torch::manual_seed(2);
  TransformerModel model(20, 8, 2, 16, 2, 0.0);
  model->train();
  torch::optim::SGD sgd(model->parameters(), torch::optim::SGDOptions(0.5));
  torch::optim::StepLR scheduler(sgd, 1, 0.95);
  auto criterion = torch::nn::NLLLoss();
  auto data = torch::randint(1, 20, {7, 4}, torch::TensorOptions().dtype(torch::kInt64)), targets = data.roll(-1, 0).view(-1);
  std::vector<float> losses;
  for (int step = 0; step < 8; ++step) {
    sgd.zero_grad();
    auto loss = criterion(model->forward(data).view({-1, 20}), targets);
    loss.backward();
    const double norm = torch::nn::utils::clip_grad_norm_(model->parameters(), 0.5);
    CHECK(norm > 0);
    sgd.step();
    scheduler.step();
    losses.push_back(loss.item<float>());
  }
  CHECK(losses.back() < losses.front());
}

// ---- archives ----
TEST_CASE("libtorch: archives of tensors, numbers and modules", "[torch]") {
  lazuli::test::TemporaryFolder folder;
  torch::nn::Linear a(3, 2), b(3, 2);
  torch::serialize::OutputArchive out, nested;
  out.write("weight", a->weight);
  out.write("step", torch::tensor(int64_t(7)));
  out.write("epoch", c10::IValue(int64_t(3)));
  out.write("rate", c10::IValue(0.25));
  a->save(nested);
  out.write("model", nested);
  out.write("name", c10::IValue("text"));
  out.save_to(folder.file("x.pt"));

  torch::serialize::InputArchive in, inner;
  in.load_from(folder.file("x.pt"), torch::kCPU);
  torch::Tensor weight, step;
  in.read("weight", weight);
  in.read("step", step);
  CHECK_FALSE(in.try_read("none", step));
  c10::IValue epoch, rate, name;
  in.read("epoch", epoch);
  in.read("rate", rate);
  in.read("name", name);
  in.read("model", inner);
  b->load(inner);
  CHECK(torch::equal(a->weight, weight));
  CHECK(torch::equal(a->weight, b->weight));
  CHECK(step.item<int64_t>() == 7);
  CHECK(epoch.toInt() == 3);
  CHECK(rate.toDouble() == 0.25);
  CHECK(name.toStringRef() == "text");

  const std::vector<char> bytes = torch::pickle_save(torch::arange(3));
  CHECK(torch::equal(torch::pickle_load(bytes).toTensor(), torch::arange(3)));
}

// ---- a function with a backward of its own, as the tutorial has it ----
struct LinearFunction : torch::autograd::Function<LinearFunction> {
  static torch::Tensor forward(torch::autograd::AutogradContext* ctx, torch::Tensor input, torch::Tensor weight,
                               torch::Tensor bias = torch::Tensor()) {
    ctx->save_for_backward({input, weight, bias});
    auto output = input.mm(weight.t());
    if (bias.defined()) output += bias.unsqueeze(0).expand_as(output);
    return output;
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx, torch::autograd::tensor_list grad_outputs) {
    auto saved = ctx->get_saved_variables();
    auto grad = grad_outputs[0];
    auto grad_bias = torch::Tensor();
    if (saved[2].defined()) grad_bias = grad.sum(0);
    return {grad.mm(saved[1]), grad.t().mm(saved[0]), grad_bias};
  }
};
TEST_CASE("libtorch: a linear function of one's own, and the gradient of a gradient's norm", "[torch]") {
  auto x = torch::randn({2, 3}).requires_grad_(), w = torch::randn({4, 3}).requires_grad_();
  LinearFunction::apply(x, w, torch::Tensor()).sum().backward();
  CHECK(torch::allclose(x.grad(), torch::ones({2, 4}).mm(w)));
  torch::nn::Linear critic(4, 1);
  auto input = torch::randn({3, 4}).requires_grad_(true);
  auto score = critic(input);
  auto grad = torch::autograd::grad({score}, {input}, {torch::ones_like(score)}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  torch::pow(grad.norm(2, 1) - 1, 2).mean().backward();
  CHECK(critic->weight.grad().defined());
}

}  // namespace
