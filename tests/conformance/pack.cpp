#include "tests/conformance/pack.h"

#include <cstring>
#include <fstream>
#include <limits>

#include "lazuli/core/factory.h"
#include "lazuli/ops/shape/copy.h"

namespace conformance {

using namespace lazuli;

namespace {

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) throw BadPack("cannot read " + path.string());
  std::string bytes(size_t(in.tellg()), '\0');
  in.seekg(0);
  in.read(bytes.data(), std::streamsize(bytes.size()));
  if (!in) throw BadPack("cannot read " + path.string());
  return bytes;
}

DType safetensors_dtype(const std::string& name) {
  static const std::map<std::string, DType> names = {{"BOOL", kBool}, {"U8", kUInt8},    {"I8", kInt8},       {"I16", kInt16},   {"I32", kInt32},
                                                     {"I64", kInt64}, {"F16", kFloat16}, {"BF16", kBFloat16}, {"F32", kFloat32}, {"F64", kFloat64}};
  auto found = names.find(name);
  if (found == names.end()) throw BadPack("safetensors dtype " + name);
  return found->second;
}

double special_float(const Json& j) {
  if (j.is_number()) return j.get<double>();
  const std::string text = j.get<std::string>();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  double inf = std::numeric_limits<double>::infinity();
  return text == "-inf" ? -inf : inf;
}

}  // namespace

Json read_json(const fs::path& path) {
  try {
    return Json::parse(read_file(path));
  } catch (const Json::exception& error) { throw BadPack(path.string() + ": " + error.what()); }
}

TensorFile::TensorFile(const fs::path& path) : bytes_(read_file(path)) {
  uint64_t header = 0;
  if (bytes_.size() < 8) throw BadPack(path.string() + ": too short");
  std::memcpy(&header, bytes_.data(), 8);
  if (header > bytes_.size() - 8) throw BadPack(path.string() + ": truncated");
  data_ = 8 + header;
  try {
    const Json fields = Json::parse(bytes_.begin() + 8, bytes_.begin() + ptrdiff_t(data_));
    for (const auto& [key, j] : fields.items()) {
      if (key == "__metadata__") continue;
      Entry entry{safetensors_dtype(j.at("dtype")), Shape(j.at("shape").get<std::vector<int64_t>>()), j.at("data_offsets").at(0),
                  j.at("data_offsets").at(1)};
      if (entry.begin > entry.end || entry.end > bytes_.size() - data_ ||
          int64_t(entry.end - entry.begin) != entry.sizes.numel() * item_size(entry.dtype)) {
        throw BadPack(path.string() + ": bad extent of " + key);
      }
      entries_.emplace(key, entry);
    }
  } catch (const Json::exception& error) { throw BadPack(path.string() + ": " + error.what()); }
}

std::vector<std::string> TensorFile::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : entries_) keys.push_back(key);
  return keys;
}

Tensor TensorFile::get(const std::string& key, bool complex) const {
  auto found = entries_.find(key);
  if (found == entries_.end()) throw BadPack("no tensor " + key);
  const Entry& entry = found->second;
  Shape sizes = entry.sizes;
  DType dtype = entry.dtype;
  if (complex) {
    sizes.erase(sizes.size() - 1);
    dtype = dtype == kFloat32 ? kComplex64 : kComplex128;
  }
  Tensor t = new_tensor(sizes, dtype);
  if (entry.end > entry.begin) std::memcpy(t.address(), bytes_.data() + data_ + entry.begin, entry.end - entry.begin);
  return t;
}

bool is_tensor(const Json& j) { return j.is_object() && j.contains("t"); }

Tensor noncontiguous_copy(const Tensor& t) {
  const Shape& sizes = t.sizes();
  Shape strides(sizes);
  int64_t extent = 2;
  for (int64_t d = 0; d < sizes.size(); ++d) {
    strides[d] = extent;
    extent *= std::max<int64_t>(sizes[d], 1);
  }
  Tensor buffer = new_tensor(Shape(extent + 1), t.dtype());
  std::memset(buffer.address(), 0x55, size_t(buffer.nbytes()));
  if (t.dtype() == kBool) std::memset(buffer.address(), 1, size_t(buffer.nbytes()));
  Tensor copy = alias(buffer, sizes, strides, 1);
  const char* from = static_cast<const char*>(t.address());
  char* to = static_cast<char*>(copy.address());
  const auto bytes = size_t(t.item_size());
  Shape index = Shape::filled(sizes.size(), 0);
  for (int64_t i = 0; i < t.numel(); ++i) {
    int64_t at = 0;
    for (int64_t d = 0; d < sizes.size(); ++d) at += index[d] * strides[d];
    std::memcpy(to + size_t(at) * bytes, from + size_t(i) * bytes, bytes);
    for (int64_t d = sizes.size() - 1; d >= 0 && ++index[d] == sizes[d]; --d) index[d] = 0;
  }
  return copy;
}

Tensor Decoder::tensor(const Json& j) {
  Tensor t = tensors->get(j.at("t").get<std::string>(), j.value("complex", false));
  if (noncontiguous) t = noncontiguous_copy(t);
  if (device != kCPU && noncontiguous) {  // moving a tensor makes it dense: what moves is all of its memory
    Tensor memory = alias(t, {t.storage()->bytes() / t.item_size()}, {1}, 0);
    t = alias(to(memory, device), t.sizes(), t.strides(), t.storage_offset());
  } else if (device != kCPU) {
    t = to(t, device);
  }
  if (with_grad && j.value("grad", false)) {
    t.requires_grad_();
    leaves.push_back(t);
  }
  return t;
}

Value Decoder::value(const Json& j) {
  if (j.is_null()) return {};
  if (j.is_boolean()) return j.get<bool>();
  if (j.is_number_integer()) return j.get<int64_t>();
  if (j.is_number()) return j.get<double>();
  if (j.is_string()) return j.get<std::string>();
  if (j.is_array()) return values(j);
  if (is_tensor(j)) return tensor(j);
  if (j.contains("f")) return special_float(j["f"]);
  if (j.contains("c")) return complex128(special_float(j["c"][0]), special_float(j["c"][1]));
  if (j.contains("dtype")) return parse_dtype(j["dtype"].get<std::string>());
  if (j.contains("device")) return device;
  if (j.contains("layout")) return j["layout"].get<std::string>();
  if (j.contains("memory_format")) return j["memory_format"].get<std::string>();
  if (j.contains("ellipsis")) return Value::ellipsis();
  if (j.contains("slice")) return Value::slice(value(j["slice"][0]), value(j["slice"][1]), value(j["slice"][2]));
  throw BadPack("no known value: " + j.dump());
}

std::vector<Value> Decoder::values(const Json& list) {
  std::vector<Value> result;
  for (const Json& j : list) result.push_back(value(j));
  return result;
}

Kwargs Decoder::kwargs(const Json& object) {
  Kwargs result;
  for (const auto& [key, j] : object.items()) result.emplace_back(key, key == "device" ? Value(device) : value(j));
  return result;
}

}  // namespace conformance
