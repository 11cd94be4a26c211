#include "lazuli/io/sharded_checkpoint.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"

// The index: {"metadata": {text: text}, "save": number, "tensors": [{"name": .., "sizes": [..], "pieces": [{"file": .., "begin": .., "end": ..}]}]}. A file has the pieces under the tensors'
// names, a whole tensor in its sizes and others flat.
namespace lazuli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
constexpr size_t kMostIndex = 1'000'000'000;

[[noreturn]] void corrupt(const std::string& path, const std::string& expected, const std::string& got) {
  fail(ErrorKind::File, "ShardedCheckpoint", "folder", expected + " in '" + path + "'", got);
}

std::string index_of(const std::string& folder, const std::string& name) {
  return folder + (folder.empty() || folder.ends_with('/') ? "" : "/") + name + ".sharded.json";
}

Json read_index(const std::string& path) {
  const files::FileBytes file = files::read_json("ShardedCheckpoint", "folder", path, kMostIndex, 6);
  Json index = Json::parse(file.text(), nullptr, false);
  if (!index.is_object() || !index.contains("tensors") || !index["tensors"].is_array())
    corrupt(path, "a JSON object with a list of tensors", index.is_discarded() ? "text that is no JSON" : index.type_name());
  return index;
}

int64_t number(const std::string& path, const Json& j, const char* what) {
  if (!j.is_number_unsigned() || j.get<uint64_t>() > uint64_t(INT64_MAX)) corrupt(path, std::string("a number for ") + what, j.dump().substr(0, 40));
  return j.get<int64_t>();
}

/// The number of the save that is there; 0: none.
int64_t save_number(const std::string& path) {
  std::error_code code;
  if (!fs::exists(path, code)) return 0;
  const Json index = read_index(path);
  return index.contains("save") ? number(path, index["save"], "save") : 0;
}

/// Runs `f`; what it throws comes out of `agree` on all processes.
template <class F>
std::string outcome(F f) {
  try {
    f();
    return {};
  } catch (const std::exception& error) { return error.what(); }
}
void agree(const Ranks& ranks, const std::string& own) {
  const std::vector<std::string> all = ranks.exchange(own);
  for (size_t r = 0; r < all.size(); ++r)
    if (!all[r].empty())
      fail(ErrorKind::File, "save_sharded", "folder", "every process to write its part", all[r] + " (rank " + std::to_string(r) + ")");
}

std::string file_name(const std::string& name, int64_t save, int rank, int size) {
  char number[96];
  std::snprintf(number, sizeof number, "-%06lld-%05d-of-%05d.safetensors", static_cast<long long>(save), rank + 1, size);
  return name + number;
}

/// What the processes have, by their listings: whole tensors, or an Error that names one that is not.
Json joined(const std::vector<std::string>& listings) {
  Json tensors = Json::array();
  std::map<std::string, size_t> places;
  for (const std::string& listing : listings)
    for (const Json& part : Json::parse(listing)) {
      const std::string key = part["name"];
      auto at = places.find(key);
      if (at == places.end()) {
        at = places.emplace(key, tensors.size()).first;
        tensors.push_back({{"name", key}, {"sizes", part["sizes"]}, {"dtype", part["dtype"]}, {"pieces", Json::array()}});
      }
      Json& tensor = tensors[at->second];
      if (tensor["sizes"] != part["sizes"] || tensor["dtype"] != part["dtype"])
        fail("save_sharded", "parts", "'" + key + "' of one form, " + tensor["dtype"].get<std::string>() + " " + tensor["sizes"].dump(),
             part["dtype"].get<std::string>() + " " + part["sizes"].dump());
      tensor["pieces"].push_back({{"file", part["file"]}, {"begin", part["begin"]}, {"end", part["end"]}});
    }
  for (Json& tensor : tensors) {
    Json& pieces = tensor["pieces"];
    std::stable_sort(pieces.begin(), pieces.end(),
                     [](const Json& a, const Json& b) { return a["begin"].get<int64_t>() < b["begin"].get<int64_t>(); });
    int64_t at = 0, count = 1;
    bool once = true;
    for (const Json& size : tensor["sizes"]) count *= size.get<int64_t>();
    for (const Json& piece : pieces) {
      once = once && piece["begin"].get<int64_t>() == at;
      at = piece["end"];
    }
    if (!once || at != count)
      fail("save_sharded", "parts", "every element of '" + tensor["name"].get<std::string>() + "' once", "pieces " + pieces.dump());
    tensor.erase("dtype");
  }
  return tensors;
}

