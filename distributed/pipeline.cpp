#include "lazuli/distributed/pipeline.h"

#include <deque>
#include <numeric>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/nn/module/lazy.h"
#include "lazuli/ops/ops.h"

namespace lazuli::distributed {
namespace {

enum Tag { kForwardForm = 11, kForward, kBackwardForm, kBackward };
constexpr int64_t kFormSize = 66;  // dtype, number of dimensions, sizes

/// Messages whose sizes the receiver does not know beforehand. What is sent is kept until `finish`.
class Mail {
 public:
  explicit Mail(const ProcessGroup& group) : group_(group) {}
  void send(const Tensor& tensor, int to, int form_tag) {
    Tensor form = zeros({kFormSize}, kInt64);
    int64_t* f = form.data_ptr<int64_t>();
    f[0] = int64_t(tensor.dtype());
    f[1] = tensor.dim();
    for (int64_t d = 0; d < tensor.dim(); ++d) f[2 + d] = tensor.size(d);
    sent_.push_back(isend(form, to, group_, form_tag));
    sent_.push_back(isend(tensor, to, group_, form_tag + 1));
  }
  Tensor receive(int from, int form_tag) {
    Tensor form = zeros({kFormSize}, kInt64);
    recv(form, from, group_, form_tag);
    const int64_t* f = form.const_data_ptr<int64_t>();
    Tensor tensor = new_tensor(Shape(f + 2, f[1]), DType(f[0]));
    recv(tensor, from, group_, form_tag + 1);
    return tensor;
  }
  void finish() {
    for (Work& w : sent_) w.wait();
    sent_.clear();
  }

 private:
  ProcessGroup group_;
  std::vector<Work> sent_;
};

std::vector<Tensor> cut(const char* argument, const Tensor& batch, int64_t pieces) {
  if (!batch.defined()) fail_undefined("Pipeline", argument);
  if (batch.dim() == 0 || batch.size(0) % pieces != 0)
    fail("Pipeline", argument, "a first dimension that " + std::to_string(pieces) + " micro_batches divide", "sizes " + to_string(batch.sizes()));
  return chunk(batch, pieces);
}

}  // namespace

nn::Sequential stage_of(const nn::Sequential& model, const ProcessGroup& group) {
  const int ranks = get_world_size(group), rank = get_rank(group);
  const auto modules = model.children();
  if (int64_t(modules.size()) < ranks)
    fail("stage_of", "model", "at least one module for each of the " + std::to_string(ranks) + " ranks", std::to_string(modules.size()));
  // Pieces that begin with a module that has parameters, where there are enough of them: every stage has something to train.
  std::vector<size_t> pieces{0};
  for (size_t m = 1; m < modules.size(); ++m)
    if (modules[m]->num_parameters() > 0) pieces.push_back(m);
  if (pieces.size() > 1 && modules[0]->num_parameters() == 0) pieces.erase(pieces.begin() + 1);
  if (pieces.size() < size_t(ranks)) {
    pieces.resize(modules.size());
    std::iota(pieces.begin(), pieces.end(), size_t(0));
  }
  pieces.push_back(modules.size());
  std::vector<int64_t> before{0};  // parameters before each piece
  for (size_t k = 0; k + 1 < pieces.size(); ++k) {
    before.push_back(before.back());
    for (size_t m = pieces[k]; m < pieces[k + 1]; ++m) before.back() += modules[m]->num_parameters();
  }
  // Rank r begins where r / ranks of all parameters are behind, and leaves at least one piece to each.
  std::vector<size_t> begins{0};
  for (int r = 1; r < ranks; ++r) {
    size_t at = begins.back() + 1;
    while (at + size_t(ranks - r) < pieces.size() - 1 && before[at] * ranks < before.back() * r) ++at;
    begins.push_back(at);
  }
  begins.push_back(pieces.size() - 1);
  nn::Sequential stage;
  for (size_t m = pieces[begins[size_t(rank)]]; m < pieces[begins[size_t(rank) + 1]]; ++m) stage.add_module(std::to_string(m), modules[m]);
  return stage;
}

Pipeline::Pipeline(nn::Module& stage, const PipelineOptions& options)
    : stage_(stage), options_(options), rank_(get_rank(options.process_group)), ranks_(get_world_size(options.process_group)) {
  check_members("Pipeline", options);
}

Tensor Pipeline::step(const Tensor& input, const Tensor& target, const Loss& loss) {
  const int64_t count = options_.micro_batches;
  const std::vector<Tensor> inputs = first() ? cut("input", input, count) : std::vector<Tensor>();
  const std::vector<Tensor> targets = last() ? cut("target", target, count) : std::vector<Tensor>();
  Mail mail(options_.process_group);
  struct Open {
    Tensor input, output;  // the last stage's output is its loss
  };
  std::deque<Open> open;
  Tensor total = zeros({1});

  auto forward = [&](int64_t i) {
    Open o;
    o.input = first() ? inputs[size_t(i)].detach() : mail.receive(rank_ - 1, kForwardForm);
    if (!first()) o.input.requires_grad_(is_differentiable(o.input.dtype()));
    o.output = stage_(o.input);
    if (last()) {
      o.output = loss(o.output, targets[size_t(i)]) / double(count);
      no_grad guard;
      total.add_(o.output.detach().to(kFloat32).reshape({1}));
    } else {
      mail.send(o.output.detach(), rank_ + 1, kForwardForm);
    }
    open.push_back(std::move(o));
  };
  auto backward = [&] {
    Open o = std::move(open.front());
    open.pop_front();
    if (last()) o.output.backward();
    else o.output.backward(mail.receive(rank_ + 1, kBackwardForm));
    if (!first()) mail.send(o.input.grad(), rank_ - 1, kBackwardForm);
  };

  const int64_t ahead = std::min<int64_t>(ranks_ - 1 - rank_, count);
  for (int64_t i = 0; i < ahead; ++i) forward(i);
  for (int64_t i = ahead; i < count; ++i) {
    forward(i);
    backward();
  }
  while (!open.empty()) backward();
  mail.finish();
  broadcast(total, ranks_ - 1, options_.process_group);
  return total.reshape({});
}

Tensor Pipeline::forward(const Tensor& input) {
  no_grad guard;
  Mail mail(options_.process_group);
  Tensor output;
  output = stage_(first() ? input : mail.receive(rank_ - 1, kForwardForm));
  for (int other = 0; other < ranks_; ++other)
    if (last() ? other != rank_ : other == rank_ + 1) mail.send(output, other, last() ? kBackwardForm : kForwardForm);
  if (!last()) output = mail.receive(ranks_ - 1, kBackwardForm);
  mail.finish();
  return output;
}

}  // namespace lazuli::distributed
