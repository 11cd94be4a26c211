// Files made byte by byte, for the tests of readers.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lazuli::test {

/// A new folder for one test case, in `parent` or where temporary files go, removed at its end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& parent = {});
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  /// `name` in the folder.
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  /// The same, with these bytes in it.
  std::string write(const std::string& name, std::string_view bytes) const;
  /// How many files there are.
  int count() const;

 private:
  std::string path_;
};

std::string read_bytes(const std::string& path);
/// Runs `body` in a child process in which files can grow to `limit` bytes only, as on a full disk, and returns its exit status (-1 when a signal ended it).
int run_with_file_limit(long limit, int (*body)(const std::string& argument), const std::string& argument);
std::string big_endian(uint32_t value);
std::string gzip(std::string_view bytes);
/// An IDX file: element type code, sizes, elements.
std::string idx(unsigned char type, const std::vector<uint32_t>& sizes, std::string_view elements);
/// A safetensors file with this header, padded by nothing.
std::string safetensors(std::string_view header, std::string_view data);

}  // namespace lazuli::test
