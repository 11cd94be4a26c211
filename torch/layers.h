#pragma once
#include "lazuli/torch/loss_options.h"

/// Holders of the library's modules: `torch::nn::Linear fc(4, 8); fc->weight; fc(x)`. NAMEImpl is the module itself.
namespace torch::nn {

// One holder and its Impl.
#define LAZULI_TORCH_LAYER(Name)       \
  using Name##Impl = lazuli::nn::Name; \
  TORCH_MODULE(Name)

LAZULI_TORCH_LAYER(Linear);
LAZULI_TORCH_LAYER(Bilinear);
LAZULI_TORCH_LAYER(Identity);
LAZULI_TORCH_LAYER(Flatten);
LAZULI_TORCH_LAYER(Conv1d);
LAZULI_TORCH_LAYER(Conv2d);
LAZULI_TORCH_LAYER(Conv3d);
LAZULI_TORCH_LAYER(ConvTranspose1d);
LAZULI_TORCH_LAYER(ConvTranspose2d);
LAZULI_TORCH_LAYER(ConvTranspose3d);
LAZULI_TORCH_LAYER(BatchNorm1d);
LAZULI_TORCH_LAYER(BatchNorm2d);
LAZULI_TORCH_LAYER(BatchNorm3d);
LAZULI_TORCH_LAYER(InstanceNorm1d);
LAZULI_TORCH_LAYER(InstanceNorm2d);
LAZULI_TORCH_LAYER(InstanceNorm3d);
LAZULI_TORCH_LAYER(LayerNorm);
LAZULI_TORCH_LAYER(GroupNorm);
LAZULI_TORCH_LAYER(MaxPool1d);
LAZULI_TORCH_LAYER(MaxPool2d);
LAZULI_TORCH_LAYER(MaxPool3d);
LAZULI_TORCH_LAYER(AvgPool1d);
LAZULI_TORCH_LAYER(AvgPool2d);
LAZULI_TORCH_LAYER(AvgPool3d);
LAZULI_TORCH_LAYER(AdaptiveAvgPool1d);
LAZULI_TORCH_LAYER(AdaptiveAvgPool2d);
LAZULI_TORCH_LAYER(AdaptiveAvgPool3d);
LAZULI_TORCH_LAYER(AdaptiveMaxPool1d);
LAZULI_TORCH_LAYER(AdaptiveMaxPool2d);
LAZULI_TORCH_LAYER(AdaptiveMaxPool3d);
LAZULI_TORCH_LAYER(Dropout);
LAZULI_TORCH_LAYER(Dropout2d);
LAZULI_TORCH_LAYER(Dropout3d);
LAZULI_TORCH_LAYER(AlphaDropout);
LAZULI_TORCH_LAYER(ReLU);
LAZULI_TORCH_LAYER(ReLU6);
LAZULI_TORCH_LAYER(SELU);
LAZULI_TORCH_LAYER(SiLU);
LAZULI_TORCH_LAYER(Mish);
LAZULI_TORCH_LAYER(ELU);
LAZULI_TORCH_LAYER(CELU);
LAZULI_TORCH_LAYER(LeakyReLU);
LAZULI_TORCH_LAYER(PReLU);
LAZULI_TORCH_LAYER(GELU);
LAZULI_TORCH_LAYER(GLU);
LAZULI_TORCH_LAYER(Hardtanh);
LAZULI_TORCH_LAYER(Sigmoid);
LAZULI_TORCH_LAYER(LogSigmoid);
LAZULI_TORCH_LAYER(Tanh);
LAZULI_TORCH_LAYER(Softplus);
LAZULI_TORCH_LAYER(Softsign);
LAZULI_TORCH_LAYER(Softmax);
LAZULI_TORCH_LAYER(LogSoftmax);
LAZULI_TORCH_LAYER(Softmin);
LAZULI_TORCH_LAYER(Softmax2d);
LAZULI_TORCH_LAYER(Upsample);
LAZULI_TORCH_LAYER(PixelShuffle);
LAZULI_TORCH_LAYER(ReflectionPad1d);
LAZULI_TORCH_LAYER(ReflectionPad2d);
LAZULI_TORCH_LAYER(ReplicationPad2d);
LAZULI_TORCH_LAYER(ZeroPad2d);
LAZULI_TORCH_LAYER(Embedding);
LAZULI_TORCH_LAYER(EmbeddingBag);
LAZULI_TORCH_LAYER(RNN);
LAZULI_TORCH_LAYER(LSTM);
LAZULI_TORCH_LAYER(GRU);
LAZULI_TORCH_LAYER(RNNCell);
LAZULI_TORCH_LAYER(LSTMCell);
LAZULI_TORCH_LAYER(GRUCell);
LAZULI_TORCH_LAYER(MultiheadAttention);
LAZULI_TORCH_LAYER(TransformerEncoderLayer);
LAZULI_TORCH_LAYER(TransformerDecoderLayer);
LAZULI_TORCH_LAYER(CosineSimilarity);
LAZULI_TORCH_LAYER(PairwiseDistance);
LAZULI_TORCH_LAYER(MSELoss);
LAZULI_TORCH_LAYER(L1Loss);
LAZULI_TORCH_LAYER(SmoothL1Loss);
LAZULI_TORCH_LAYER(HuberLoss);
LAZULI_TORCH_LAYER(CrossEntropyLoss);
LAZULI_TORCH_LAYER(NLLLoss);
LAZULI_TORCH_LAYER(BCELoss);
LAZULI_TORCH_LAYER(BCEWithLogitsLoss);
LAZULI_TORCH_LAYER(KLDivLoss);
LAZULI_TORCH_LAYER(SoftMarginLoss);
#undef LAZULI_TORCH_LAYER

/// A function of a tensor as a module: `Functional(torch::relu)`, `Functional(torch::log_softmax, 1, torch::nullopt)`.
class FunctionalImpl : public lazuli::nn::TensorModule {
 public:
  explicit FunctionalImpl(std::function<Tensor(Tensor)> function) : function_(std::move(function)) {}
  template <class F, class... A>
  requires(sizeof...(A) > 0) explicit FunctionalImpl(F* function, A... args) : function_([=](const Tensor& x) { return function(x, args...); }) {}
  Tensor forward(const Tensor& input) override { return function_(input); }

