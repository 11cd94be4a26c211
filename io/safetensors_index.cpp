#include "lazuli/io/safetensors_index.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "lazuli/core/error.h"
#include "lazuli/core/file.h"
#include "lazuli/io/safetensors_file.h"

// The index: {"metadata": {"total_size": bytes}, "weight_map": {tensor: file, ...}}.
namespace lazuli {
namespace {

using Json = nlohmann::ordered_json;
constexpr size_t kMostIndex = 100'000'000;

[[noreturn]] void corrupt(const std::string& path, const std::string& expected, const std::string& got) {
  fail(ErrorKind::File, "load_sharded_safetensors", "path", expected + " in '" + path + "'", got);
}

}  // namespace

StateDict load_sharded_safetensors(const std::string& index_path) {
  const files::FileBytes file = files::read_json("load_sharded_safetensors", "path", index_path, kMostIndex, 4);
  Json index = Json::parse(file.text(), nullptr, false);
  if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object())
    corrupt(index_path, "a JSON object with a weight_map", index.is_discarded() ? "text that is no JSON" : index.type_name());
  const size_t slash = index_path.rfind('/');
  const std::string folder = slash == index_path.npos ? "" : index_path.substr(0, slash + 1);
  std::unordered_map<std::string, SafetensorsFile> shards;
  std::vector<StateDict::Entry> entries;
  for (const auto& item : index["weight_map"].items()) {
    const std::string& name = item.key();
    if (!item.value().is_string()) corrupt(index_path, "a file for '" + name + "'", item.value().type_name());
    const std::string shard = item.value().get<std::string>();
    if (shard.empty() || shard.find_first_of(std::string_view("/\\\0", 3)) != shard.npos)
      corrupt(index_path, "files beside the index", "'" + shard + "'");
    auto there = shards.find(shard);
    if (there == shards.end()) there = shards.emplace(shard, SafetensorsFile(folder + shard)).first;
    if (!there->second.contains(name)) corrupt(index_path, "'" + name + "' in '" + shard + "'", "a file without it");
    entries.emplace_back(name, there->second.read(name));
  }
  return StateDict(std::move(entries));
}

void save_sharded_safetensors(const StateDict& tensors, const std::string& folder, int64_t shard_bytes, const std::string& name,
                              const Metadata& metadata) {
  if (shard_bytes < 1) fail("save_sharded_safetensors", "shard_bytes", "at least 1", std::to_string(shard_bytes));
  std::vector<StateDict> shards(1);
  int64_t used = 0, total = 0;
  for (const auto& [key, t] : tensors) {
    const int64_t bytes = t.nbytes();
    if (used > 0 && used + bytes > shard_bytes) {
      shards.emplace_back();
      used = 0;
    }
    shards.back().set(key, t);
    used += bytes;
    total += bytes;
  }
  const std::string base = folder.empty() || folder.ends_with('/') ? folder + name : folder + "/" + name;
  if (shards.size() == 1) return save_safetensors(tensors, base + ".safetensors", metadata);
  Json index = {{"metadata", {{"total_size", total}}}, {"weight_map", Json::object()}};
  for (size_t k = 0; k < shards.size(); ++k) {
    char number[64];
    std::snprintf(number, sizeof number, "-%05zu-of-%05zu.safetensors", k + 1, shards.size());
    save_safetensors(shards[k], base + number, metadata);
    for (const auto& entry : shards[k]) index["weight_map"][entry.first] = name + number;
  }
  std::string text;
  try {
    text = index.dump(2);
  } catch (const Json::exception&) { fail("save_sharded_safetensors", "tensors", "names in UTF-8", "other bytes"); }
  files::write_file("save_sharded_safetensors", base + ".safetensors.index.json", {{text.data(), text.size()}});
}

}  // namespace lazuli
