#pragma once
#include <memory>
#include <type_traits>
#include <utility>

#include "lazuli/core/tensor.h"

namespace lazuli::autograd {

namespace detail {
/// What becomes of the tensors that operators save for their backward.
struct SavedTensorHooks {
  virtual ~SavedTensorHooks() = default;
  /// `t` is what the operator saves, with its history; what is kept must not hold that.
  virtual std::shared_ptr<void> pack(const Tensor& t) = 0;
  virtual Tensor unpack(const std::shared_ptr<void>& packed) = 0;
};

/// While it lives, these hooks (or none) see what this thread saves.
class SavedTensorHooksScope {
 public:
  explicit SavedTensorHooksScope(std::shared_ptr<SavedTensorHooks> hooks);
  ~SavedTensorHooksScope();
  SavedTensorHooksScope(const SavedTensorHooksScope&) = delete;
  SavedTensorHooksScope& operator=(const SavedTensorHooksScope&) = delete;

 private:
  std::shared_ptr<SavedTensorHooks> hooks_;
  const std::shared_ptr<SavedTensorHooks>* before_;
};
/// Null where nobody wants to see what is saved.
extern thread_local constinit const std::shared_ptr<SavedTensorHooks>* saved_tensor_hooks;

/// Without its history.
Tensor data_of(const Tensor& t);

template <class Pack, class Unpack>
struct PackAndUnpack final : SavedTensorHooks {
  using Packed = std::decay_t<std::invoke_result_t<Pack&, const Tensor&>>;
  Pack pack_;
  Unpack unpack_;
  PackAndUnpack(Pack p, Unpack u) : pack_(std::move(p)), unpack_(std::move(u)) {}
  std::shared_ptr<void> pack(const Tensor& t) override { return std::make_shared<Packed>(pack_(data_of(t))); }
  Tensor unpack(const std::shared_ptr<void>& packed) override { return unpack_(*static_cast<Packed*>(packed.get())); }
};
}  // namespace detail

/// While it lives, `pack(const Tensor&)` is called with each tensor that an operator of this thread saves for its backward, and what it returns, of any type, is kept in its place;
/// `unpack` makes a tensor of that again when the backward needs it: of the same sizes and dtype, else the backward is an Error. Neither is recorded, and both live as long
/// as the graph. Of several guards the innermost counts. What is saved so is not watched for changes in place.
///   autograd::saved_tensors_hooks half([](const Tensor& t) { return t.to(kBFloat16); }, [](const Tensor& t) { return t.to(kFloat32); });
class [[nodiscard]] saved_tensors_hooks {
 public:
  template <class Pack, class Unpack>
  saved_tensors_hooks(Pack pack, Unpack unpack) : scope_(std::make_shared<detail::PackAndUnpack<Pack, Unpack>>(std::move(pack), std::move(unpack))) {}

 private:
  detail::SavedTensorHooksScope scope_;
};

/// While it lives, what operators save on other devices waits for the backward in memory of the host.
class [[nodiscard]] save_on_cpu {
 public:
  save_on_cpu();

 private:
  detail::SavedTensorHooksScope scope_;
};

}  // namespace lazuli::autograd
