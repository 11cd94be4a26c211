#include "lazuli/io/safetensors.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/open/user_dtype.h"

// The file: the header's length (8 bytes, little-endian), a JSON header {name: {dtype, shape, data_offsets: [begin, end]}}, the data.
namespace lazuli {
namespace {

using Json = nlohmann::json;
constexpr uint64_t kMaxHeader = 100'000'000;
constexpr std::pair<DType, const char*> kNames[] = {{kBool, "BOOL"},   {kUInt8, "U8"},    {kInt8, "I8"},      {kInt16, "I16"},
                                                    {kInt32, "I32"},   {kInt64, "I64"},   {kFloat16, "F16"},  {kBFloat16, "BF16"},
                                                    {kFloat32, "F32"}, {kFloat64, "F64"}, {kComplex64, "C64"}};

// A program's dtype is not in the format: its elements are stored as their bytes, a last dimension of U8, and a text beside them says what they are.
const std::string kDTypeText = "lazuli.dtype.";

std::string described(const UserDType& type) {
  std::string text = type.name + "(";
  for (size_t i = 0; i < type.components.size(); ++i)
    text += (i ? ", " : "") + type.components[i].name + ": " + std::string(name(type.components[i].dtype));
  return text + ")";
}

Tensor as_bytes(const Tensor& t) {
  const int64_t size = t.item_size();
  Shape sizes = t.sizes(), strides = t.strides();
  for (int64_t& s : strides) s *= size;
  sizes.push_back(size), strides.push_back(1);
  return alias(t, kUInt8, sizes, strides, t.storage_offset() * size, "save_safetensors");
}

// The reverse; the dtype has to be registered as it was.
Tensor from_bytes(const std::string& path, const std::string& key, const Tensor& bytes, const std::string& text) {
  const std::string type_name = text.substr(0, text.find('('));
  for (DType dtype : user_dtypes()) {
    if (name(dtype) != type_name) continue;
    const UserDType& type = user_dtype(dtype);
    if (described(type) != text)
      fail(errors::dtype_components_mismatch_error, ErrorKind::Type, "load_safetensors", key, "the dtype " + text + " of '" + path + "'",
           described(type));
    if (bytes.dtype() != kUInt8 || bytes.dim() == 0 || bytes.sizes().back() != type.size)
      fail(ErrorKind::File, "load_safetensors", "path", "elements of " + std::to_string(type.size) + " bytes for '" + key + "' in '" + path + "'",
           "sizes " + to_string(bytes.sizes()));
    Shape sizes = bytes.sizes();
    sizes.erase(sizes.size() - 1);
    Tensor out = new_tensor(sizes, dtype);
    if (bytes.numel()) std::memcpy(out.address(), bytes.address(), size_t(bytes.numel()));
    return out;
  }
  fail(errors::dtype_not_found_error, ErrorKind::Type, "load_safetensors", key, "a registered dtype", text);
}

const char* format_name(DType dtype, const std::string& tensor) {
  for (auto [d, text] : kNames)
    if (d == dtype) return text;
  fail(ErrorKind::Type, "save_safetensors", tensor, "a dtype that the format has", name(dtype));
}

[[noreturn]] void corrupt(const std::string& path, const std::string& expected, const std::string& got) {
  fail(ErrorKind::File, "load_safetensors", "path", expected + " in '" + path + "'", got);
}

struct Range {
  uint64_t begin, end;
};

uint64_t unsigned_integer(const std::string& path, const std::string& where, const Json& j) {
  if (!j.is_number_unsigned()) corrupt(path, "an integer of at least 0 for " + where, j.dump().substr(0, 40));
  return j.get<uint64_t>();
}

Tensor read_tensor(const std::string& path, const std::string& key, const Json& entry, const files::MappedFile& file, uint64_t data_begin,
                   std::vector<Range>& ranges) {
  auto field = [&](const char* what) -> const Json& {
    auto it = entry.find(what);
    if (it == entry.end()) corrupt(path, std::string(what) + " of '" + key + "'", "none");
    return *it;
  };
  const Json& dtype_text = field("dtype");
  const DType* dtype = nullptr;
  if (dtype_text.is_string())
    for (const auto& [d, text] : kNames)
      if (dtype_text.get_ref<const std::string&>() == text) dtype = &d;
  if (!dtype) corrupt(path, "a dtype that Lazuli knows for '" + key + "'", dtype_text.dump().substr(0, 40));
  const Json& shape = field("shape");
  const Json& offsets = field("data_offsets");
  if (!shape.is_array() || shape.size() > 64) corrupt(path, "a shape of at most 64 dimensions for '" + key + "'", shape.dump().substr(0, 40));
  if (!offsets.is_array() || offsets.size() != 2) corrupt(path, "two data_offsets for '" + key + "'", offsets.dump().substr(0, 40));
  uint64_t begin = unsigned_integer(path, key, offsets[0]), end = unsigned_integer(path, key, offsets[1]), available = file.size - data_begin;
  if (begin > end || end > available)
    corrupt(path, "offsets within the " + std::to_string(available) + " bytes of data for '" + key + "'", offsets.dump());
  uint64_t bytes = uint64_t(item_size(*dtype));
  bool empty = false;
  Shape sizes;
  for (const Json& j : shape) {
    uint64_t s = unsigned_integer(path, key, j);
    empty |= s == 0;
    if (__builtin_mul_overflow(bytes, std::max<uint64_t>(s, 1), &bytes) || bytes > uint64_t(INT64_MAX))
      corrupt(path, "a shape whose bytes fit memory for '" + key + "'", shape.dump().substr(0, 80));
    sizes.push_back(int64_t(s));
  }
  if (empty) bytes = 0;
  if (bytes != end - begin) corrupt(path, std::to_string(bytes) + " bytes for '" + key + "'", std::to_string(end - begin));
  if (bytes) ranges.push_back({begin, end});
  char* data = file.data + data_begin + begin;
  if (*dtype == kBool && std::any_of(data, data + bytes, [](char c) { return c & ~1; }))
    corrupt(path, "only 0 and 1 in '" + key + "'", "other bytes");
  uintptr_t alignment = uintptr_t(is_complex(*dtype) ? item_size(*dtype) / 2 : item_size(*dtype));
  if (bytes && reinterpret_cast<uintptr_t>(data) % alignment == 0) return from_blob(data, sizes, *dtype, file.owner);
  Tensor copy = new_tensor(sizes, *dtype);
  if (bytes) std::memcpy(copy.address(), data, bytes);
  return copy;
}

/// Looks at the header before it is parsed: notes the names in the file's order, refuses names that come twice (a parser would keep one of them)
/// and deep nesting (it costs a hundred times its text in memory).
struct HeaderCheck : nlohmann::json_sax<Json> {
  explicit HeaderCheck(const std::string& file) : path(file) {}
  const std::string& path;
  std::vector<std::string> names;
  std::unordered_set<std::string> seen, inner;
  int depth = 0;

