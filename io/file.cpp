#include "lazuli/io/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "lazuli/core/error.h"

namespace lazuli::io {
namespace {

[[noreturn]] void fail_system(const char* op, const std::string& path, const char* what) {
  fail(ErrorKind::File, op, "path", std::string(what) + " '" + path + "'", std::strerror(errno));
}

struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

}  // namespace

MappedFile map_file(const char* op, const std::string& path) {
  Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) fail_system(op, path, "to open");
  struct stat status;
  if (fstat(file.fd, &status) != 0) fail_system(op, path, "to read");
  if (!S_ISREG(status.st_mode)) fail(ErrorKind::File, op, "path", "a regular file", "'" + path + "'");
  MappedFile mapped;
  mapped.size = size_t(status.st_size);
  if (mapped.size == 0) return mapped;
  void* p = mmap(nullptr, mapped.size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file.fd, 0);
  if (p == MAP_FAILED) fail_system(op, path, "to map");
  mapped.data = static_cast<char*>(p);
  mapped.owner = std::shared_ptr<void>(p, [size = mapped.size](void* memory) { munmap(memory, size); });
  return mapped;
}

void write_file(const char* op, const std::string& path, const std::vector<std::span<const char>>& parts) {
  std::string temporary = path + ".XXXXXX";
  Descriptor file{mkostemp(temporary.data(), O_CLOEXEC)};
  if (file.fd < 0) fail_system(op, path, "to create a file beside");
  struct Cleanup {
    const std::string& name;
    bool keep = false;
    ~Cleanup() {
      if (!keep) unlink(name.c_str());
    }
  } cleanup{temporary};
  for (std::span<const char> part : parts) {
    while (!part.empty()) {
      ssize_t n = ::write(file.fd, part.data(), std::min<size_t>(part.size(), size_t(1) << 30));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) fail_system(op, path, "to write");
      part = part.subspan(size_t(n));
    }
  }
  mode_t mask = umask(0);
  umask(mask);
  if (fchmod(file.fd, 0666 & ~mask) != 0 || fsync(file.fd) != 0) fail_system(op, path, "to write");
  if (rename(temporary.c_str(), path.c_str()) != 0) fail_system(op, path, "to replace");
  cleanup.keep = true;
}

std::vector<char> read_gzip(const char* op, const std::string& path, int64_t limit, bool whole) {
  struct File {
    gzFile f;
    ~File() {
      if (f) gzclose(f);
    }
  } file{gzopen(path.c_str(), "rbe")};
  if (!file.f) fail_system(op, path, "to open");
  if (gzdirect(file.f)) fail(ErrorKind::File, op, "path", "a gzip file", "'" + path + "', which is none");
  std::vector<char> bytes;
  constexpr size_t kPiece = 1 << 20;
  for (;;) {
    size_t at = bytes.size(), want = whole ? kPiece : std::min(kPiece, size_t(limit) - at);
    bytes.resize(at + want);
    int n = gzread(file.f, bytes.data() + at, unsigned(want));
    if (n < 0) {
      int code = 0;
      fail(ErrorKind::File, op, "path", "intact gzip data in '" + path + "'", gzerror(file.f, &code));
    }
    bytes.resize(at + size_t(n));
    if (int64_t(bytes.size()) > limit) fail(ErrorKind::File, op, "path", "at most " + std::to_string(limit) + " bytes in '" + path + "'", "more");
    if (size_t(n) < want || (!whole && int64_t(bytes.size()) == limit)) break;
  }
  if (!whole) return bytes;
  int code = gzclose(std::exchange(file.f, nullptr));  // reports data that ends too early
  if (code != Z_OK) fail(ErrorKind::File, op, "path", "complete gzip data in '" + path + "'", "data that is cut short or corrupt");
  return bytes;
}

}  // namespace lazuli::io
