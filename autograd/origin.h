#pragma once
#include <atomic>
#include <string>
#include <vector>

#include "lazuli/core/profiler/call_stack.h"

/// Where things were called: the module and the user's line. Noted only while somebody wants to know.
namespace lazuli::autograd {

/// While it lives, nodes that any thread records keep the module and the line that they come from: for `print_graph`, `make_dot` and errors. Anomaly mode does so too.
class [[nodiscard]] trace_origins {
 public:
  trace_origins();
  ~trace_origins();
  trace_origins(const trace_origins&) = delete;
  trace_origins& operator=(const trace_origins&) = delete;
};

namespace detail {
extern constinit std::atomic<int> origins_wanted;

/// The module that this thread calls at the moment, "encoder.fc1 (Linear)"; empty outside of modules. nn sets how that is found.
extern constinit std::atomic<std::string (*)()> module_path_source;
std::string current_module();
}  // namespace detail

/// What is known of a node's making.
struct Origin {
  std::string module;  // "fc1 (Linear)"
  std::string within;  // of a node that a recorded backward made: whose backward
  std::vector<void*> stack;
  /// "in module fc1 (Linear), called by main (train.cpp:41)"; empty where nothing is known.
  std::string text() const;
};

}  // namespace lazuli::autograd
