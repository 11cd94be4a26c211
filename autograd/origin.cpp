#include "lazuli/autograd/origin.h"

namespace lazuli::autograd {

constinit std::atomic<int> detail::origins_wanted{0};
constinit std::atomic<std::string (*)()> detail::module_path_source{nullptr};

trace_origins::trace_origins() { detail::origins_wanted.fetch_add(1); }
trace_origins::~trace_origins() { detail::origins_wanted.fetch_sub(1); }

std::string detail::current_module() {
  auto source = module_path_source.load(std::memory_order_relaxed);
  return source ? source() : std::string();
}

std::string Origin::text() const {
  std::string text;
  auto add = [&](const char* before, const std::string& what) {
    if (!what.empty()) text += (text.empty() ? "" : ", ") + std::string(before) + what;
  };
  add("in module ", module);
  add("in the backward of ", within);
  add("called by ", user_line(stack));
  return text;
}

}  // namespace lazuli::autograd
