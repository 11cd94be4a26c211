// modules/: calls of modules with given state, their gradients, and the state afterwards.
#include <fmt/format.h>

#include <functional>

#include "lazuli/nn/nn.h"
#include "tests/conformance/options.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"

namespace conformance {

using namespace lazuli;

namespace {

struct Made {
  std::shared_ptr<nn::Module> module;
  std::function<std::vector<Tensor>(Arguments&)> call;
};
using Maker = Made (*)(Arguments&);

// A module of as many tensors as there are names.
template <class M, class... N>
Made holding(M module, N... names) {
  auto held = std::make_shared<M>(std::move(module));
  return {held, [held, names...](Arguments& args) {
            auto read = [&](const char* name) {
              Tensor t;
              args.read(name, t);
              return t;
            };
            std::vector<Tensor> in{read(names)...};
            args.done();
            if constexpr (sizeof...(N) == 1) return std::vector<Tensor>{(*held)(in[0])};
            else if constexpr (sizeof...(N) == 2) return std::vector<Tensor>{(*held)(in[0], in[1])};
            else return std::vector<Tensor>{(*held)(in[0], in[1], in[2])};
          }};
}
template <class M>
Made one(M module) {
  return holding(std::move(module), "input");
}
template <class M>
Made two(M module) {
  return holding(std::move(module), "input", "target");
}

template <class M>
Made plain(Arguments& args) {
  args.done();
  return one(M());
}
template <class M>
Made with_inplace(Arguments& args) {
  bool inplace = false;
  args.read("inplace", inplace).done();
  return one(M(inplace));
}
template <class M>
Made with_number_and_inplace(Arguments& args, const char* name, double value) {
  bool inplace = false;
  args.read(name, value).read("inplace", inplace).done();
  return one(M(value, inplace));
}
template <class M>
Made dropout(Arguments& args) {
  return with_number_and_inplace<M>(args, "p", 0.5);
}
template <class M>
Made with_dim(Arguments& args) {
  std::optional<int64_t> dim;
  args.read("dim", dim).done();
  return one(M(dim));
}
template <class M>
Made with_lambda(Arguments& args) {
  double lambda = 0.5;
  args.read("lambd", lambda).done();
  return one(M(lambda));
}

Made linear(Arguments& args) {
  int64_t in = 0, out = 0;
  bool bias = true;
  args.read("in_features", in).read("out_features", out).read("bias", bias).done();
  return one(nn::Linear(in, out, bias));
}
Made lazy_linear(Arguments& args) {
  int64_t out = 0;
  bool bias = true;
  args.read("out_features", out).read("bias", bias).done();
  return one(nn::LazyLinear(out, bias));
}
Made bilinear(Arguments& args) {
  int64_t in1 = 0, in2 = 0, out = 0;
  nn::LinearOptions o;
  args.read("in1_features", in1).read("in2_features", in2).read("out_features", out).read("bias", o.bias).done();
  return holding(nn::Bilinear(in1, in2, out, o), "input1", "input2");
}

template <class M>
Made feature_norm(Arguments& args) {
  typename M::Options o;
  int64_t features = 0;
  args.read("num_features", features);
  args.read("eps", o.eps)
      .read("momentum", o.momentum)
      .read("affine", o.affine)
      .read("track_running_stats", o.track_running_stats)
      .ignore("device")
      .ignore("dtype")
      .read("bias", o.bias)
      .done();
  return one(M(features, o));
}
template <class M>
Made lazy_feature_norm(Arguments& args) {
  typename M::Options o;
  args.read("eps", o.eps)
      .read("momentum", o.momentum)
      .read("affine", o.affine)
      .read("track_running_stats", o.track_running_stats)
      .ignore("device")
      .ignore("dtype")
      .read("bias", o.bias)
      .done();
  return one(M(o));
}
Made layer_norm(Arguments& args) {
  Shape sizes;
  nn::LayerNormOptions o;
  args.read("normalized_shape", sizes).read("eps", o.eps).read("elementwise_affine", o.elementwise_affine).read("bias", o.bias).done();
  return one(nn::LayerNorm(sizes, o));
}
Made rms_norm(Arguments& args) {
  Shape sizes;
  nn::RMSNormOptions o;
  args.read("normalized_shape", sizes).read("eps", o.eps).read("elementwise_affine", o.elementwise_affine).done();
  return one(nn::RMSNorm(sizes, o));
}
Made group_norm(Arguments& args) {
  int64_t groups = 0, channels = 0;
  nn::GroupNormOptions o;
  args.read("num_groups", groups).read("num_channels", channels).read("eps", o.eps).read("affine", o.affine).done();
  return one(nn::GroupNorm(groups, channels, o));
}
Made local_response_norm(Arguments& args) {
  int64_t size = 0;
  nn::LocalResponseNormOptions o;
  args.read("size", size).read("alpha", o.alpha).read("beta", o.beta).read("k", o.k).done();
  return one(nn::LocalResponseNorm(size, o));
}

Made elu(Arguments& args) { return with_number_and_inplace<nn::ELU>(args, "alpha", 1); }
Made celu(Arguments& args) { return with_number_and_inplace<nn::CELU>(args, "alpha", 1); }
Made leaky_relu(Arguments& args) { return with_number_and_inplace<nn::LeakyReLU>(args, "negative_slope", 0.01); }
Made rrelu(Arguments& args) {
  double lower = 1.0 / 8, upper = 1.0 / 3;
  bool inplace = false;
  args.read("lower", lower).read("upper", upper).read("inplace", inplace).done();
  return one(nn::RReLU(lower, upper, inplace));
}
Made hardtanh(Arguments& args) {
  double low = -1, high = 1;
  bool inplace = false;
  args.read("min_val", low).read("max_val", high).read("inplace", inplace).done();
  return one(nn::Hardtanh(low, high, inplace));
}
Made threshold(Arguments& args) {
  double threshold = 0, value = 0;
  bool inplace = false;
  args.read("threshold", threshold).read("value", value).read("inplace", inplace).done();
  return one(nn::Threshold(threshold, value, inplace));
}
Made gelu(Arguments& args) {
  std::string approximate = "none";
  args.read("approximate", approximate).done();
  return one(nn::GELU(approximate));
}
Made glu(Arguments& args) {
  int64_t dim = -1;
  args.read("dim", dim).done();
  return one(nn::GLU(dim));
}
Made softplus(Arguments& args) {
  double beta = 1, threshold = 20;
  args.read("beta", beta).read("threshold", threshold).done();
  return one(nn::Softplus(beta, threshold));
}
Made prelu(Arguments& args) {
  int64_t count = 1;
  double init = 0.25;
  args.read("num_parameters", count).read("init", init).done();
  return one(nn::PReLU(count, init));
}
Made flatten_module(Arguments& args) {
  int64_t start = 1, end = -1;
  args.read("start_dim", start).read("end_dim", end).done();
  return one(nn::Flatten(start, end));
}
Made unflatten(Arguments& args) {
  int64_t dim = 0;
  Shape sizes;
  args.read("dim", dim).read("unflattened_size", sizes).done();
  return one(nn::Unflatten(dim, sizes));
}
Made embedding(Arguments& args) {
  int64_t count = 0, dim = 0;
  nn::EmbeddingOptions o;
  args.read("num_embeddings", count)
      .read("embedding_dim", dim)
      .read("padding_idx", o.padding_idx)
      .read("max_norm", o.max_norm)
      .read("norm_type", o.norm_type);
  args.read("scale_grad_by_freq", o.scale_grad_by_freq).done();
  return one(nn::Embedding(count, dim, o));
}
Made embedding_bag(Arguments& args) {
  int64_t count = 0, dim = 0;
  nn::EmbeddingBagOptions o;
  args.read("num_embeddings", count)
      .read("embedding_dim", dim)
      .read("max_norm", o.max_norm)
      .read("norm_type", o.norm_type)
      .read("scale_grad_by_freq", o.scale_grad_by_freq);
  args.read("mode", o.mode)
      .ignore("sparse")
      .ignore("_weight")
      .read("include_last_offset", o.include_last_offset)
      .read("padding_idx", o.padding_idx)
      .done();
  auto held = std::make_shared<nn::EmbeddingBag>(count, dim, o);
  return {held, [held](Arguments& call) {
            Tensor input;
            OptionalTensor offsets, weights;
            call.read("input", input).read("offsets", offsets).read("per_sample_weights", weights).done();
            return std::vector<Tensor>{(*held)(input, offsets, weights)};
          }};
}

void read_reduction(Arguments& args, Reduction& reduction) {
  std::string text;
  if (const Value* v = args.take("reduction")) reduction = parse_reduction(v->to_string());
}
template <class M>
Made plain_loss(Arguments& args) {
  Reduction reduction = Reduction::Mean;
  read_reduction(args, reduction);
  args.done();
  return two(M(reduction));
}
Made cross_entropy(Arguments& args) {
  nn::CrossEntropyLossOptions o;
  args.read("weight", o.weight).ignore("size_average").read("ignore_index", o.ignore_index).ignore("reduce");
  read_reduction(args, o.reduction);
  args.read("label_smoothing", o.label_smoothing).done();
  return two(nn::CrossEntropyLoss(o));
}
Made nll(Arguments& args) {
  nn::NLLLossOptions o;
  args.read("weight", o.weight).ignore("size_average").read("ignore_index", o.ignore_index).ignore("reduce");
  read_reduction(args, o.reduction);
  args.done();
  return two(nn::NLLLoss(o));
}
Made bce(Arguments& args) {
  nn::BCELossOptions o;
  args.read("weight", o.weight).ignore("size_average").ignore("reduce");
  read_reduction(args, o.reduction);
  args.done();
  return two(nn::BCELoss(o));
}
Made bce_with_logits(Arguments& args) {
  nn::BCEWithLogitsLossOptions o;
  args.read("weight", o.weight).ignore("size_average").ignore("reduce");
  read_reduction(args, o.reduction);
  args.read("pos_weight", o.pos_weight).done();
  return two(nn::BCEWithLogitsLoss(o));
}
Made smooth_l1(Arguments& args) {
  nn::SmoothL1LossOptions o;
  args.ignore("size_average").ignore("reduce");
  read_reduction(args, o.reduction);
  args.read("beta", o.beta).done();
  return two(nn::SmoothL1Loss(o));
}
Made huber(Arguments& args) {
  nn::HuberLossOptions o;
  read_reduction(args, o.reduction);
  args.read("delta", o.delta).done();
  return two(nn::HuberLoss(o));
}
Made kl_div(Arguments& args) {
  nn::KLDivLossOptions o;
  args.ignore("size_average").ignore("reduce");
  read_reduction(args, o.reduction);
  args.read("log_target", o.log_target).done();
  return two(nn::KLDivLoss(o));
}
Made poisson(Arguments& args) {
  nn::PoissonNLLLossOptions o;
  args.read("log_input", o.log_input).read("full", o.full).ignore("size_average").read("eps", o.eps).ignore("reduce");
  read_reduction(args, o.reduction);
  args.done();
  return holding(nn::PoissonNLLLoss(o), "log_input", "target");
}
Made gaussian(Arguments& args) {
  nn::GaussianNLLLossOptions o;
  args.read("full", o.full).read("eps", o.eps);
  read_reduction(args, o.reduction);
  args.done();
  return holding(nn::GaussianNLLLoss(o), "input", "target", "var");
}
Made multi_label_soft_margin(Arguments& args) {
  nn::MultiLabelSoftMarginLossOptions o;
  args.read("weight", o.weight).ignore("size_average").ignore("reduce");
  read_reduction(args, o.reduction);
  args.done();
  return two(nn::MultiLabelSoftMarginLoss(o));
}
Made multi_margin(Arguments& args) {
  nn::MultiMarginLossOptions o;
  args.read("p", o.p).read("margin", o.margin).read("weight", o.weight).ignore("size_average").ignore("reduce");
  read_reduction(args, o.reduction);
  args.done();
  return two(nn::MultiMarginLoss(o));
}
template <class M>
typename M::Options margin_options(Arguments& args) {
  typename M::Options o;
  args.read("margin", o.margin).ignore("size_average").ignore("reduce");
  read_reduction(args, o.reduction);
  args.done();
  return o;
}
Made hinge(Arguments& args) { return two(nn::HingeEmbeddingLoss(margin_options<nn::HingeEmbeddingLoss>(args))); }
Made margin_ranking(Arguments& args) {
  return holding(nn::MarginRankingLoss(margin_options<nn::MarginRankingLoss>(args)), "input1", "input2", "target");
}
Made cosine_embedding(Arguments& args) {
  return holding(nn::CosineEmbeddingLoss(margin_options<nn::CosineEmbeddingLoss>(args)), "input1", "input2", "target");
}
Made triplet(Arguments& args) {
  nn::TripletMarginLossOptions o;
  args.read("margin", o.margin).read("p", o.p).read("eps", o.eps).read("swap", o.swap).ignore("size_average").ignore("reduce");
  read_reduction(args, o.reduction);
  args.done();
  return holding(nn::TripletMarginLoss(o), "anchor", "positive", "negative");
}
Made cosine_similarity(Arguments& args) {
  nn::CosineSimilarityOptions o;
  args.read("dim", o.dim).read("eps", o.eps).done();
  return holding(nn::CosineSimilarity(o), "x1", "x2");
}
Made pairwise_distance(Arguments& args) {
  nn::PairwiseDistanceOptions o;
  args.read("p", o.p).read("eps", o.eps).read("keepdim", o.keepdim).done();
  return holding(nn::PairwiseDistance(o), "x1", "x2");
}

Made linear_cross_entropy(Arguments& args) {
  int64_t in = 0, classes = 0;
  std::optional<int64_t> ignored;
  nn::LinearCrossEntropyLossOptions o;
  args.read("in_features", in).read("num_classes", classes).read("out_features", o.out_features);
  read_reduction(args, o.reduction);
  args.read("weight", o.weight).read("ignore_index", ignored).read("label_smoothing", o.label_smoothing).ignore("options").done();
  if (ignored) o.ignore_index = *ignored;
  return two(nn::LinearCrossEntropyLoss(in, classes, o));
}
Made adaptive_softmax(Arguments& args) {
  int64_t in = 0, classes = 0;
  Shape cutoffs;
  nn::AdaptiveLogSoftmaxWithLossOptions o;
  args.read("in_features", in)
      .read("n_classes", classes)
      .read("cutoffs", cutoffs)
      .read("div_value", o.div_value)
      .read("head_bias", o.head_bias)
      .done();
  auto held = std::make_shared<nn::AdaptiveLogSoftmaxWithLoss>(in, classes, cutoffs, o);
  return {held, [held](Arguments& call) {
            Tensor input, target;
            call.read("input", input).read("target", target).done();
            auto [output, loss] = (*held)(input, target);
            return std::vector<Tensor>{output, loss};
          }};
}

const std::map<std::string, Maker> kModules = {{"Linear", linear},
                                               {"LazyLinear", lazy_linear},
                                               {"Bilinear", bilinear},
                                               {"Identity", plain<nn::Identity>},
                                               {"BatchNorm1d", feature_norm<nn::BatchNorm1d>},
                                               {"BatchNorm2d", feature_norm<nn::BatchNorm2d>},
                                               {"BatchNorm3d", feature_norm<nn::BatchNorm3d>},
                                               {"InstanceNorm1d", feature_norm<nn::InstanceNorm1d>},
                                               {"InstanceNorm2d", feature_norm<nn::InstanceNorm2d>},
                                               {"InstanceNorm3d", feature_norm<nn::InstanceNorm3d>},
                                               {"LazyBatchNorm1d", lazy_feature_norm<nn::LazyBatchNorm1d>},
                                               {"LazyBatchNorm2d", lazy_feature_norm<nn::LazyBatchNorm2d>},
                                               {"LazyBatchNorm3d", lazy_feature_norm<nn::LazyBatchNorm3d>},
                                               {"LazyInstanceNorm1d", lazy_feature_norm<nn::LazyInstanceNorm1d>},
                                               {"LazyInstanceNorm2d", lazy_feature_norm<nn::LazyInstanceNorm2d>},
                                               {"LazyInstanceNorm3d", lazy_feature_norm<nn::LazyInstanceNorm3d>},
                                               {"LayerNorm", layer_norm},
                                               {"RMSNorm", rms_norm},
                                               {"GroupNorm", group_norm},
                                               {"LocalResponseNorm", local_response_norm},
                                               {"ReLU", with_inplace<nn::ReLU>},
                                               {"ReLU6", with_inplace<nn::ReLU6>},
                                               {"SELU", with_inplace<nn::SELU>},
                                               {"SiLU", with_inplace<nn::SiLU>},
                                               {"Mish", with_inplace<nn::Mish>},
                                               {"Hardsigmoid", with_inplace<nn::Hardsigmoid>},
                                               {"Hardswish", with_inplace<nn::Hardswish>},
                                               {"ELU", elu},
                                               {"CELU", celu},
                                               {"LeakyReLU", leaky_relu},
                                               {"RReLU", rrelu},
                                               {"Hardtanh", hardtanh},
                                               {"Threshold", threshold},
                                               {"Sigmoid", plain<nn::Sigmoid>},
                                               {"Tanh", plain<nn::Tanh>},
                                               {"LogSigmoid", plain<nn::LogSigmoid>},
                                               {"Softsign", plain<nn::Softsign>},
                                               {"Tanhshrink", plain<nn::Tanhshrink>},
                                               {"GELU", gelu},
                                               {"GLU", glu},
                                               {"Hardshrink", with_lambda<nn::Hardshrink>},
                                               {"Softshrink", with_lambda<nn::Softshrink>},
                                               {"Softplus", softplus},
                                               {"PReLU", prelu},
                                               {"Softmax", with_dim<nn::Softmax>},
                                               {"LogSoftmax", with_dim<nn::LogSoftmax>},
                                               {"Softmin", with_dim<nn::Softmin>},
                                               {"Softmax2d", plain<nn::Softmax2d>},
                                               {"Dropout", dropout<nn::Dropout>},
                                               {"Dropout1d", dropout<nn::Dropout1d>},
                                               {"Dropout2d", dropout<nn::Dropout2d>},
                                               {"Dropout3d", dropout<nn::Dropout3d>},
                                               {"AlphaDropout", dropout<nn::AlphaDropout>},
                                               {"FeatureAlphaDropout", dropout<nn::FeatureAlphaDropout>},
                                               {"Flatten", flatten_module},
                                               {"Unflatten", unflatten},
                                               {"Embedding", embedding},
                                               {"EmbeddingBag", embedding_bag},
                                               {"MSELoss", plain_loss<nn::MSELoss>},
                                               {"L1Loss", plain_loss<nn::L1Loss>},
                                               {"SoftMarginLoss", plain_loss<nn::SoftMarginLoss>},
                                               {"MultiLabelMarginLoss", plain_loss<nn::MultiLabelMarginLoss>},
                                               {"CrossEntropyLoss", cross_entropy},
                                               {"NLLLoss", nll},
                                               {"BCELoss", bce},
                                               {"BCEWithLogitsLoss", bce_with_logits},
                                               {"SmoothL1Loss", smooth_l1},
                                               {"HuberLoss", huber},
                                               {"KLDivLoss", kl_div},
                                               {"PoissonNLLLoss", poisson},
                                               {"GaussianNLLLoss", gaussian},
                                               {"MultiLabelSoftMarginLoss", multi_label_soft_margin},
                                               {"MultiMarginLoss", multi_margin},
                                               {"HingeEmbeddingLoss", hinge},
                                               {"MarginRankingLoss", margin_ranking},
                                               {"CosineEmbeddingLoss", cosine_embedding},
                                               {"TripletMarginLoss", triplet},
                                               {"CosineSimilarity", cosine_similarity},
                                               {"PairwiseDistance", pairwise_distance},
                                               {"LinearCrossEntropyLoss", linear_cross_entropy},
                                               {"AdaptiveLogSoftmaxWithLoss", adaptive_softmax}};

class Modules : public CaseFile {
 public:
  Modules(const fs::path& file, const Options& options) : cases_(read_json(file)), device_(options.device) {
    fs::path beside = fs::path(file).replace_extension(".safetensors");
    if (fs::exists(beside)) tensors_ = TensorFile(beside);
  }
  size_t size() const override { return cases_.size(); }
  std::string group(size_t i) const override { return cases_[i].at("module"); }