/// Files of earlier saves, and of those that were not completed.
void remove_others(const std::string& folder, const std::string& name, int64_t save) {
  char own[32];
  std::snprintf(own, sizeof own, "-%06lld-", static_cast<long long>(save));
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, code)) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with(name + "-") || file.find(".safetensors") == file.npos || file.find("-of-") == file.npos) continue;
    if (!file.starts_with(name + own)) fs::remove(entry.path(), code);
  }
}

}  // namespace

void save_sharded(const ShardedState& parts, const std::string& folder, const Ranks& ranks, const Metadata& metadata, const std::string& name) {
  if (name.empty() || name.find('/') != name.npos) fail("save_sharded", "name", "a file's name", "'" + name + "'");
  const std::string index = index_of(folder, name);
  int64_t save = 0;
  std::string wrong = outcome([&] {
    if (ranks.rank != 0) return;
    std::error_code code;
    if (!folder.empty()) fs::create_directories(folder, code);
    if (code) fail(ErrorKind::File, "save_sharded", "folder", "to make the folder '" + folder + "'", code.message());
    save = save_number(index) + 1;
  });
  agree(ranks, wrong);
  save = std::stoll(ranks.exchange(std::to_string(save))[0]);

  const std::string file = file_name(name, save, ranks.rank, ranks.size), path = folder + (folder.empty() || folder.ends_with('/') ? "" : "/") + file;
  Json listing = Json::array();
  wrong = outcome([&] {
    std::vector<StateDict::Entry> entries;
    for (const auto& [key, part] : parts) {
      const bool whole = part.values.numel() == part.sizes.numel();
      if (part.values.numel() > 0 || whole) {
        listing.push_back({{"name", key},
                           {"sizes", part.sizes.vec()},
                           {"dtype", std::string(lazuli::name(part.values.dtype()))},
                           {"file", file},
                           {"begin", part.begin},
                           {"end", part.end()}});
        entries.emplace_back(key, whole ? part.values.reshape(part.sizes) : part.values);
      }
    }
    listing.dump();  // an Error for names that are no UTF-8
    save_safetensors(StateDict(std::move(entries)), path);
  });
  try {
    agree(ranks, wrong);
    const std::vector<std::string> listings = ranks.exchange(listing.dump());
    wrong = outcome([&] {
      if (ranks.rank != 0) return;
      Json all = {{"metadata", Json::object()}, {"save", save}, {"tensors", joined(listings)}};
      for (const auto& [key, text] : metadata) all["metadata"][key] = text;
      const std::string text = all.dump(1);
      files::write_file("save_sharded", index, {{text.data(), text.size()}});
    });
    agree(ranks, wrong);
  } catch (...) {
    std::error_code ignored;
    fs::remove(path, ignored);
    throw;
  }
  if (ranks.rank == 0) remove_others(folder, name, save);
}

bool ShardedCheckpoint::exists(const std::string& folder, const std::string& name) {
  std::error_code code;
  return fs::exists(index_of(folder, name), code);
}

