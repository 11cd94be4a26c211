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

}  // namespace

void ZipReader::corrupt(const std::string& expected, const std::string& got) const {
  fail(ErrorKind::File, op_, "path", expected + " in '" + path_ + "'", got);
}

// A little-endian number within the file.
uint64_t ZipReader::number(uint64_t at, int bytes) const {
  if (at > file_.size || uint64_t(bytes) > file_.size - at) corrupt("a record", "the file's end");
  uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= uint64_t(uint8_t(file_.data[at + uint64_t(i)])) << (8 * i);
  return value;
}

ZipReader::ZipReader(const char* op, const std::string& path) : op_(op), path_(path), file_(map_file(op, path)) { read_directory(); }

void ZipReader::read_directory() {
  if (file_.size < kEndSize) corrupt("a ZIP archive", std::to_string(file_.size) + " bytes");
  // The end record is last, before a comment of at most 64 KiB.
  uint64_t end = file_.size - kEndSize;
  const uint64_t lowest = end > 0xffff ? end - 0xffff : 0;
  while (number(end, 4) != kEnd || number(end + 20, 2) != file_.size - kEndSize - end) {
    if (end == lowest) corrupt("a ZIP archive", "a file without its end record");
    --end;
  }
  uint64_t count = number(end + 10, 2), size = number(end + 12, 4), begin = number(end + 16, 4);
  if (number(end + 4, 2) != 0 && number(end + 4, 2) != 0xffff) corrupt("an archive in one part", "several");
  if (count == 0xffff || size == kIn64 || begin == kIn64) {
    if (end < kLocatorSize || number(end - kLocatorSize, 4) != kLocator) corrupt("a locator of the 64-bit end record", "none");
    const uint64_t end64 = number(end - kLocatorSize + 8, 8);
    if (end64 > file_.size || file_.size - end64 < kEnd64Size || number(end64, 4) != kEnd64) corrupt("a 64-bit end record", "other bytes");
    count = number(end64 + 32, 8), size = number(end64 + 40, 8), begin = number(end64 + 48, 8);
  }
  if (begin > end || size > end - begin)
    corrupt("a directory within " + std::to_string(file_.size) + " bytes", std::to_string(size) + " at " + std::to_string(begin));
  if (count > size / kDirectorySize) corrupt("at most " + std::to_string(size / kDirectorySize) + " entries in its directory", std::to_string(count));

  std::unordered_set<std::string> names;
  uint64_t at = begin;
  for (uint64_t k = 0; k < count; ++k) {
    if (number(at, 4) != kDirectory) corrupt("entry " + std::to_string(k) + " of the directory", "other bytes");
    const uint64_t flags = number(at + 8, 2), method = number(at + 10, 2), name_size = number(at + 28, 2), extra_size = number(at + 30, 2),
                   comment_size = number(at + 32, 2);
    Entry entry;
    entry.checksum = uint32_t(number(at + 16, 4));
    entry.compressed = number(at + 20, 4);
    entry.size = number(at + 24, 4);
    uint64_t local = number(at + 42, 4);
    const uint64_t extra = at + kDirectorySize + name_size, next = extra + extra_size + comment_size;
    if (next > begin + size) corrupt("entry " + std::to_string(k) + " within the directory", "a longer one");
    entry.name.assign(file_.data + at + kDirectorySize, name_size);
    for (uint64_t field = extra; field + 4 <= extra + extra_size;) {
      const uint64_t id = number(field, 2), length = number(field + 2, 2);
      uint64_t place = field + 4;
      const uint64_t last = std::min(place + length, extra + extra_size);
      for (uint64_t* value : {&entry.size, &entry.compressed, &local}) {
        if (id != 1 || *value != kIn64 || place + 8 > last) continue;
        *value = number(place, 8);
        place += 8;
      }
      field += 4 + length;
    }
    at = next;
    const std::string which = "'" + entry.name.substr(0, 200) + "'";
    if (!names.insert(entry.name).second) corrupt("each name once", which + " twice");
    if (flags & 1) corrupt("entries that are not encrypted", which);
    if (method != 0 && method != 8) corrupt("entries that are stored or deflated", which + " by method " + std::to_string(method));
    entry.deflated = method == 8;
    if (local > file_.size || file_.size - local < kLocalSize || number(local, 4) != kLocal) corrupt("the data of " + which, "other bytes");
    entry.begin = local + kLocalSize + number(local + 26, 2) + number(local + 28, 2);
    if (entry.begin > file_.size || entry.compressed > file_.size - entry.begin)
      corrupt("the data of " + which + " within " + std::to_string(file_.size) + " bytes", std::to_string(entry.compressed) + " bytes");
    if (!entry.deflated && entry.size != entry.compressed) corrupt("as many bytes stored as there are of " + which, std::to_string(entry.compressed));
    if (entry.deflated && entry.size / kMostRatio > entry.compressed)
      corrupt("no more bytes of " + which + " than its data can make", std::to_string(entry.size));
    entries_.push_back(std::move(entry));
  }
}

