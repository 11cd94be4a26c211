#include "lazuli/io/safetensors_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"
#include "lazuli/io/safetensors_format.h"

// The file: the header's length (8 bytes, little-endian), a JSON header {name: {dtype, shape, data_offsets: [begin, end]}}, the data.
namespace lazuli {
namespace {

using namespace safetensors;
using Json = nlohmann::json;
constexpr uint64_t kMaxHeader = 100'000'000;

struct Entry {
  std::string name;
  DType dtype = kBool;
  Shape sizes;
  uint64_t begin = 0, end = 0;  // of its data, in bytes from where those of all begin
};

[[noreturn]] void corrupt(const files::File& file, const std::string& expected, const std::string& got) {
  fail(ErrorKind::File, file.op(), "path", expected + " in '" + file.path() + "'", got);
}

/// Looks at the header before it is parsed: notes the names in the file's order, refuses names that come twice (a parser would keep one of them)
/// and deep nesting (it costs a hundred times its text in memory).
struct HeaderCheck : nlohmann::json_sax<Json> {
  explicit HeaderCheck(const files::File& opened) : file(opened) {}
  const files::File& file;
  std::vector<std::string> names;
  std::unordered_set<std::string> seen, inner;
  int depth = 0;

  bool enter() {
    if (++depth > 3) corrupt(file, "a header of three levels", "a deeper one");
    return true;
  }
  bool leave() { return --depth >= 0; }
  bool key(string_t& name) override {
    if (depth > 2) return true;
    if (!(depth == 1 ? seen : inner).insert(name).second) corrupt(file, "each name once", "'" + name + "' twice");
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

uint64_t unsigned_integer(const files::File& file, const std::string& where, const Json& j) {
  if (!j.is_number_unsigned()) corrupt(file, "an integer of at least 0 for " + where, j.dump().substr(0, 40));
  return j.get<uint64_t>();
}

Entry entry_of(const files::File& file, const std::string& key, const Json& json, uint64_t available) {
  const auto field = [&](const char* what) -> const Json& {
    const auto it = json.find(what);
    if (it == json.end()) corrupt(file, std::string(what) + " of '" + key + "'", "none");
    return *it;
  };
  Entry entry;
  entry.name = key;
  const Json& dtype_text = field("dtype");
  bool known = false;
  if (dtype_text.is_string())
    for (const auto& [dtype, text] : kNames)
      if (dtype_text.get_ref<const std::string&>() == text) entry.dtype = dtype, known = true;
  if (!known) corrupt(file, "a dtype that Lazuli knows for '" + key + "'", dtype_text.dump().substr(0, 40));
  const Json& shape = field("shape");
  const Json& offsets = field("data_offsets");
  if (!shape.is_array() || shape.size() > 64) corrupt(file, "a shape of at most 64 dimensions for '" + key + "'", shape.dump().substr(0, 40));
  if (!offsets.is_array() || offsets.size() != 2) corrupt(file, "two data_offsets for '" + key + "'", offsets.dump().substr(0, 40));
  entry.begin = unsigned_integer(file, key, offsets[0]), entry.end = unsigned_integer(file, key, offsets[1]);
  if (entry.begin > entry.end || entry.end > available)
    corrupt(file, "offsets within the " + std::to_string(available) + " bytes of data for '" + key + "'", offsets.dump());
  uint64_t bytes = uint64_t(item_size(entry.dtype));
  bool empty = false;
  for (const Json& j : shape) {
    const uint64_t size = unsigned_integer(file, key, j);
    empty |= size == 0;
    if (__builtin_mul_overflow(bytes, std::max<uint64_t>(size, 1), &bytes) || bytes > uint64_t(INT64_MAX))
      corrupt(file, "a shape whose bytes fit memory for '" + key + "'", shape.dump().substr(0, 80));
    entry.sizes.push_back(int64_t(size));
  }
  if (empty) bytes = 0;
  if (bytes != entry.end - entry.begin) corrupt(file, std::to_string(bytes) + " bytes for '" + key + "'", std::to_string(entry.end - entry.begin));
  return entry;
}

/// Elements that were stored as their bytes get their dtype again, which has to be registered as it was.
void give_dtype(const files::File& file, Entry& entry, const std::string& text) {
  const std::string type_name = text.substr(0, text.find('('));
  for (DType dtype : user_dtypes()) {
    if (name(dtype) != type_name) continue;
    const UserDType& type = user_dtype(dtype);
    if (described(type) != text)
      fail(errors::dtype_components_mismatch_error, ErrorKind::Type, file.op(), entry.name, "the dtype " + text + " of '" + file.path() + "'",
           described(type));
    if (entry.dtype != kUInt8 || entry.sizes.empty() || entry.sizes.back() != type.size)
      corrupt(file, "elements of " + std::to_string(type.size) + " bytes for '" + entry.name + "'", "sizes " + to_string(entry.sizes));
    entry.sizes.erase(entry.sizes.size() - 1);
    entry.dtype = dtype;
    return;
  }
  fail(errors::dtype_not_found_error, ErrorKind::Type, file.op(), entry.name, "a registered dtype", text);
}

}  // namespace

struct SafetensorsFile::Contents {
  files::File file;
  uint64_t data = 0;  // where the data of all tensors begin
  Metadata metadata;
  std::vector<Entry> entries;
  std::unordered_map<std::string_view, const Entry*> by_name;

