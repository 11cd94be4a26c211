#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <unordered_set>

#include "lazuli/core/error.h"
#include "lazuli/io/zip.h"

namespace lazuli::files {
namespace {

constexpr uint64_t kEndSize = 22, kEnd64Size = 56, kLocatorSize = 20, kDirectorySize = 46, kLocalSize = 30;
constexpr uint32_t kEnd = 0x06054b50, kEnd64 = 0x06064b50, kLocator = 0x07064b50, kDirectory = 0x02014b50, kLocal = 0x04034b50;
constexpr uint32_t kIn64 = 0xffffffff;  // the number is in an extra field
constexpr uint64_t kMostRatio = 1032;   // no byte of deflate makes more
constexpr uint64_t kPiece = 1 << 18;    // of compressed data, read at a time

std::string quoted(const ZipReader::Entry& entry) { return "'" + entry.name.substr(0, 200) + "'"; }

}  // namespace

void ZipReader::corrupt(const std::string& expected, const std::string& got) const {
  fail(ErrorKind::File, file_.op(), "path", expected + " in '" + file_.path() + "'", got);
}

ZipReader::ZipReader(const char* op, const std::string& path) : file_(op, path) { read_directory(); }

namespace {

/// Some of the file's bytes, whose numbers are little-endian.
class Records {
 public:
  Records(const File& file, uint64_t begin, uint64_t bytes) : file_(file), begin_(begin) {
    if (begin > file.size() || bytes > file.size() - begin) fail_outside();
    bytes_ = read_bytes(file, begin, bytes);
  }
  /// At a place in the file.
  uint64_t number(uint64_t at, int bytes) const {
    uint64_t value = 0;
    const std::string_view all = text(at, uint64_t(bytes));
    for (int i = 0; i < bytes; ++i) value |= uint64_t(uint8_t(all[size_t(i)])) << (8 * i);
    return value;
  }
  std::string_view text(uint64_t at, uint64_t bytes) const {
    if (at < begin_ || at - begin_ > bytes_.size || bytes > bytes_.size - (at - begin_)) fail_outside();
    return bytes_.text().substr(at - begin_, bytes);
  }