const ZipReader::Entry* ZipReader::find(std::string_view name) const {
  for (const Entry& e : entries_)
    if (e.name == name) return &e;
  return nullptr;
}

ZipReader::Bytes ZipReader::read(const Entry& entry, bool check) const {
  Bytes bytes{file_.data + entry.begin, size_t(entry.size), file_.owner};
  const std::string which = "'" + entry.name.substr(0, 200) + "'";
  if (entry.deflated) {
    std::shared_ptr<char> memory;
    size_t room = 0, made = 0;
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) fail(ErrorKind::State, op_, "path", "memory to inflate", "none");
    struct Close {
      z_stream* s;
      ~Close() { inflateEnd(s); }
    } close{&stream};
    const char* from = file_.data + entry.begin;
    uint64_t left = entry.compressed;
    int status = Z_OK;
    while (status == Z_OK) {
      if (made == room) {
        room = std::max<size_t>(std::min<size_t>(std::max<size_t>(2 * room, 1 << 16), size_t(entry.size)), made + 1);
        std::shared_ptr<char> wider(static_cast<char*>(std::aligned_alloc(64, (room + 63) / 64 * 64)), [](char* p) { std::free(p); });
        if (!wider) fail(ErrorKind::Memory, op_, "path", "memory for " + which, std::to_string(room) + " bytes");
        std::copy_n(memory.get(), made, wider.get());
        memory = std::move(wider);
      }
      const uInt in = uInt(std::min<uint64_t>(left, 1 << 30)), out = uInt(std::min<size_t>(room - made, 1 << 30));
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from));
      stream.avail_in = in;
      stream.next_out = reinterpret_cast<Bytef*>(memory.get() + made);
      stream.avail_out = out;
      status = inflate(&stream, Z_NO_FLUSH);
      from += in - stream.avail_in;
      left -= in - stream.avail_in;
      made += out - stream.avail_out;
      if (made > entry.size) corrupt(std::to_string(entry.size) + " bytes of " + which, "more");
      if (status == Z_BUF_ERROR && left == 0) break;
      if (status == Z_BUF_ERROR) status = Z_OK;
    }
    if (status != Z_STREAM_END || made != entry.size) corrupt("intact data of " + which, "data that are cut short or corrupt");
    bytes = {memory.get(), made, memory};
  }
  if (check) {
    uLong sum = crc32(0, nullptr, 0);
    for (size_t at = 0; at < bytes.size;) {
      const uInt n = uInt(std::min<size_t>(bytes.size - at, 1 << 30));
      sum = crc32(sum, reinterpret_cast<const Bytef*>(bytes.data + at), n);
      at += n;
    }
    if (uint32_t(sum) != entry.checksum) corrupt("the checksum of " + which, "another");
  }
  return bytes;
}

}  // namespace lazuli::files
