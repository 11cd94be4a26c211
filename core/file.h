#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace lazuli::files {

/// A file's bytes in memory, private to this process: writes to them never reach the file.
struct MappedFile {
  char* data = nullptr;
  size_t size = 0;
  std::shared_ptr<void> owner;  // keeps the mapping
};
/// Throws Error (File) naming `op`, the path and the system's reason, also for what is no regular file. One of up to 1 MiB is read;
/// nobody may shorten a larger one while it is mapped, and `write_file` never does.
MappedFile map_file(const char* op, const std::string& path);

/// A file of JSON, still to be parsed. Throws Error (File) naming `op`, `argument` and the path, as map_file does, and for one of more bytes or more levels of arrays and objects than these:
/// a parser makes a hundred times its text of deep nesting.
MappedFile map_json(const char* op, const char* argument, const std::string& path, size_t most_bytes, int most_levels);

/// Writes the parts one after another as one file, all or nothing: a temporary file beside it is written, flushed to the disk and renamed. On any failure, a full disk
/// included, the old file is untouched, the temporary one is gone, and an Error (File) is thrown.
void write_file(const char* op, const std::string& path, const std::vector<std::span<const char>>& parts);

/// The contents of a gzip file; no more than `limit` bytes are ever made. Throws Error (File) for data that is cut short, corrupt or longer; without
/// `whole` what lies beyond the limit is not looked at.
std::vector<char> read_gzip(const char* op, const std::string& path, int64_t limit, bool whole = true);

/// A shared object that is looked for while the program runs; never closed, because drivers keep threads.
class SharedObject {
 public:
  /// The first of these names or paths that the system's loader finds.
  explicit SharedObject(const std::vector<std::string>& names);
  bool there() const { return handle_ != nullptr; }
  /// False when there is no such symbol.
  template <class F>
  bool find(F& function, const char* name) const {
    function = reinterpret_cast<F>(symbol(name));
    return function != nullptr;
  }

 private:
  void* symbol(const char* name) const;
  void* handle_ = nullptr;
};

}  // namespace lazuli::files
