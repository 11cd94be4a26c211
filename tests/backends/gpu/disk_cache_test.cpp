#include "lazuli/backends/gpu/disk_cache.h"

#include <cstdlib>
#include <filesystem>

#include "tests/catch.h"
#include "tests/io/bytes.h"

using namespace lazuli::test;
using lazuli::gpu::DiskCache;

namespace {

// $LAZULI_CACHE_DIR as it was, at the end.
class CacheFolder {
 public:
  explicit CacheFolder(const std::string& folder) {
    if (const char* before = std::getenv("LAZULI_CACHE_DIR")) before_ = before, was_set_ = true;
    setenv("LAZULI_CACHE_DIR", folder.c_str(), 1);
  }
  ~CacheFolder() {
    if (was_set_) setenv("LAZULI_CACHE_DIR", before_.c_str(), 1);
    else unsetenv("LAZULI_CACHE_DIR");
  }

 private:
  std::string before_;
  bool was_set_ = false;
};

}  // namespace

TEST_CASE("gpu: a compiled kernel comes back from the disk under its key only", "[backends][gpu]") {
  TemporaryFolder folder;
  CacheFolder here(folder.path());
  const DiskCache::Key key("device\nsource"), other("device\nsource 2");
  CHECK_FALSE(DiskCache::read(key));
  const std::string binary("\0binary\n\xff", 9);
  DiskCache::write(key, binary);
  REQUIRE(DiskCache::read(key));
  CHECK(*DiskCache::read(key) == binary);
  CHECK_FALSE(DiskCache::read(other));
  std::filesystem::copy_file(DiskCache::path(key), DiskCache::path(other));
  CHECK_FALSE(DiskCache::read(other));
}

TEST_CASE("gpu: a file of the kernel cache that is cut short or altered is as good as none, and is written anew", "[backends][gpu]") {
  TemporaryFolder folder;
  CacheFolder here(folder.path());
  const DiskCache::Key key("a");
  const std::string binary(1000, 'x');
  DiskCache::write(key, binary);
  const std::string file = DiskCache::path(key), whole = read_bytes(file), name = std::filesystem::path(file).filename().string();
  for (size_t length : {size_t(0), size_t(7), size_t(39), size_t(40), size_t(500), whole.size() - 1}) {
    folder.write(name, whole.substr(0, length));
    CHECK_FALSE(DiskCache::read(key));
  }
  folder.write(name, whole + "x");
  CHECK_FALSE(DiskCache::read(key));
  for (size_t at : {size_t(0), size_t(9), size_t(25), size_t(33), size_t(40), whole.size() - 1}) {
    std::string altered = whole;
    altered[at] = char(altered[at] ^ 16);
    folder.write(name, altered);
    CHECK_FALSE(DiskCache::read(key));
  }
  DiskCache::write(key, binary);
  CHECK(DiskCache::read(key) == binary);
}

TEST_CASE("gpu: the kernel cache can be off, or in a folder that cannot be written", "[backends][gpu]") {
  const DiskCache::Key key("a");
  {
    CacheFolder off("");
    CHECK(DiskCache::path(key).empty());
    DiskCache::write(key, "binary");
    CHECK_FALSE(DiskCache::read(key));
  }
  CacheFolder nowhere("/proc/no/such/folder");
  DiskCache::write(key, "binary");
  CHECK_FALSE(DiskCache::read(key));
}
