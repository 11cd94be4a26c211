#pragma once
#include "lazuli/torch/autograd.h"
#include "lazuli/torch/module.h"
#include "lazuli/torch/optim.h"

/// torch::save and torch::load. What they write is a file of torch.save in Python, which `torch.load(path, weights_only=True)` reads: a module or an optimizer as its state_dict. Archives
/// of libtorch itself are another format, which is not read.
namespace torch {

namespace detail {
// A path, or a stream.
template <class T>
concept Path = std::is_convertible_v<const T&, std::string>;
void save_object(const lazuli::TorchObject& object, const std::string& path);
void save_object(const lazuli::TorchObject& object, std::ostream& stream);
lazuli::TorchObject load_object(const std::string& path);
lazuli::TorchObject load_object(std::istream& stream);
std::vector<Tensor> tensors_of(const lazuli::TorchObject& object);
template <class T>
decltype(auto) target(T&& to) {
  if constexpr (Path<std::remove_cvref_t<T>>) return std::string(to);
  else return (to);
}
}  // namespace detail

/// `to` is a path or a std::ostream.
template <class To>
void save(const Tensor& tensor, To&& to) {
  detail::save_object(tensor, detail::target(to));
}
template <class To>
void save(const std::vector<Tensor>& tensors, To&& to) {
  detail::save_object(lazuli::TorchObject::list({tensors.begin(), tensors.end()}), detail::target(to));
}
template <std::derived_from<nn::AnyModuleBase> M, class To>
void save(const std::shared_ptr<M>& module, To&& to) {
  detail::save_object(module->state_dict(), detail::target(to));
}
template <class M, class To>
void save(const nn::ModuleHolder<M>& module, To&& to) {
  save(module.ptr(), to);
}
template <std::derived_from<lazuli::optim::Optimizer> O, class To>
void save(const O& optimizer, To&& to) {
  if constexpr (std::derived_from<O, optim::Optimizer>) detail::save_object(optimizer.own().state_dict(), detail::target(to));
  else detail::save_object(optimizer.state_dict(), detail::target(to));
}
/// An optimizer of whatever class.
template <class To>
void save(const optim::Optimizer& optimizer, To&& to) {
  save(optimizer.own(), to);
}
template <class To>
void save(const serialize::OutputArchive& archive, To&& to) {
  archive.save_to(detail::target(to));
}

/// `from` is a path or a std::istream. Tensors are read as new ones, modules and optimizers into theirs. Throws Error (File) for another format, and where names or sizes do not fit.
template <class From>
void load(Tensor& tensor, From&& from, optional<Device> device = nullopt) {
  tensor = detail::load_object(detail::target(from)).to_tensor().to(device.value_or(Device()));
}
template <class From>
void load(std::vector<Tensor>& tensors, From&& from, optional<Device> device = nullopt) {
  tensors = detail::tensors_of(detail::load_object(detail::target(from)));
  for (Tensor& t : tensors) t = t.to(device.value_or(Device()));
}
template <std::derived_from<nn::AnyModuleBase> M, class From>
void load(const std::shared_ptr<M>& module, From&& from, optional<Device> device = nullopt) {
  module->load_state_dict(detail::load_object(detail::target(from)).to_state_dict());
  if (device) module->to(*device);
}
template <class M, class From>
void load(const nn::ModuleHolder<M>& module, From&& from, optional<Device> device = nullopt) {
  load(module.ptr(), from, device);
}
template <std::derived_from<lazuli::optim::Optimizer> O, class From>
void load(O& optimizer, From&& from, optional<Device> = nullopt) {
  optimizer.load_state_dict(detail::load_object(detail::target(from)).to_state_dict());
  if constexpr (std::derived_from<O, optim::Optimizer>) optimizer.loaded();
}
template <class From>
void load(optim::Optimizer& optimizer, From&& from, optional<Device> = nullopt) {
  load(optimizer.own(), from);
  optimizer.loaded();
}

/// From what `read(position, buffer, count)` gives, of `size()` bytes; `read` returns how many it gave.
template <class T>
void load(T&& value, const std::function<size_t(uint64_t, void*, size_t)>& read, const std::function<size_t()>& size,
          optional<Device> device = nullopt) {
  std::string bytes(size(), '\0');
  for (size_t at = 0; at < bytes.size();) {
    const size_t got = read(at, bytes.data() + at, bytes.size() - at);
    if (got == 0) lazuli::fail(lazuli::ErrorKind::File, "torch::load", "read", std::to_string(bytes.size()) + " bytes", std::to_string(at));
    at += got;
  }
  std::istringstream stream(std::move(bytes));
  load(value, stream, device);
}

/// A tensor as the bytes of such a file, and back.
std::vector<char> pickle_save(const Tensor& tensor);
inline std::vector<char> pickle_save(const IValue& value) { return pickle_save(value.stored()); }
IValue pickle_load(const std::vector<char>& bytes);

}  // namespace torch