  Outcome run(size_t i) override {
    const Json& c = cases_[i];
    auto maker = kModules.find(c.at("module"));
    if (maker == kModules.end()) return skip("no module " + c["module"].get<std::string>());
    try {
      std::string complaint = replay(c, maker->second, false, false);
      if (complaint.empty() && c.value("dtype", "") == "float64") {
        complaint = replay(c, maker->second, false, true);
        if (!complaint.empty()) complaint = "with non-contiguous inputs: " + complaint;
      }
      if (complaint.empty() && c.value("lazy", false)) {
        complaint = replay(c, maker->second, true, false);
        if (!complaint.empty()) complaint = "called before its state was loaded: " + complaint;
      }
      return verdict(complaint);
    } catch (const NotThere& missing) { return skip(missing.what()); }
  }

 private:
  std::string replay(const Json& c, Maker make, bool call_first, bool noncontiguous) {
    Decoder decoder{&tensors_, device_};
    Arguments ctor(c["module"], decoder.values(c.at("ctor").at("args")), decoder.kwargs(c["ctor"].at("kwargs")));
    Made made = make(ctor);
    made.module->to(device_);
    DType dtype = parse_dtype(c.at("dtype").get<std::string>());
    if (is_floating_point(dtype) || is_complex(dtype)) made.module->to(dtype);
    made.module->train(c.at("training").get<bool>());

    std::vector<Tensor> outputs, leaves;
    auto call = [&](const Json& j) {
      decoder.leaves.clear();
      decoder.with_grad = true;
      decoder.noncontiguous = noncontiguous;
      Arguments args(c["module"], decoder.values(j.at("args")), decoder.kwargs(j.at("kwargs")));
      outputs = made.call(args);
      leaves = decoder.leaves;
      decoder.with_grad = decoder.noncontiguous = false;
    };
    if (call_first) call(c.at("calls")[0]);
    StateDict state;
    decoder.with_grad = false;
    for (const auto& [name, tensor] : c.at("state").items()) state.set(name, decoder.tensor(tensor));
    made.module->load_state_dict(state);

    Tolerance tolerance = tolerance_of(c, {1e-6, 1e-7});
    for (size_t k = 0; k < c.at("calls").size(); ++k) {
      const Json& expected = c["calls"][k].at("out");
      call(c["calls"][k]);
      if (outputs.size() != expected.size()) return fmt::format("call {}: {} outputs, expected {}", k, outputs.size(), expected.size());
      for (size_t o = 0; o < outputs.size(); ++o) {
        std::string complaint = difference(decoder.tensor(expected[o]), outputs[o], tolerance);
        if (!complaint.empty()) return fmt::format("call {}, output {}: {}", k, o, complaint);
      }
    }
    if (c.contains("grad_out")) {
      Json expected = c.at("input_grads");
      std::vector<Tensor> inputs = leaves;
      for (const auto& [name, grad] : c.at("param_grads").items()) {
        inputs.push_back(made.module->get_parameter(name));
        expected.push_back(grad);
      }
      std::string complaint = gradient_difference(c, outputs, inputs, expected, decoder, tolerance);
      if (!complaint.empty()) return complaint;
    }
    if (c.contains("state_after"))
      for (const auto& [name, tensor] : c["state_after"].items()) {
        std::string complaint = difference(decoder.tensor(tensor), made.module->state_dict().at(name), tolerance);
        if (!complaint.empty()) return fmt::format("{} afterwards: {}", name, complaint);
      }
    return "";
  }

  Json cases_;
  TensorFile tensors_;
  Device device_;
};

}  // namespace

std::unique_ptr<CaseFile> open_modules(const fs::path& file, const Options& options) { return std::make_unique<Modules>(file, options); }

}  // namespace conformance