  bool enter() {
    if (++depth > 3) corrupt(path, "a header of three levels", "a deeper one");
    return true;
  }
  bool leave() { return --depth >= 0; }
  bool key(string_t& name) override {
    if (depth > 2) return true;
    if (!(depth == 1 ? seen : inner).insert(name).second) corrupt(path, "each name once", "'" + name + "' twice");
    if (depth == 1) {
      inner.clear();
      names.push_back(name);
    }
    return true;
  }
  bool start_object(size_t) override { return enter(); }
  bool start_array(size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }
};

}  // namespace

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

StateDict load_safetensors(const std::string& path, Metadata* metadata) {
  files::MappedFile file = files::map_file("load_safetensors", path);
  if (file.size < 8) corrupt(path, "at least 8 bytes", std::to_string(file.size));
  uint64_t header_size = 0;
  for (int i = 0; i < 8; ++i) header_size |= uint64_t(uint8_t(file.data[i])) << (8 * i);
  if (header_size > std::min<uint64_t>(kMaxHeader, file.size - 8))
    corrupt(path, "a header within the file's " + std::to_string(file.size) + " bytes", std::to_string(header_size) + " bytes");
  HeaderCheck check(path);
  const char* text = file.data + 8;
  Json header =
      Json::sax_parse(text, text + header_size, &check) ? Json::parse(text, text + header_size, nullptr, false) : Json(Json::value_t::discarded);
  if (!header.is_object()) corrupt(path, "a JSON object as header", header.is_discarded() ? "text that is no JSON" : header.type_name());

  StateDict dict;
  std::vector<StateDict::Entry> entries;
  std::vector<Range> ranges;
  Metadata texts;
  for (const std::string& key : check.names) {
    const Json& entry = header[key];
    if (!entry.is_object()) corrupt(path, "an object for '" + key + "'", entry.type_name());
    if (key == "__metadata__") {
      for (const auto& [k, v] : entry.items()) {
        if (!v.is_string()) corrupt(path, "texts as metadata", v.type_name());
        texts[k] = v.get<std::string>();
      }
      continue;
    }
    entries.emplace_back(key, read_tensor(path, key, entry, file, 8 + header_size, ranges));
  }
  std::sort(ranges.begin(), ranges.end(), [](Range a, Range b) { return a.begin < b.begin; });
  uint64_t at = 0;
  for (Range r : ranges) {
    if (r.begin != at)
      corrupt(path, "tensors without gaps or overlaps",
              "one that begins at byte " + std::to_string(r.begin) + " after the last one's end at " + std::to_string(at));
    at = r.end;
  }
  if (at != file.size - 8 - header_size)
    corrupt(path, std::to_string(at) + " bytes of data, which the header describes,", std::to_string(file.size - 8 - header_size));
  Metadata rest;
  for (const auto& [k, v] : texts) {
    auto entry = std::find_if(entries.begin(), entries.end(), [&, key = k](const StateDict::Entry& e) { return key == kDTypeText + e.first; });
    if (entry == entries.end()) rest[k] = v;
    else entry->second = from_bytes(path, entry->first, entry->second, v);
  }
  if (metadata) *metadata = std::move(rest);
  return StateDict(std::move(entries));
}

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
