#include <zlib.h>

#include <algorithm>
#include <memory>

#include "lazuli/core/error.h"
#include "lazuli/io/zip.h"

namespace lazuli::files {
namespace {

constexpr uint64_t kLocalSize = 30, kAlignment = 64, kIn64 = 0xffffffff;

/// A record, number by number.
struct Record {
  std::string bytes;
  Record& add(uint64_t value, int width) {
    for (int i = 0; i < width; ++i) bytes += char(value >> (8 * i));
    return *this;
  }
};

struct Written {
  uint32_t checksum = 0;
  uint64_t size = 0, stored = 0, begin = 0;
  std::string deflated;
  bool wide() const { return size >= kIn64 || stored >= kIn64; }
};

// The checksum, and where asked for the deflated bytes.
Written measure(const char* op, const ZipPart& entry, bool compressed) {
  Written w;
  z_stream stream{};
  if (compressed && deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    fail(ErrorKind::State, op, "path", "memory to deflate", "none");
  std::unique_ptr<z_stream, void (*)(z_stream*)> close(compressed ? &stream : nullptr, [](z_stream* s) { deflateEnd(s); });
  const auto feed = [&](const char* data, size_t n, int flush) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data));
    stream.avail_in = uInt(n);
    do {
      constexpr size_t kPiece = 1 << 16;
      const size_t at = w.deflated.size();
      w.deflated.resize(at + kPiece);
      stream.next_out = reinterpret_cast<Bytef*>(w.deflated.data() + at);
      stream.avail_out = uInt(kPiece);
      deflate(&stream, flush);
      w.deflated.resize(at + kPiece - stream.avail_out);
    } while (stream.avail_out == 0);
  };
  uLong sum = crc32(0, nullptr, 0);
  for (std::span<const char> part : entry.data) {
    w.size += part.size();
    while (!part.empty()) {
      const size_t n = std::min<size_t>(part.size(), 1 << 30);
      sum = crc32(sum, reinterpret_cast<const Bytef*>(part.data()), uInt(n));
      if (compressed) feed(part.data(), n, Z_NO_FLUSH);
      part = part.subspan(n);
    }
  }
  if (compressed) feed(nullptr, 0, Z_FINISH);
  w.checksum = uint32_t(sum);
  w.stored = compressed ? w.deflated.size() : w.size;
  return w;
}

// What both headers of an entry have in common, from the version that is needed to the length of the name.
void add_common(Record& to, const ZipPart& entry, const Written& w, bool compressed, bool in64) {
  to.add(in64 ? 45 : 20, 2).add(0x0800 /*names are UTF-8*/, 2).add(compressed ? 8 : 0, 2).add(0, 2).add(0x21 /*1980-01-01*/, 2).add(w.checksum, 4);
  to.add(in64 ? kIn64 : w.stored, 4).add(in64 ? kIn64 : w.size, 4).add(entry.name.size(), 2);
}

}  // namespace

void write_zip(const char* op, const std::string& path, const std::vector<ZipPart>& entries, bool compressed) {
  std::vector<Written> written;
  std::vector<std::string> headers;
  std::string directory;
  uint64_t at = 0;
  for (const ZipPart& entry : entries) {
    if (entry.name.size() > 0xffff) fail(op, "names", "names of at most 65535 bytes", std::to_string(entry.name.size()));
    Written& w = written.emplace_back(measure(op, entry, compressed));
    w.begin = at;
    Record extra;
    if (w.wide()) extra.add(1, 2).add(16, 2).add(w.size, 8).add(w.stored, 8);
    if (!compressed) {  // a field that nobody reads moves the data to their place
      const uint64_t before = at + kLocalSize + entry.name.size() + extra.bytes.size() + 4;
      const uint64_t padding = (kAlignment - before % kAlignment) % kAlignment;
      extra.add(0x4246, 2).add(padding, 2).bytes.append(padding, 'Z');
    }
    Record local;
    local.add(0x04034b50, 4);
    add_common(local, entry, w, compressed, w.wide());
    local.add(extra.bytes.size(), 2).bytes += entry.name + extra.bytes;
    headers.push_back(local.bytes);
    at += local.bytes.size() + w.stored;

    const bool far = w.wide() || w.begin >= kIn64;
    Record place, central;
    if (far) place.add(1, 2).add(24, 2).add(w.size, 8).add(w.stored, 8).add(w.begin, 8);
    central.add(0x02014b50, 4).add(45, 2);
    add_common(central, entry, w, compressed, far);
    central.add(place.bytes.size(), 2).add(0, 2).add(0, 2).add(0, 2).add(0, 4).add(far ? kIn64 : w.begin, 4);
    directory += central.bytes + entry.name + place.bytes;
  }
  Record end;
  const uint64_t count = entries.size();
  const bool in64 = count >= 0xffff || directory.size() >= kIn64 || at >= kIn64;
  if (in64) {
    end.add(0x06064b50, 4).add(44, 8).add(45, 2).add(45, 2).add(0, 4).add(0, 4).add(count, 8).add(count, 8).add(directory.size(), 8).add(at, 8);
    end.add(0x07064b50, 4).add(0, 4).add(at + directory.size(), 8).add(1, 4);
  }
  end.add(0x06054b50, 4).add(0, 2).add(0, 2).add(in64 ? 0xffff : count, 2).add(in64 ? 0xffff : count, 2);
  end.add(in64 ? kIn64 : directory.size(), 4).add(in64 ? kIn64 : at, 4).add(0, 2);

  std::vector<std::span<const char>> parts;
  for (size_t k = 0; k < entries.size(); ++k) {
    parts.emplace_back(headers[k]);
    if (compressed) parts.emplace_back(written[k].deflated);
    else parts.insert(parts.end(), entries[k].data.begin(), entries[k].data.end());
  }
  parts.emplace_back(directory);
  parts.emplace_back(end.bytes);
  write_file(op, path, parts);
}

}  // namespace lazuli::files