  Contents(const char* op, const std::string& path) : file(op, path) {
    read_header();
    check_ranges();
    for (const Entry& entry : entries) by_name.emplace(entry.name, &entry);
  }

  void read_header() {
    if (file.size() < 8) corrupt(file, "at least 8 bytes", std::to_string(file.size()));
    char length[8];
    file.read(0, length);
    uint64_t header_size = 0;
    for (int i = 0; i < 8; ++i) header_size |= uint64_t(uint8_t(length[i])) << (8 * i);
    if (header_size > std::min<uint64_t>(kMaxHeader, file.size() - 8))
      corrupt(file, "a header within the file's " + std::to_string(file.size()) + " bytes", std::to_string(header_size) + " bytes");
    data = 8 + header_size;
    const files::FileBytes text = files::read_bytes(file, 8, header_size);
    HeaderCheck check(file);
    const Json header = Json::sax_parse(text.text(), &check) ? Json::parse(text.text(), nullptr, false) : Json(Json::value_t::discarded);
    if (!header.is_object()) corrupt(file, "a JSON object as header", header.is_discarded() ? "text that is no JSON" : header.type_name());
    std::vector<Metadata::Entry> texts;
    for (const std::string& key : check.names) {
      const Json& entry = header[key];
      if (!entry.is_object()) corrupt(file, "an object for '" + key + "'", entry.type_name());
      if (key != "__metadata__") {
        entries.push_back(entry_of(file, key, entry, file.size() - data));
        continue;
      }
      for (const auto& [name, value] : entry.items()) {
        if (!value.is_string()) corrupt(file, "texts as metadata", value.type_name());
        texts.emplace_back(name, value.get<std::string>());
      }
    }
    for (const auto& [name, value] : texts) {
      const auto entry = std::find_if(entries.begin(), entries.end(), [&, key = name](const Entry& e) { return key == kDTypeText + e.name; });
      if (entry == entries.end()) metadata[name] = value;
      else give_dtype(file, *entry, value);
    }
  }

  void check_ranges() const {
    std::vector<std::pair<uint64_t, uint64_t>> ranges;
    for (const Entry& entry : entries)
      if (entry.end > entry.begin) ranges.emplace_back(entry.begin, entry.end);
    std::sort(ranges.begin(), ranges.end());
    uint64_t at = 0;
    for (const auto& [begin, end] : ranges) {
      if (begin != at)
        corrupt(file, "tensors without gaps or overlaps",
                "one that begins at byte " + std::to_string(begin) + " after the last one's end at " + std::to_string(at));
      at = end;
    }
    if (at != file.size() - data)
      corrupt(file, std::to_string(at) + " bytes of data, which the header describes,", std::to_string(file.size() - data));
  }

  const Entry& at(const char* op, const std::string& name) const {
    const auto found = by_name.find(name);
    if (found == by_name.end())
      fail(ErrorKind::Index, op, "name", "one of the " + std::to_string(entries.size()) + " names in '" + file.path() + "'", "'" + name + "'");
    return *found->second;
  }
};

SafetensorsFile::SafetensorsFile(const char* op, const std::string& path) : contents_(std::make_shared<Contents>(op, path)) {}
SafetensorsFile::SafetensorsFile(const std::string& path) : SafetensorsFile("SafetensorsFile", path) {}

const Metadata& SafetensorsFile::metadata() const { return contents_->metadata; }
std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : contents_->entries) names.push_back(entry.name);
  return names;
}
bool SafetensorsFile::contains(const std::string& name) const { return contents_->by_name.contains(name); }
DType SafetensorsFile::dtype(const std::string& name) const { return contents_->at("SafetensorsFile.dtype", name).dtype; }
Shape SafetensorsFile::sizes(const std::string& name) const { return contents_->at("SafetensorsFile.sizes", name).sizes; }

Tensor SafetensorsFile::read(const std::string& name, int64_t begin, int64_t end) const {
  const Entry& entry = contents_->at("SafetensorsFile.read", name);
  if (begin < 0 || end < begin || end > entry.sizes.numel())
    fail(ErrorKind::Index, "SafetensorsFile.read", "begin",
         "a range within the " + std::to_string(entry.sizes.numel()) + " elements of '" + name + "'",
         "[" + std::to_string(begin) + ", " + std::to_string(end) + ")");
  Tensor out = new_tensor({end - begin}, entry.dtype);
  const std::span<char> bytes(static_cast<char*>(out.address()), size_t(out.nbytes()));
  contents_->file.read(contents_->data + entry.begin + size_t(begin * out.item_size()), bytes);
  if (entry.dtype == kBool && std::any_of(bytes.begin(), bytes.end(), [](char c) { return c & ~1; }))
    corrupt(contents_->file, "only 0 and 1 in '" + name + "'", "other bytes");
  return out;
}

StateDict load_safetensors(const std::string& path, Metadata* metadata) {
  const SafetensorsFile file("load_safetensors", path);
  StateDict tensors = file.state_dict();
  if (metadata) *metadata = file.metadata();
  return tensors;
}

}  // namespace lazuli