 private:
  std::function<Tensor(Tensor)> function_;
};
TORCH_MODULE(Functional);

namespace detail {
template <class M>
std::shared_ptr<AnyModuleBase> module_of(const M& module) {
  if constexpr (Holder<M>) {
    return module.ptr();
  } else if constexpr (std::is_convertible_v<M, std::shared_ptr<AnyModuleBase>>) {
    if (module) lazuli::nn::detail::know_class(*module);
    return module;
  }
}
}  // namespace detail

/// A module with the name it is to have: `Sequential({{"fc", Linear(2, 3)}, {"act", ReLU()}})`.
struct NamedAnyModule {
  template <class M>
  NamedAnyModule(std::string n, const M& m) : name(std::move(n)), module(detail::module_of(m)) {}
  std::string name;
  std::shared_ptr<AnyModuleBase> module;
};

class SequentialImpl : public lazuli::nn::Sequential {
 public:
  SequentialImpl() = default;
  template <class... M>
  requires(sizeof...(M) > 0) explicit SequentialImpl(const M&... modules) { (push_back(modules), ...); }
  SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
    for (const NamedAnyModule& m : modules) add_module(m.name, m.module);
  }
  template <class M>
  void push_back(const M& module) {
    push_back_shared(detail::module_of(module));
  }
  template <class M>
  void push_back(const std::string& name, const M& module) {
    add_module(name, detail::module_of(module));
  }
  std::shared_ptr<AnyModuleBase> ptr(size_t index) const { return lazuli::nn::Sequential::at(int64_t(index)); }
  template <class T>
  T& at(size_t index) const {
    return lazuli::nn::Sequential::at<T>(int64_t(index));
  }
};
class Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder::ModuleHolder;
  Sequential() = default;
  template <detail::Holder First, detail::Holder... Rest>
  requires(sizeof...(Rest) > 0 || !std::is_base_of_v<Sequential, First>) explicit Sequential(const First& first, const Rest&... rest)
      : ModuleHolder(std::make_shared<SequentialImpl>(first, rest...)) {}
  Sequential(std::initializer_list<NamedAnyModule> modules) : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}
};

class ModuleListImpl : public lazuli::nn::ModuleList {
 public:
  ModuleListImpl() = default;
  template <class... M>
  requires(sizeof...(M) > 0) explicit ModuleListImpl(const M&... modules) { (push_back(modules), ...); }
  template <class M>
  void push_back(const M& module) {
    push_back_shared(detail::module_of(module));
  }
  template <class T>
  T& at(size_t index) const {
    return lazuli::nn::ModuleList::at<T>(int64_t(index));
  }
  std::shared_ptr<AnyModuleBase> ptr(size_t index) const { return lazuli::nn::ModuleList::at(int64_t(index)); }
  std::shared_ptr<AnyModuleBase> operator[](size_t index) const { return ptr(index); }
  auto begin() { return (children_ = children()).begin(); }
  auto end() { return children_.end(); }

 private:
  std::vector<std::shared_ptr<AnyModuleBase>> children_;  // what is being gone over
};
class ModuleList : public ModuleHolder<ModuleListImpl> {
 public:
  using ModuleHolder::ModuleHolder;
  ModuleList() = default;
  template <detail::Holder First, detail::Holder... Rest>
  requires(sizeof...(Rest) > 0 || !std::is_base_of_v<ModuleList, First>) explicit ModuleList(const First& first, const Rest&... rest)
      : ModuleHolder(std::make_shared<ModuleListImpl>(first, rest...)) {}
};

namespace init {
using namespace lazuli::nn::init;
}
namespace utils {
using namespace lazuli::nn::utils;
}

}  // namespace torch::nn
