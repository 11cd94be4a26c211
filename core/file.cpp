#include "lazuli/core/file.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "lazuli/core/error.h"

namespace lazuli::files {
namespace {

[[noreturn]] void fail_system(const char* op, const std::string& path, const char* what) {
  int code = errno;  // before anything else may set it
  fail(ErrorKind::File, op, "path", std::string(what) + " '" + path + "'", std::strerror(code));
}

struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

constexpr size_t kMostRead = size_t(1) << 20;

// Small files are read: whoever shortens one later changes nothing, and mapping costs more than copying.
std::shared_ptr<char> read_whole(const char* op, const std::string& path, int fd, size_t size) {
  constexpr size_t kPage = 4096;
  std::shared_ptr<char> bytes(static_cast<char*>(std::aligned_alloc(kPage, (size + kPage - 1) / kPage * kPage)), &std::free);
  if (!bytes) fail(ErrorKind::Memory, op, "path", "memory for '" + path + "'", std::to_string(size) + " bytes");
  for (size_t at = 0; at < size;) {
    const ssize_t count = read(fd, bytes.get() + at, size - at);
    if (count < 0 && errno != EINTR) fail_system(op, path, "to read");
    if (count == 0) fail(ErrorKind::File, op, "path", std::to_string(size) + " bytes in '" + path + "'", "a file that was shortened meanwhile");
    if (count > 0) at += size_t(count);
  }
  return bytes;
}

}  // namespace

MappedFile map_file(const char* op, const std::string& path) {
  Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // a pipe must not make us wait
  if (file.fd < 0) fail_system(op, path, "to open");
  struct stat status;
  if (fstat(file.fd, &status) != 0) fail_system(op, path, "to read");
  if (!S_ISREG(status.st_mode)) fail(ErrorKind::File, op, "path", "a regular file", "'" + path + "'");
  MappedFile mapped;
  mapped.size = size_t(status.st_size);
  if (mapped.size == 0) return mapped;
  if (mapped.size <= kMostRead) {
    const std::shared_ptr<char> bytes = read_whole(op, path, file.fd, mapped.size);
    mapped.data = bytes.get();
    mapped.owner = bytes;
    return mapped;
  }
  void* p = mmap(nullptr, mapped.size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file.fd, 0);
  if (p == MAP_FAILED) fail_system(op, path, "to map");
  mapped.data = static_cast<char*>(p);
  mapped.owner = std::shared_ptr<void>(p, [size = mapped.size](void* memory) { munmap(memory, size); });
  return mapped;
}

MappedFile map_json(const char* op, const char* argument, const std::string& path, size_t most_bytes, int most_levels) {
  MappedFile file = map_file(op, path);
  if (file.size > most_bytes)
    fail(ErrorKind::File, op, argument, "at most " + std::to_string(most_bytes) + " bytes in '" + path + "'", std::to_string(file.size) + " bytes");
  int level = 0;
  bool quoted = false;
  for (size_t i = 0; i < file.size; ++i) {
    const char c = file.data[i];
    if (c == '"') quoted = !quoted;
    else if (quoted) i += c == '\\';
    else if (c == '[' || c == '{') ++level;
    else if (c == ']' || c == '}') --level;
    if (level > most_levels) fail(ErrorKind::File, op, argument, "at most " + std::to_string(most_levels) + " levels in '" + path + "'", "more");
  }
  return file;
}

void write_file(const char* op, const std::string& path, const std::vector<std::span<const char>>& parts) {
  // A device or a folder must not be replaced by a file, and a link stays one.
  std::string target = path;
  struct stat status;
  if (stat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) fail(ErrorKind::File, op, "path", "a regular file", "'" + path + "'");
    if (char* real = realpath(path.c_str(), nullptr)) {
      target = real;
      std::free(real);
    }
  }
  static std::atomic<unsigned> counter{0};
  std::string temporary;
  Descriptor file;
  do {  // O_EXCL: nobody else's file, and the access rights that the user's mask gives to new ones
    temporary = target + "." + std::to_string(getpid()) + "-" + std::to_string(counter++) + ".tmp";
    file.fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (file.fd < 0 && errno == EEXIST);
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
      if (n == 0) errno = ENOSPC;
      if (n <= 0) fail_system(op, path, "to write");
      part = part.subspan(size_t(n));
    }
  }
  if (fsync(file.fd) != 0) fail_system(op, path, "to write");
  if (rename(temporary.c_str(), target.c_str()) != 0) fail_system(op, path, "to replace");
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

SharedObject::SharedObject(const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (!handle_) handle_ = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
}

void* SharedObject::symbol(const char* name) const { return dlsym(handle_, name); }

}  // namespace lazuli::files
