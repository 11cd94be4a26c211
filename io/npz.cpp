#include "lazuli/io/npz.h"

#include <unordered_set>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/io/npy_format.h"
#include "lazuli/io/zip.h"

namespace lazuli {

StateDict load_npz(const std::string& path) {
  const files::ZipReader zip("load_npz", path);
  std::vector<StateDict::Entry> arrays;
  std::unordered_set<std::string> names;
  for (const auto& entry : zip.entries()) {
    std::string name = entry.name;
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    const std::string where = "'" + name.substr(0, 200) + "' of '" + path + "'";
    if (!names.insert(name).second) fail(ErrorKind::File, "load_npz", "path", "each name once", where + " twice");
    const files::FileBytes bytes = zip.read(entry, /*check=*/true);
    arrays.emplace_back(name, npy::read("load_npz", where, bytes.data, bytes.size, bytes.owner));
  }
  return StateDict(std::move(arrays));
}

void save_npz(const StateDict& arrays, const std::string& path, bool compressed) {
  no_grad guard;
  std::vector<Tensor> tensors;
  std::vector<std::string> headers;
  std::unordered_set<std::string> names;
  for (const auto& [name, t] : arrays) {
    if (!names.insert(name).second) fail("save_npz", "arrays", "each name once", "'" + name + "' twice");
    if (name.find('\0') != name.npos) fail("save_npz", "arrays", "names without zero bytes", "one with them");
    tensors.push_back(t.to(kCPU).contiguous());
    headers.push_back(npy::header("save_npz", tensors.back()));
  }
  std::vector<files::ZipPart> parts;
  size_t k = 0;
  for (const auto& entry : arrays) {
    files::ZipPart part{entry.first + ".npy", {{headers[k].data(), headers[k].size()}}};
    if (tensors[k].nbytes()) part.data.emplace_back(static_cast<const char*>(tensors[k].address()), size_t(tensors[k].nbytes()));
    parts.push_back(std::move(part));
    ++k;
  }
  files::write_zip("save_npz", path, parts, compressed);
}

}  // namespace lazuli
