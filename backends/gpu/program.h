#pragma once
#include <array>

#include "lazuli/backends/gpu/driver.h"

namespace lazuli::gpu {

/// The text of one family's kernels, in the dialect (dialect.h). A static object: its address is its identity.
struct Source {
  const char* name;
  const char* text;
  bool exact = false;  // no contraction of a * b + c: where the CPU's bits are promised
};

/// One kernel of a source, specialised by types and numbers: compiled at first use, kept in memory and on disk.
///   Variant(kSource, "softmax", out.device()).type("T", out.dtype()).define("LOG", log).run(Grid::items(n), args);
/// Names are literals.
class Variant {
 public:
  Variant(const Source& source, const char* kernel, Device device) : source_(source), kernel_(kernel), device_(device) {
    add(reinterpret_cast<uintptr_t>(&source));
    add(reinterpret_cast<uintptr_t>(kernel));
  }
  /// Defines T, T_COMPUTE, T_LOAD, T_STORE and so on for the type parameter `name`. Throws Error (NotSupported) at run for float64 on a device without it.
  Variant& type(const char* name, DType t) { return part(name, Kind::Type, uint64_t(t)); }
  /// #define name value
  Variant& define(const char* name, int64_t value) { return part(name, Kind::Number, uint64_t(value)); }
  /// #define name text, a literal or another text that lives as long as the program.
  Variant& define(const char* name, const char* text) { return part(name, Kind::Text, reinterpret_cast<uintptr_t>(text)); }
  /// Defines Index, the integer that places in memory are counted in: 32 bits, or 64 where those are too few.
  Variant& index(bool wide) { return define("Index", wide ? "int64" : "int"); }
  /// Further text before the source's own, a literal: functions that may use what is defined so far.
  Variant& code(const char* text) { return part("", Kind::Code, reinterpret_cast<uintptr_t>(text)); }
  void run(const Grid& grid, const Arguments& arguments);
  /// The whole text that is compiled, for tests that have a compiler and no device.
  std::string text(Dialect dialect) const;

 private:
  enum class Kind : uint8_t { Type, Number, Text, Code };
  struct Part {
    const char* name;
    uint64_t value;
    Kind kind;
  };
  static constexpr int kMaxParts = 24;
  Variant& part(const char* name, Kind kind, uint64_t value) {
    parts_[size_t(count_++)] = {name, value, kind};
    add(reinterpret_cast<uintptr_t>(name));
    add(value);
    return *this;
  }
  void add(uint64_t word) { hash_ = (hash_ ^ word) * 0x9e3779b97f4a7c15ull, hash_ ^= hash_ >> 29; }
  void* find();
  void* build(Driver& driver);
  bool same(const Variant& other) const;
  friend struct VariantCache;

  const Source& source_;
  const char* kernel_;
  Device device_;
  std::array<Part, kMaxParts> parts_;
  int count_ = 0;
  uint64_t hash_ = 0xcbf29ce484222325ull;
};

}  // namespace lazuli::gpu
