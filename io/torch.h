#pragma once
#include <concepts>

#include "lazuli/io/torch_object.h"

namespace lazuli {

/// Reads a file of torch.save (.pt, .pth; the ZIP format of PyTorch 1.6 and later). Nothing in the file is run: its pickle may make the values of TorchObject (also from OrderedDict, Parameter,
/// torch.Size, dtypes and devices as texts), and anything else in it is an Error that names the place. Tensors share storages as they did and ask for no gradients.
/// Throws Error (File) for a file that is cut short, corrupt or hostile, before anything of its size is allocated.
TorchObject load_torch(const std::string& path);

/// Writes one that torch.load(path, weights_only=True) reads, all or nothing. Tensors of other devices are copied to the CPU; tensors that share memory share it there, too.
/// Throws Error where the file cannot be written, (State) for uninitialized parameters, and for dicts and lists that hold each other without end.
void save_torch(const TorchObject& object, const std::string& path);

/// torch.save and torch.load by their own names.
inline void save(const TorchObject& object, const std::string& path) { save_torch(object, path); }
inline TorchObject load(const std::string& path) { return load_torch(path); }
/// `save({{"w", w}, {"b", b}}, "tensors.pt")`.
inline void save_torch(const StateDict& state, const std::string& path) { save_torch(TorchObject(state), path); }
inline void save(const StateDict& state, const std::string& path) { save_torch(state, path); }
/// As libtorch does it with modules, optimizers and whatever else has a state: its state_dict, and back.
template <class T>
requires requires(const T& object) {
  { object.state_dict() } -> std::convertible_to<StateDict>;
}
void save(const T& object, const std::string& path) { save_torch(object.state_dict(), path); }
template <class T>
requires requires(T& object, const StateDict& state) { object.load_state_dict(state); }
void load(T& object, const std::string& path) { object.load_state_dict(load_torch(path).to_state_dict()); }

}  // namespace lazuli
