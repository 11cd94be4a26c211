#pragma once
#include <functional>
#include <memory>

#include "lazuli/nn/module.h"
#include "tests/conformance/options.h"

namespace conformance {

/// A module with its call put on boxed values.
struct BuiltModule {
  std::shared_ptr<lazuli::nn::Module> module;
  std::function<std::vector<lazuli::Tensor>(Arguments& args)> forward;
};

bool has_module(const std::string& name);
/// The module of that name from its constructor's arguments. Throws NotThere for an argument that is not supported yet.
BuiltModule make_module(const std::string& name, Arguments& args);

}  // namespace conformance
