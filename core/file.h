#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lazuli::files {

/// A file that is open for reading. What is asked for is read, never mapped: whoever shortens the file meanwhile causes an Error, not a signal. Copies share the open file; any number of threads
/// may read. `op` is what Errors name and must outlive the object.
class File {
 public:
  /// Throws Error (File) naming `op`, the path and the system's reason, also for what is no regular file.
  File(const char* op, std::string path);
  const char* op() const { return op_; }
  const std::string& path() const { return path_; }
  /// Its bytes when it was opened.
  size_t size() const { return size_; }
  /// Fills `into` with the bytes from `offset` on, large pieces by all threads. Throws Error (File) naming the path, how many bytes it had and how many it has, where the file has been shortened, and for a
  /// range outside of it.
  void read(size_t offset, std::span<char> into) const;

 private:
  const char* op_;
  std::string path_;
  std::shared_ptr<const int> descriptor_;
  size_t size_;
};

/// A file's bytes in memory.
struct FileBytes {
  char* data = nullptr;
  size_t size = 0;
  std::shared_ptr<void> owner;  // keeps the memory, which is aligned for every dtype
  std::string_view text() const { return {data, size}; }
};
/// Some or all of a file's bytes. Throw Error (File) as File does, and (Memory) where there is no room.
FileBytes read_bytes(const File& file, size_t offset, size_t bytes);
FileBytes read_file(const char* op, const std::string& path);

/// A file of JSON, still to be parsed. Throws Error (File) naming `op`, `argument` and the path, as File does, and for one of more bytes or more levels of arrays and objects than these:
/// a parser makes a hundred times its text of deep nesting.
FileBytes read_json(const char* op, const char* argument, const std::string& path, size_t most_bytes, int most_levels);

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
