// The modules by name: how each is constructed from PyTorch's arguments, and called.
#include "tests/conformance/modules.h"

#include "lazuli/nn/nn.h"

namespace conformance {

using namespace lazuli;

namespace {

using Maker = BuiltModule (*)(Arguments&);

Tensor needed(Arguments& args, const char* name) {
  Tensor t;
  args.read(name, t);
  return t;
}

// A module of one tensor, of two.
template <class M>
BuiltModule of_one(std::shared_ptr<M> module) {
  return {module, [module](Arguments& args) {
            Tensor input = needed(args, "input");
            args.done();
            return std::vector<Tensor>{nn::call(*module, input)};
          }};
}
template <class M>
BuiltModule of_two(std::shared_ptr<M> module) {
  return {module, [module](Arguments& args) {
            Tensor first = needed(args, "input"), second = needed(args, "target");
            args.done();
            return std::vector<Tensor>{nn::call(*module, first, second)};
          }};
}

template <class M>
BuiltModule plain(Arguments& args) {
  args.done();
  return of_one(std::make_shared<M>());
}
template <class M>
BuiltModule with_inplace(Arguments& args) {
  bool inplace = false;
  args.read("inplace", inplace).done();
  return of_one(std::make_shared<M>(inplace));
}
template <class M>
BuiltModule with_alpha(Arguments& args) {
  double alpha = 1;
  bool inplace = false;
  args.read("alpha", alpha).read("inplace", inplace).done();
  return of_one(std::make_shared<M>(alpha, inplace));
}
template <class M>
BuiltModule with_lambda(Arguments& args) {
  double lambda = 0.5;
  args.read("lambd", lambda).done();
  return of_one(std::make_shared<M>(lambda));
}
template <class M>
BuiltModule with_dim(Arguments& args) {
  std::optional<int64_t> dim;
  args.read("dim", dim).done();
  return of_one(std::make_shared<M>(dim));
}

BuiltModule leaky_relu(Arguments& args) {
  double slope = 0.01;
  bool inplace = false;
  args.read("negative_slope", slope).read("inplace", inplace).done();
  return of_one(std::make_shared<nn::LeakyReLU>(slope, inplace));
}
BuiltModule rrelu(Arguments& args) {
  double lower = 1.0 / 8, upper = 1.0 / 3;
  bool inplace = false;
  args.read("lower", lower).read("upper", upper).read("inplace", inplace).done();
  return of_one(std::make_shared<nn::RReLU>(lower, upper, inplace));
}
BuiltModule hardtanh(Arguments& args) {
  double least = -1, most = 1;
  bool inplace = false;
  args.read("min_val", least).read("max_val", most).read("inplace", inplace).done();
  return of_one(std::make_shared<nn::Hardtanh>(least, most, inplace));
}
BuiltModule threshold(Arguments& args) {
  double threshold = 0, value = 0;
  bool inplace = false;
  args.read("threshold", threshold).read("value", value).read("inplace", inplace).done();
  return of_one(std::make_shared<nn::Threshold>(threshold, value, inplace));
}
BuiltModule gelu(Arguments& args) {
  std::string approximate = "none";
  args.read("approximate", approximate).done();
  return of_one(std::make_shared<nn::GELU>(approximate));
}
BuiltModule glu(Arguments& args) {
  int64_t dim = -1;
  args.read("dim", dim).done();
  return of_one(std::make_shared<nn::GLU>(dim));
}
BuiltModule softplus(Arguments& args) {
  double beta = 1, threshold = 20;
  args.read("beta", beta).read("threshold", threshold).done();
  return of_one(std::make_shared<nn::Softplus>(beta, threshold));
}
BuiltModule prelu(Arguments& args) {
  int64_t count = 1;
  double init = 0.25;
  args.read("num_parameters", count).read("init", init).done();
  return of_one(std::make_shared<nn::PReLU>(count, init));
}

BuiltModule linear(Arguments& args) {
  int64_t in = 0, out = 0;
  nn::LinearOptions o;
  args.read("in_features", in).read("out_features", out).read("bias", o.bias).done();
  return of_one(std::make_shared<nn::Linear>(in, out, o));
}
BuiltModule lazy_linear(Arguments& args) {
  int64_t out = 0;
  nn::LinearOptions o;
  args.read("out_features", out).read("bias", o.bias).done();
  return of_one(std::make_shared<nn::LazyLinear>(out, o));
}
BuiltModule bilinear(Arguments& args) {
  int64_t in1 = 0, in2 = 0, out = 0;
  nn::LinearOptions o;
  args.read("in1_features", in1).read("in2_features", in2).read("out_features", out).read("bias", o.bias).done();
  return of_two(std::make_shared<nn::Bilinear>(in1, in2, out, o));
}

void read_batch_norm(Arguments& args, nn::BatchNormOptions& o) {
  args.read("eps", o.eps).read("momentum", o.momentum).read("affine", o.affine).read("track_running_stats", o.track_running_stats).done();
}
template <class M>
BuiltModule batch_norm(Arguments& args) {
  int64_t features = 0;
  nn::BatchNormOptions o;
  args.read("num_features", features);
  read_batch_norm(args, o);
  return of_one(std::make_shared<M>(features, o));
}
template <class M>
BuiltModule lazy_batch_norm(Arguments& args) {
  nn::BatchNormOptions o;
  read_batch_norm(args, o);
  return of_one(std::make_shared<M>(o));
}

Reduction read_reduction(Arguments& args) {
  std::string text = "mean";
  args.read("reduction", text);
  return parse_reduction(text);
}
BuiltModule cross_entropy(Arguments& args) {
  nn::CrossEntropyLossOptions o;
  args.read("weight", o.weight).ignore("size_average").read("ignore_index", o.ignore_index).ignore("reduce");
  o.reduction = read_reduction(args);
  args.read("label_smoothing", o.label_smoothing).done();
  return of_two(std::make_shared<nn::CrossEntropyLoss>(o));
}

const std::map<std::string, Maker> kModules = {
    {"BatchNorm1d", batch_norm<nn::BatchNorm1d>},
    {"BatchNorm2d", batch_norm<nn::BatchNorm2d>},
    {"BatchNorm3d", batch_norm<nn::BatchNorm3d>},
    {"Bilinear", bilinear},
    {"CELU", with_alpha<nn::CELU>},
    {"CrossEntropyLoss", cross_entropy},
    {"ELU", with_alpha<nn::ELU>},
    {"GELU", gelu},
    {"GLU", glu},
    {"Hardshrink", with_lambda<nn::Hardshrink>},
    {"Hardsigmoid", with_inplace<nn::Hardsigmoid>},
    {"Hardswish", with_inplace<nn::Hardswish>},
    {"Hardtanh", hardtanh},
    {"Identity", plain<nn::Identity>},
    {"LazyBatchNorm1d", lazy_batch_norm<nn::LazyBatchNorm1d>},
    {"LazyBatchNorm2d", lazy_batch_norm<nn::LazyBatchNorm2d>},
    {"LazyBatchNorm3d", lazy_batch_norm<nn::LazyBatchNorm3d>},
    {"LazyLinear", lazy_linear},
    {"LeakyReLU", leaky_relu},
    {"Linear", linear},
    {"LogSigmoid", plain<nn::LogSigmoid>},
    {"LogSoftmax", with_dim<nn::LogSoftmax>},
    {"Mish", with_inplace<nn::Mish>},
    {"PReLU", prelu},
    {"RReLU", rrelu},
    {"ReLU", with_inplace<nn::ReLU>},
    {"ReLU6", with_inplace<nn::ReLU6>},
    {"SELU", with_inplace<nn::SELU>},
    {"SiLU", with_inplace<nn::SiLU>},
    {"Sigmoid", plain<nn::Sigmoid>},
    {"Softmax", with_dim<nn::Softmax>},
    {"Softmax2d", plain<nn::Softmax2d>},
    {"Softmin", with_dim<nn::Softmin>},
    {"Softplus", softplus},
    {"Softshrink", with_lambda<nn::Softshrink>},
    {"Softsign", plain<nn::Softsign>},
    {"Tanh", plain<nn::Tanh>},
    {"Tanhshrink", plain<nn::Tanhshrink>},
    {"Threshold", threshold},
};

}  // namespace

bool has_module(const std::string& name) { return kModules.count(name) != 0; }

BuiltModule make_module(const std::string& name, Arguments& args) { return kModules.at(name)(args); }

}  // namespace conformance