ShardedCheckpoint::ShardedCheckpoint(const std::string& folder, const std::string& name)
    : folder_(folder.empty() || folder.ends_with('/') ? folder : folder + "/") {
  const std::string path = index_of(folder, name);
  const Json index = read_index(path);
  if (index.contains("metadata") && index["metadata"].is_object())
    for (const auto& [key, text] : index["metadata"].items()) {
      if (!text.is_string()) corrupt(path, "texts as metadata", text.type_name());
      metadata_[key] = text.get<std::string>();
    }
  for (const Json& tensor : index["tensors"]) {
    if (!tensor.is_object() || !tensor.contains("name") || !tensor["name"].is_string() || !tensor.contains("sizes") || !tensor["sizes"].is_array() ||
        tensor["sizes"].size() > 64 || !tensor.contains("pieces") || !tensor["pieces"].is_array())
      corrupt(path, "a name, sizes and pieces for each tensor", tensor.dump().substr(0, 80));
    const std::string key = tensor["name"];
    Entry entry;
    int64_t count = 1;
    for (const Json& size : tensor["sizes"]) {
      entry.sizes.push_back(number(path, size, "a size"));
      if (__builtin_mul_overflow(count, entry.sizes.back(), &count)) corrupt(path, "sizes that fit memory for '" + key + "'", tensor["sizes"].dump());
    }
    int64_t at = 0;
    for (const Json& piece : tensor["pieces"]) {
      if (!piece.is_object() || !piece.contains("file") || !piece["file"].is_string() || !piece.contains("begin") || !piece.contains("end"))
        corrupt(path, "file, begin and end for each piece of '" + key + "'", piece.dump().substr(0, 80));
      const std::string file = piece["file"];
      if (file.empty() || file.find_first_of(std::string_view("/\\\0", 3)) != file.npos) corrupt(path, "files beside the index", "'" + file + "'");
      entry.pieces.push_back({file, number(path, piece["begin"], "begin"), number(path, piece["end"], "end")});
      if (entry.pieces.back().begin != at || entry.pieces.back().end < at)
        corrupt(path, "pieces without gaps of '" + key + "'", tensor["pieces"].dump());
      at = entry.pieces.back().end;
    }
    if (at != count) corrupt(path, std::to_string(count) + " elements of '" + key + "'", std::to_string(at));
    if (!entries_.emplace(key, std::move(entry)).second) corrupt(path, "each name once", "'" + key + "' twice");
    order_.push_back(key);
  }
}

std::vector<std::string> ShardedCheckpoint::names() const { return order_; }
Shape ShardedCheckpoint::sizes(const std::string& name) const { return entry(name).sizes; }

const ShardedCheckpoint::Entry& ShardedCheckpoint::entry(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end())
    fail(ErrorKind::Index, "ShardedCheckpoint", "name", "one of the " + std::to_string(entries_.size()) + " names in '" + folder_ + "'",
         "'" + name + "'");
  return found->second;
}

Tensor ShardedCheckpoint::read(const std::string& name, int64_t begin, int64_t end) const {
  const Entry& e = entry(name);
  if (begin < 0 || end < begin || end > e.sizes.numel())
    fail(ErrorKind::Index, "ShardedCheckpoint.read", "begin", "a range within the " + std::to_string(e.sizes.numel()) + " elements of '" + name + "'",
         "[" + std::to_string(begin) + ", " + std::to_string(end) + ")");
  Tensor out;
  for (const Piece& piece : e.pieces) {
    const int64_t from = std::max(begin, piece.begin), to = std::min(end, piece.end);
    const bool form = !out.defined() && piece.end - piece.begin == e.sizes.numel();  // of a tensor without elements, too
    if (from >= to && !form) continue;
    auto file = files_.find(piece.file);
    if (file == files_.end()) file = files_.emplace(piece.file, SafetensorsFile(folder_ + piece.file)).first;
    const bool there = file->second.contains(name);
    if (!there || file->second.sizes(name).numel() != piece.end - piece.begin)
      corrupt(folder_ + piece.file, std::to_string(piece.end - piece.begin) + " elements of '" + name + "'",
              there ? std::to_string(file->second.sizes(name).numel()) : "none");
    const DType dtype = file->second.dtype(name);
    if (out.defined() && out.dtype() != dtype) corrupt(folder_ + piece.file, "one dtype of '" + name + "'", lazuli::name(dtype).data());
    const int64_t first = std::min(from, to) - piece.begin;
    if (from == begin && to == end) return file->second.read(name, first, to - piece.begin);
    if (!out.defined()) out = new_tensor({end - begin}, dtype);
    if (from >= to) continue;
    const Tensor part = file->second.read(name, first, to - piece.begin);
    std::memcpy(static_cast<char*>(out.data_ptr()) + (from - begin) * out.item_size(), part.const_data_ptr(), size_t(part.nbytes()));
  }
  if (!out.defined()) {  // nothing was asked for: the form of the first piece
    const Tensor first = read(name, 0, std::min<int64_t>(1, e.sizes.numel()));
    out = new_tensor({0}, first.dtype());
  }
  return out;
}

}  // namespace lazuli
