#pragma once
#include <array>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <utility>
#include <vector>

#include "lazuli/backends/cpu/onednn.h"
#include "lazuli/core/dtype.h"
#include "oneapi/dnnl/dnnl.hpp"

/// Kernels that use oneDNN (3.1 or newer) go through here: a primitive is made once with its memory objects and kept; a call sets the data handles and executes.
namespace lazuli::cpu {

const dnnl::engine& onednn_engine();
dnnl::memory::data_type onednn_type(DType t);
/// Whether products of bfloat16 are to be computed as those of float32, with operands made wide first: where the processor has no instructions for them, or some at half the rate.
bool widens_bfloat16();

/// Sets OpenMP's thread count for this thread to Lazuli's, and back at the end.
class OneDnnThreads {
 public:
  OneDnnThreads();
  ~OneDnnThreads();
  int count() const { return count_; }

 private:
  int count_, before_;
};

/// What tells one primitive from another: an operator's tag, then sizes, strides, dtypes, attributes and the thread count.
class PrimitiveKey {
 public:
  PrimitiveKey(std::initializer_list<int64_t> words) {
    for (int64_t w : words) add(w);
  }
  void add(int64_t word) {
    if (size_ < kWords) words_[size_] = word;
    ++size_;
    hash_ = (hash_ ^ uint64_t(word)) * 0x9e3779b97f4a7c15u;
    hash_ ^= hash_ >> 29;
  }
  uint64_t hash() const { return hash_; }
  bool fits() const { return size_ <= kWords; }
  bool operator==(const PrimitiveKey& o) const {
    return size_ == o.size_ && std::memcmp(words_.data(), o.words_.data(), size_ * sizeof(int64_t)) == 0;
  }

 private:
  static constexpr uint32_t kWords = 48;
  std::array<int64_t, kWords> words_;
  uint32_t size_ = 0;
  uint64_t hash_ = 0;
};

/// A primitive and its memory objects, in the order in which `run` takes their addresses.
struct BoundPrimitive {
  dnnl::primitive primitive;  // empty when oneDNN has no good implementation: the caller has another way
  std::vector<dnnl::memory> memories;
  std::vector<dnnl_exec_arg_t> arguments;
  int64_t scratchpad_bytes = 0;
  int64_t kept_bytes = 0;

  explicit operator bool() const { return bool(primitive.get(true)); }
  void add(int argument, const dnnl::memory::desc& desc);
  /// For a primitive made with `user_scratchpad`: the library's own belongs to the thread that created the primitive.
  void set_scratchpad(const dnnl::memory::desc& desc);
  void run(std::initializer_list<const void*> addresses);
};
/// Attributes that every primitive here starts from.
dnnl::primitive_attr user_scratchpad();
/// Whether the implementation is a plain loop, slower than our own.
bool is_reference(const char* implementation);

namespace detail {
struct PrimitiveSlot;
PrimitiveSlot* find_primitive(const PrimitiveKey& key);  // null: not there, or all in use
PrimitiveSlot* keep_primitive(const PrimitiveKey& key, BoundPrimitive primitive);
BoundPrimitive& primitive_of(PrimitiveSlot* slot);
void give_back(PrimitiveSlot* slot) noexcept;
}  // namespace detail

/// The primitive of a key, for this call alone: concurrent calls of one shape get one each.
class PrimitiveLease {
 public:
  template <class Make>
  PrimitiveLease(const PrimitiveKey& key, Make&& make) : slot_(detail::find_primitive(key)) {
    if (!slot_) slot_ = detail::keep_primitive(key, make());
  }
  PrimitiveLease(const PrimitiveLease&) = delete;
  PrimitiveLease& operator=(const PrimitiveLease&) = delete;
  ~PrimitiveLease() { detail::give_back(slot_); }
  BoundPrimitive& operator*() const { return detail::primitive_of(slot_); }
  BoundPrimitive* operator->() const { return &detail::primitive_of(slot_); }

 private:
  detail::PrimitiveSlot* slot_;
};

}  // namespace lazuli::cpu
