#include "weights.h"

using namespace lazuli;

namespace examples {

namespace {

bool begins(const std::string& name, const std::vector<std::string>& prefixes) {
  for (const std::string& prefix : prefixes)
    if (name.starts_with(prefix)) return true;
  return false;
}

}  // namespace

StateDict read_weights(const std::string& path) {
  if (path.ends_with(".safetensors")) return load_safetensors(path);
  if (path.ends_with(".index.json")) return load_sharded_safetensors(path);
  const TorchObject object = load_torch(path);
  for (const char* key : {"state_dict", "model"})
    if (object.kind() == TorchObject::Kind::Dict && object.contains(key)) return object.at(key).to_state_dict();
  return object.to_state_dict();
}

nn::LoadReport load_weights(nn::Module& model, const std::string& path, const std::vector<RenameRule>& rules,
                            const std::vector<std::string>& may_be_missing) {
  StateDict kept;
  const StateDict own = model.state_dict();
  for (const auto& [name, tensor] : rename(read_weights(path), rules)) {
    const Tensor* mine = own.find(name);
    if (begins(name, may_be_missing) && mine && mine->sizes() != tensor.sizes()) continue;  // another head
    kept.set(name, tensor);
  }
  // Looked at before anything is loaded.
  for (const auto& [name, tensor] : own) {
    const Tensor* found = kept.find(name);
    if (begins(name, may_be_missing)) continue;
    if (!found) fail(ErrorKind::File, "load_weights", "path", "a file with " + name, "'" + path + "'");
    if (found->sizes() != tensor.sizes())
      fail(ErrorKind::File, "load_weights", "path", name + " of sizes " + to_string(tensor.sizes()),
           to_string(found->sizes()) + " in '" + path + "'");
  }
  return model.load_state_dict(kept, /*strict=*/false);
}

}  // namespace examples
