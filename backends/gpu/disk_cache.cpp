#include "lazuli/backends/gpu/disk_cache.h"

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace lazuli::gpu {
namespace {

constexpr uint64_t kMagic = 0x316c6b7a6c75;  // "ulzkl1"

// FNV-1a (Fowler, Noll, Vo) of 64 bits, from two starts.
uint64_t hash_of(std::string_view text, uint64_t h) {
  for (unsigned char c : text) h = (h ^ c) * 0x100000001b3ull;
  return h ^ (h >> 32);
}

struct Header {
  uint64_t magic, high, low, bytes, checksum;
};

std::filesystem::path folder() {
  if (const char* given = std::getenv("LAZULI_CACHE_DIR")) return given;
  if (const char* base = std::getenv("XDG_CACHE_HOME"); base && *base) return std::filesystem::path(base) / "lazuli";
  if (const char* home = std::getenv("HOME"); home && *home) return std::filesystem::path(home) / ".cache" / "lazuli";
  return {};
}

}  // namespace

DiskCache::Key::Key(std::string_view text) : high(hash_of(text, 0xcbf29ce484222325ull)), low(hash_of(text, 0x84222325cbf29ce4ull)) {}

std::string DiskCache::path(const Key& key) {
  std::filesystem::path f = folder();
  if (f.empty()) return {};
  char file[64];
  std::snprintf(file, sizeof(file), "%016llx%016llx.kernel", static_cast<unsigned long long>(key.high), static_cast<unsigned long long>(key.low));
  return (f / file).string();
}

std::optional<std::string> DiskCache::read(const Key& key) {
  std::string file = path(key);
  if (file.empty()) return {};
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return {};
  int64_t size = int64_t(in.tellg());
  Header h;
  if (size < int64_t(sizeof(h)) || !in.seekg(0) || !in.read(reinterpret_cast<char*>(&h), sizeof(h))) return {};
  if (h.magic != kMagic || h.high != key.high || h.low != key.low || h.bytes != uint64_t(size) - sizeof(h)) return {};
  std::string binary(h.bytes, '\0');
  if (!in.read(binary.data(), int64_t(h.bytes)) || hash_of(binary, kMagic) != h.checksum) return {};
  return binary;
}

void DiskCache::write(const Key& key, std::string_view binary) {
  std::string file = path(key);
  if (file.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(file).parent_path(), ignored);
  static std::atomic<uint64_t> turn{0};
  std::string part = file + "." + std::to_string(getpid()) + "." + std::to_string(turn++);
  Header h{kMagic, key.high, key.low, binary.size(), hash_of(binary, kMagic)};
  std::ofstream out(part, std::ios::binary);
  out.write(reinterpret_cast<const char*>(&h), sizeof(h));
  out.write(binary.data(), int64_t(binary.size()));
  out.close();
  if (!out) std::filesystem::remove(part, ignored);
  else std::filesystem::rename(part, file, ignored);
}

}  // namespace lazuli::gpu
