#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lazuli/core/file.h"

/// ZIP archives (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, also beyond 4 GiB): NumPy's .npz and PyTorch's .pt. An archive stays open; only what is asked for is read.
namespace lazuli::files {

class ZipReader {
 public:
  struct Entry {
    std::string name;
    uint64_t begin = 0, compressed = 0, size = 0;  // the place of its data in the file, and their bytes there and as they were
    uint32_t checksum = 0;
    bool deflated = false;
  };
  /// Throws Error (File) for what is no archive, and for one that is cut short, corrupt, encrypted, in several parts, or has a name or a byte of data twice.
  ZipReader(const char* op, const std::string& path);
  const std::vector<Entry>& entries() const { return entries_; }
  /// Null where there is none of that name.
  const Entry* find(std::string_view name) const;
  /// An entry's bytes. Memory for compressed ones grows as they come out, never beyond what their compressed bytes can make. Throws Error (File) for corrupt data, for a file that was
  /// shortened meanwhile, and with `check` for a wrong checksum.
  FileBytes read(const Entry& entry, bool check) const;

 private:
  [[noreturn]] void corrupt(const std::string& expected, const std::string& got) const;
  void read_directory();
  void check_places() const;
  FileBytes inflated(const Entry& entry) const;
  File file_;
  std::vector<Entry> entries_;
};

/// One entry to write: its data are the parts one after another.
struct ZipPart {
  std::string name;
  std::vector<std::span<const char>> data;
};
/// Writes an archive, all or nothing. Where nothing is compressed, the data of each entry begin at a multiple of 64 bytes.
void write_zip(const char* op, const std::string& path, const std::vector<ZipPart>& entries, bool compressed = false);

}  // namespace lazuli::files
