#pragma once
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "lazuli/lazuli.h"
#include "lazuli/nn/module/registry.h"

/// Small networks made at random of all modules of the library, with a loss, for tests that train them.
namespace lazuli::test {

/// Two made of one seed and the same kinds of layers are equal.
class RandomNetwork {
 public:
  /// The kinds of layers and losses that there are; all of them together use each module that `nn::list_modules` has.
  static size_t layer_kinds();
  static size_t loss_kinds();

  RandomNetwork(uint64_t seed, const std::vector<size_t>& layers, size_t loss);

  /// For samples [n, 8], numbers [n, 4] and classes [n] below 4.
  Tensor outputs(const Tensor& samples) const;
  Tensor loss(const Tensor& outputs, const Tensor& numbers, const Tensor& classes) const { return loss_(outputs, numbers, classes); }
  std::vector<Tensor> parameters() const;
  std::vector<Tensor> buffers() const;
  /// The classes of its modules, in order.
  const std::vector<std::string>& names() const { return names_; }

  using Layer = std::function<Tensor(const Tensor&)>;
  using Loss = std::function<Tensor(const Tensor& outputs, const Tensor& numbers, const Tensor& classes)>;
  int64_t chance(int64_t n) { return int64_t(bits_() % uint64_t(n)); }
  /// A module of this network.
  template <class M>
  std::shared_ptr<M> make(const std::string& name, const std::vector<Value>& args = {}, const Kwargs& kwargs = {},
                          const std::vector<std::pair<std::string, std::shared_ptr<nn::Module>>>& parts = {}) {
    auto module = std::dynamic_pointer_cast<M>(nn::make_module(name, args, kwargs, parts));
    if (!module) throw std::logic_error(name + " is of another class");
    modules_.push_back(module);
    names_.push_back(name);
    return module;
  }
  Layer layer(const std::string& name, const std::vector<Value>& args = {}, const Kwargs& kwargs = {});

 private:
  void add(Layer layer, Tensor& x);
  void bring_to(int64_t dims, Tensor& x);

  std::mt19937_64 bits_;
  std::vector<std::shared_ptr<nn::Module>> modules_;
  std::vector<std::string> names_;
  std::vector<Layer> layers_;
  Loss loss_;
};

}  // namespace lazuli::test
