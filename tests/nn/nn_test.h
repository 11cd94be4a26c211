#pragma once
#include <lazuli/lazuli.h>

#include <string>
#include <vector>

// Comparisons and error texts for the tests of modules.
namespace nn_test {

inline bool same(const lazuli::Tensor& a, const lazuli::Tensor& b) { return a.sizes() == b.sizes() && lazuli::equal(a.detach(), b.detach()); }
inline bool close(const lazuli::Tensor& a, const lazuli::Tensor& b, double tolerance = 1e-5) {
  return a.sizes() == b.sizes() && lazuli::allclose(a.detach(), b.detach(), tolerance, tolerance);
}
inline std::vector<std::string> parameter_names(const lazuli::nn::Module& module) {
  std::vector<std::string> names;
  for (auto& entry : module.named_parameters()) names.push_back(entry.first);
  return names;
}
template <class F>
std::string message(F&& f) {
  try {
    f();
  } catch (const lazuli::Error& e) { return e.what(); }
  return "no error";
}

}  // namespace nn_test
