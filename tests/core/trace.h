#pragma once
#include <string>

#include "lazuli/core/slots/events.h"

namespace lazuli::test {

/// Writes down what happens: a line for each slot call, indented where it happens inside of another, and for transfers, reads and loops on the host.
struct Trace : EventListener {
  std::string text;
  int depth = 0;

  void line(const std::string& what) { text += std::string(size_t(2 * depth), ' ') + what + "\n"; }
  void call_begins(const SlotCall& call) override {
    line(to_string(call));
    ++depth;
  }
  void call_ends(const SlotCall&, bool threw) noexcept override {
    --depth;
    if (threw) line("threw");
  }
  void transfer_begins(const Transfer& t) override { line(std::to_string(t.bytes) + " bytes from " + to_string(t.from) + " to " + to_string(t.to)); }
  void value_read(const Tensor& t) override { line("the value of " + std::string(name(t.dtype())) + to_string(t.sizes())); }
  void host_loop(std::string_view function, Device device) override { line(std::string(function) + " on the host for " + to_string(device)); }
};

}  // namespace lazuli::test
