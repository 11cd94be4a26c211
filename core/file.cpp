#include "lazuli/core/file.h"

#include <dlfcn.h>
#include <fcntl.h>
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
#include "lazuli/core/threads/parallel.h"

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

constexpr int64_t kPiece = int64_t(1) << 20;  // that one thread reads at least

}  // namespace

File::File(const char* op, std::string path) : op_(op), path_(std::move(path)) {
  Descriptor file{open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // a pipe must not make us wait
  if (file.fd < 0) fail_system(op, path_, "to open");
  struct stat status;
  if (fstat(file.fd, &status) != 0) fail_system(op, path_, "to read");
  if (!S_ISREG(status.st_mode)) fail(ErrorKind::File, op, "path", "a regular file", "'" + path_ + "'");
  size_ = size_t(status.st_size);
  descriptor_ = std::shared_ptr<const int>(new int(file.fd), [](const int* fd) {
    close(*fd);
    delete fd;
  });
  file.fd = -1;
}

void File::read(size_t offset, std::span<char> into) const {
  if (offset > size_ || into.size() > size_ - offset)
    fail(ErrorKind::File, op_, "path", std::to_string(into.size()) + " bytes at " + std::to_string(offset) + " of '" + path_ + "'",
         "a file of " + std::to_string(size_) + " bytes");
  parallel_for(0, int64_t(into.size()), kPiece, [&](int64_t from, int64_t to) {
    while (from < to) {
      const ssize_t count = pread(*descriptor_, into.data() + from, size_t(to - from), off_t(offset) + from);
      if (count < 0 && errno != EINTR) fail_system(op_, path_, "to read");
      if (count > 0) from += count;
      if (count != 0) continue;
      struct stat status;
      const std::string now = fstat(*descriptor_, &status) == 0 ? std::to_string(status.st_size) + " bytes" : "fewer bytes";
      fail(ErrorKind::File, op_, "path", "the " + std::to_string(size_) + " bytes that '" + path_ + "' had when it was opened",
           now + ": it was shortened meanwhile");
    }
  });
}

FileBytes read_bytes(const File& file, size_t offset, size_t bytes) {
  constexpr size_t kAlignment = 64;
  std::shared_ptr<char> memory(static_cast<char*>(std::aligned_alloc(kAlignment, (bytes / kAlignment + 1) * kAlignment)), &std::free);
  if (!memory) fail(ErrorKind::Memory, file.op(), "path", "memory for '" + file.path() + "'", std::to_string(bytes) + " bytes");
  file.read(offset, {memory.get(), bytes});
  return {memory.get(), bytes, memory};
}

FileBytes read_file(const char* op, const std::string& path) {
  const File file(op, path);
  return read_bytes(file, 0, file.size());
}

FileBytes read_json(const char* op, const char* argument, const std::string& path, size_t most_bytes, int most_levels) {
  const File opened(op, path);
  if (opened.size() > most_bytes)
    fail(ErrorKind::File, op, argument, "at most " + std::to_string(most_bytes) + " bytes in '" + path + "'",
         std::to_string(opened.size()) + " bytes");
  const FileBytes file = read_bytes(opened, 0, opened.size());
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