 private:
  [[noreturn]] void fail_outside() const { fail(ErrorKind::File, file_.op(), "path", "a record in '" + file_.path() + "'", "the file's end"); }
  const File& file_;
  uint64_t begin_;
  FileBytes bytes_;
};

}  // namespace

void ZipReader::read_directory() {
  if (file_.size() < kEndSize) corrupt("a ZIP archive", std::to_string(file_.size()) + " bytes");
  // The end record is last, before a comment of at most 64 KiB; that for large archives and its locator are before it.
  const uint64_t most = 0xffff + kEndSize + kLocatorSize, tail_begin = file_.size() - std::min<uint64_t>(most, file_.size());
  const Records tail(file_, tail_begin, file_.size() - tail_begin);
  uint64_t end = file_.size() - kEndSize;
  const uint64_t lowest = end > 0xffff ? end - 0xffff : 0;
  while (tail.number(end, 4) != kEnd || tail.number(end + 20, 2) != file_.size() - kEndSize - end) {
    if (end == lowest) corrupt("a ZIP archive", "a file without its end record");
    --end;
  }
  uint64_t count = tail.number(end + 10, 2), size = tail.number(end + 12, 4), begin = tail.number(end + 16, 4);
  if (tail.number(end + 4, 2) != 0 && tail.number(end + 4, 2) != 0xffff) corrupt("an archive in one part", "several");
  if (count == 0xffff || size == kIn64 || begin == kIn64) {
    if (end < kLocatorSize || tail.number(end - kLocatorSize, 4) != kLocator) corrupt("a locator of the 64-bit end record", "none");
    const uint64_t place = tail.number(end - kLocatorSize + 8, 8);
    const Records end64(file_, place, kEnd64Size);
    if (end64.number(place, 4) != kEnd64) corrupt("a 64-bit end record", "other bytes");
    count = end64.number(place + 32, 8), size = end64.number(place + 40, 8), begin = end64.number(place + 48, 8);
  }
  if (begin > end || size > end - begin)
    corrupt("a directory within " + std::to_string(file_.size()) + " bytes", std::to_string(size) + " at " + std::to_string(begin));
  if (count > size / kDirectorySize) corrupt("at most " + std::to_string(size / kDirectorySize) + " entries in its directory", std::to_string(count));

  const Records directory(file_, begin, size);
  std::unordered_set<std::string> names;
  uint64_t at = begin;
  for (uint64_t k = 0; k < count; ++k) {
    if (directory.number(at, 4) != kDirectory) corrupt("entry " + std::to_string(k) + " of the directory", "other bytes");
    const uint64_t flags = directory.number(at + 8, 2), method = directory.number(at + 10, 2), name_size = directory.number(at + 28, 2),
                   extra_size = directory.number(at + 30, 2), comment_size = directory.number(at + 32, 2);
    Entry entry;
    entry.checksum = uint32_t(directory.number(at + 16, 4));
    entry.compressed = directory.number(at + 20, 4);
    entry.size = directory.number(at + 24, 4);
    uint64_t local = directory.number(at + 42, 4);
    const uint64_t extra = at + kDirectorySize + name_size, next = extra + extra_size + comment_size;
    if (next > begin + size) corrupt("entry " + std::to_string(k) + " within the directory", "a longer one");
    entry.name = directory.text(at + kDirectorySize, name_size);
    for (uint64_t field = extra; field + 4 <= extra + extra_size;) {
      const uint64_t id = directory.number(field, 2), length = directory.number(field + 2, 2);
      uint64_t place = field + 4;
      const uint64_t last = std::min(place + length, extra + extra_size);
      for (uint64_t* value : {&entry.size, &entry.compressed, &local}) {
        if (id != 1 || *value != kIn64 || place + 8 > last) continue;
        *value = directory.number(place, 8);
        place += 8;
      }
      field += 4 + length;
    }
    at = next;
    const std::string which = quoted(entry);
    if (!names.insert(entry.name).second) corrupt("each name once", which + " twice");
    if (flags & 1) corrupt("entries that are not encrypted", which);
    if (method != 0 && method != 8) corrupt("entries that are stored or deflated", which + " by method " + std::to_string(method));
    entry.deflated = method == 8;
    const Records header(file_, local, kLocalSize);
    if (header.number(local, 4) != kLocal) corrupt("the data of " + which, "other bytes");
    entry.begin = local + kLocalSize + header.number(local + 26, 2) + header.number(local + 28, 2);
    if (entry.begin > file_.size() || entry.compressed > file_.size() - entry.begin)
      corrupt("the data of " + which + " within " + std::to_string(file_.size()) + " bytes", std::to_string(entry.compressed) + " bytes");
    if (!entry.deflated && entry.size != entry.compressed) corrupt("as many bytes stored as there are of " + which, std::to_string(entry.compressed));
    if (entry.deflated && entry.size / kMostRatio > entry.compressed)
      corrupt("no more bytes of " + which + " than its data can make", std::to_string(entry.size));
    entries_.push_back(std::move(entry));
  }
  check_places();
}

const ZipReader::Entry* ZipReader::find(std::string_view name) const {
  for (const Entry& e : entries_)
    if (e.name == name) return &e;
  return nullptr;
}

// An archive whose entries share their bytes would make any amount of memory of a small file.
void ZipReader::check_places() const {
  std::vector<const Entry*> all;
  for (const Entry& entry : entries_) all.push_back(&entry);
  std::sort(all.begin(), all.end(), [](const Entry* a, const Entry* b) { return a->begin < b->begin; });
  for (size_t k = 1; k < all.size(); ++k)
    if (all[k]->begin - all[k - 1]->begin < all[k - 1]->compressed)
      corrupt("each byte in one entry", quoted(*all[k]) + " within " + quoted(*all[k - 1]));
}

FileBytes ZipReader::inflated(const Entry& entry) const {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) fail(ErrorKind::State, file_.op(), "path", "memory to inflate", "none");
  struct Close {
    z_stream* s;
    ~Close() { inflateEnd(s); }
  } close{&stream};
  std::vector<char> piece(size_t(std::min<uint64_t>(entry.compressed, kPiece)));
  std::shared_ptr<char> memory;
  size_t room = 0, made = 0;
  uint64_t at = 0;
  int status = Z_OK;
  while (status == Z_OK) {
    if (made == room) {
      room = std::max<size_t>(std::min<size_t>(std::max<size_t>(2 * room, 1 << 16), size_t(entry.size)), made + 1);
      std::shared_ptr<char> wider(static_cast<char*>(std::aligned_alloc(64, (room + 63) / 64 * 64)), [](char* p) { std::free(p); });
      if (!wider) fail(ErrorKind::Memory, file_.op(), "path", "memory for " + quoted(entry), std::to_string(room) + " bytes");
      std::copy_n(memory.get(), made, wider.get());
      memory = std::move(wider);
    }
    if (stream.avail_in == 0 && at < entry.compressed) {
      const std::span<char> next = std::span(piece).first(size_t(std::min<uint64_t>(entry.compressed - at, kPiece)));
      file_.read(entry.begin + at, next);
      at += next.size();
      stream.next_in = reinterpret_cast<Bytef*>(next.data());
      stream.avail_in = uInt(next.size());
    }
    const uInt out = uInt(std::min<size_t>(room - made, 1 << 30));
    stream.next_out = reinterpret_cast<Bytef*>(memory.get() + made);
    stream.avail_out = out;
    status = inflate(&stream, Z_NO_FLUSH);
    made += out - stream.avail_out;
    if (made > entry.size) corrupt(std::to_string(entry.size) + " bytes of " + quoted(entry), "more");
    if (status == Z_BUF_ERROR && stream.avail_in == 0 && at == entry.compressed) break;
    if (status == Z_BUF_ERROR) status = Z_OK;
  }
  if (status != Z_STREAM_END || made != entry.size) corrupt("intact data of " + quoted(entry), "data that are cut short or corrupt");
  return {memory.get(), made, memory};
}

FileBytes ZipReader::read(const Entry& entry, bool check) const {
  const FileBytes bytes = entry.deflated ? inflated(entry) : read_bytes(file_, entry.begin, entry.size);
  if (!check) return bytes;
  uLong sum = crc32(0, nullptr, 0);
  for (size_t at = 0; at < bytes.size;) {
    const uInt n = uInt(std::min<size_t>(bytes.size - at, 1 << 30));
    sum = crc32(sum, reinterpret_cast<const Bytef*>(bytes.data + at), n);
    at += n;
  }
  if (uint32_t(sum) != entry.checksum) corrupt("the checksum of " + quoted(entry), "another");
  return bytes;
}

}  // namespace lazuli::files
