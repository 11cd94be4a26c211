#include "lazuli/io/safetensors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/file.h"
#include "lazuli/core/geometry.h"
#include "lazuli/io/safetensors_format.h"

namespace lazuli {

Metadata::Metadata(std::initializer_list<Entry> entries) : entries_(entries) {}
bool Metadata::operator==(const Metadata&) const = default;
bool Metadata::contains(std::string_view name) const {
  for (const Entry& e : entries_)
    if (e.first == name) return true;
  return false;
}
const std::string& Metadata::at(std::string_view name) const {
  std::string there;
  for (const Entry& e : entries_) {
    if (e.first == name) return e.second;
    there += (there.empty() ? "" : ", ") + e.first;
  }
  fail(ErrorKind::Index, "Metadata.at", "name", there.empty() ? "a name, of which there is none" : "one of the names " + there,
       "'" + std::string(name) + "'");
}
std::string& Metadata::operator[](std::string_view name) {
  for (Entry& e : entries_)
    if (e.first == name) return e.second;
  return entries_.emplace_back(std::string(name), std::string()).second;
}

namespace safetensors {
std::string described(const UserDType& type) {
  std::string text = type.name + "(";
  for (size_t i = 0; i < type.components.size(); ++i)
    text += (i ? ", " : "") + type.components[i].name + ": " + std::string(name(type.components[i].dtype));
  return text + ")";
}
}  // namespace safetensors

namespace {

using namespace safetensors;
using Json = nlohmann::json;

Tensor as_bytes(const Tensor& t) {
  const int64_t size = t.item_size();
  Shape sizes = t.sizes(), strides = t.strides();
  for (int64_t& s : strides) s *= size;
  sizes.push_back(size), strides.push_back(1);
  return alias(t, kUInt8, sizes, strides, t.storage_offset() * size, "save_safetensors");
}

const char* format_name(DType dtype, const std::string& tensor) {
  for (auto [d, text] : kNames)
    if (d == dtype) return text;
  fail(ErrorKind::Type, "save_safetensors", tensor, "a dtype that the format has", name(dtype));
}

}  // namespace

void save_safetensors(const StateDict& tensors, const std::string& path, const Metadata& metadata) {
  no_grad guard;
  // The widest elements first, so that everything lies aligned.
  std::vector<StateDict::Entry> entries;
  std::unordered_set<std::string> names;
  std::vector<Metadata::Entry> dtypes;
  for (const auto& [key, t] : tensors) {
    if (key == "__metadata__") fail("save_safetensors", "tensors", "names other than __metadata__", key);
    if (!names.insert(key).second) fail("save_safetensors", "tensors", "each name once", "'" + key + "' twice");
    const Tensor host = t.to(kCPU).contiguous();
    entries.emplace_back(key, is_user_dtype(host.dtype()) ? as_bytes(host) : host);
    if (is_user_dtype(host.dtype())) dtypes.emplace_back(kDTypeText + key, described(user_dtype(host.dtype())));
  }
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.second.item_size() > b.second.item_size(); });
  Json header = Json::object();
  if (!metadata.empty() || !dtypes.empty()) {
    Json& texts = header["__metadata__"] = Json::object();
    for (const auto& [key, text] : metadata) {
      if (texts.contains(key)) fail("save_safetensors", "metadata", "each name once", "'" + key + "' twice");
      texts[key] = text;
    }
    for (const auto& [key, text] : dtypes) texts[key] = text;
  }
  uint64_t at = 0;
  for (const auto& [key, t] : entries) {
    uint64_t end = at + uint64_t(t.nbytes());
    header[key] = {{"dtype", format_name(t.dtype(), key)}, {"shape", t.sizes().vec()}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const Json::exception&) { fail("save_safetensors", "tensors", "names and metadata in UTF-8", "other bytes"); }
  text.append((8 - text.size() % 8) % 8, ' ');
  char length[8];
  for (int i = 0; i < 8; ++i) length[i] = char((uint64_t(text.size()) >> (8 * i)) & 255);
  std::vector<std::span<const char>> parts{{length, 8}, {text.data(), text.size()}};
  for (const auto& [key, t] : entries)
    if (t.nbytes()) parts.emplace_back(static_cast<const char*>(t.address()), size_t(t.nbytes()));
  files::write_file("save_safetensors", path, parts);
}

}  // namespace lazuli
