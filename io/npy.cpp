#include "lazuli/io/npy.h"

#include <algorithm>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"
#include "lazuli/io/npy_format.h"

// The format: "\x93NUMPY", version (2 bytes), the header's length (2 bytes, from version 2 on 4), a Python dict {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } as text, the elements.
namespace lazuli {
namespace npy {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::pair<DType, const char*> kNames[] = {{kBool, "b1"},    {kUInt8, "u1"},     {kInt8, "i1"},       {kInt16, "i2"},
                                                    {kInt32, "i4"},   {kInt64, "i8"},     {kFloat16, "f2"},    {kFloat32, "f4"},
                                                    {kFloat64, "f8"}, {kComplex64, "c8"}, {kComplex128, "c16"}};

/// Reads the header's text, which is a Python dict of three known keys and nothing else.
class Header {
 public:
  Header(const char* op, const std::string& where, std::string_view text) : op_(op), where_(where), text_(text) { read(); }
  std::string descr;
  bool fortran_order = false;
  Shape shape;

 private:
  [[noreturn]] void corrupt(const std::string& expected) const {
    fail(ErrorKind::File, op_, "path", expected + " in the header of " + where_,
         at_ < text_.size() ? "'" + std::string(text_.substr(at_, 20)) + "'" : "its end");
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool take(std::string_view word) {
    skip();
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!take(word)) corrupt("'" + std::string(word) + "'");
  }
  std::string quoted() {
    skip();
    if (at_ >= text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) corrupt("a text (arrays of records are not read)");
    const size_t end = text_.find(text_[at_], at_ + 1);
    if (end == text_.npos) corrupt("a text that ends");
    std::string inside(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return inside;
  }
  int64_t size() {
    skip();
    int64_t value = 0;
    const size_t begin = at_;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_)
      if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text_[at_] - '0', &value)) corrupt("a size within 64 bits");
    if (at_ == begin) corrupt("a size");
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // as Python 2 wrote it
    return value;
  }
  void read() {
    bool seen[3] = {};
    expect("{");
    while (!take("}")) {
      const std::string key = quoted();
      expect(":");
      const int which = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : -1;
      if (which < 0 || std::exchange(seen[which], true)) corrupt("descr, fortran_order and shape, once each,");
      if (which == 0) {
        descr = quoted();
      } else if (which == 1) {
        fortran_order = take("True");
        if (!fortran_order) expect("False");
      } else {
        expect("(");
        while (!take(")")) {
          if (shape.size() == 64) corrupt("at most 64 dimensions");
          shape.push_back(size());
          if (!take(",")) {
            expect(")");
            break;
          }
        }
      }
      if (!take(",")) {
        expect("}");
        break;
      }
    }
    skip();
    if (at_ != text_.size()) corrupt("nothing after the dict");
    if (!seen[0] || !seen[1] || !seen[2]) corrupt("descr, fortran_order and shape");
  }

  const char* op_;
  const std::string& where_;
  std::string_view text_;
  size_t at_ = 0;
};

/// What a file says of its elements, and where they begin.
struct Layout {
  DType dtype;
  Shape sizes;
  bool fortran_order, swapped;
  size_t begin;
};

size_t part_size(DType dtype) { return size_t(is_complex(dtype) ? item_size(dtype) / 2 : item_size(dtype)); }

/// Where the header ends, by the first 12 bytes of a file of `size` bytes, or all of a shorter one.
size_t header_end(const char* op, const std::string& where, std::string_view start, size_t size) {
  const auto corrupt = [&](const std::string& expected, const std::string& got) {
    fail(ErrorKind::File, op, "path", expected + " in " + where, got);
  };
  if (size < 10 || !start.starts_with(kMagic)) corrupt("a NumPy array", "other bytes");
  const int version = uint8_t(start[6]);
  if (version < 1 || version > 3) corrupt("version 1, 2 or 3", std::to_string(version));
  const size_t width = version == 1 ? 2 : 4, begin = 8 + width;
  size_t length = 0;
  if (size < begin) corrupt("a whole header", std::to_string(size) + " bytes");
  for (size_t i = 0; i < width; ++i) length |= size_t(uint8_t(start[8 + i])) << (8 * i);
  if (length > size - begin) corrupt("a header within " + std::to_string(size) + " bytes", std::to_string(length) + " bytes");
  return begin + length;
}

/// The same by all bytes up to there.
Layout layout_of(const char* op, const std::string& where, std::string_view head, size_t size) {
  const auto corrupt = [&](const std::string& expected, const std::string& got) {
    fail(ErrorKind::File, op, "path", expected + " in " + where, got);
  };
  const Header header(op, where, head.substr(head[6] == 1 ? 10 : 12));
  std::string_view descr = header.descr;
  const char order = descr.empty() ? '?' : descr[0];
  const DType* dtype = nullptr;
  for (const auto& [known, text] : kNames)
    if (!descr.empty() && descr.substr(1) == text) dtype = &known;
  if (!dtype || (order != '<' && order != '>' && order != '|' && order != '=')) {
    if (header.descr.find('O') != std::string::npos) corrupt("numbers", "Python objects, which are never unpickled");
    corrupt("a dtype that Lazuli has", "'" + header.descr + "'");
  }
  int64_t bytes = item_size(*dtype);
  bool empty = false;
  for (int64_t s : header.shape) {
    empty |= s == 0;
    if (__builtin_mul_overflow(bytes, std::max<int64_t>(s, 1), &bytes)) corrupt("a shape whose bytes fit memory", to_string(header.shape));
  }
  if (empty) bytes = 0;
  if (uint64_t(bytes) != size - head.size())
    corrupt(std::to_string(bytes) + " bytes for the shape " + to_string(header.shape), std::to_string(size - head.size()));
  return {*dtype, header.shape, header.fortran_order, order == '>' && part_size(*dtype) > 1, head.size()};
}

// Elements as they were read become those of this machine.
void finish(const char* op, const std::string& where, const Layout& layout, std::span<char> bytes) {
  if (layout.dtype == kBool && std::any_of(bytes.begin(), bytes.end(), [](char c) { return c & ~1; }))
    fail(ErrorKind::File, op, "path", "only 0 and 1 as bools in " + where, "other bytes");
  const auto part = std::ptrdiff_t(part_size(layout.dtype));
  for (auto at = bytes.begin(); layout.swapped && at != bytes.end(); at += part) std::reverse(at, at + part);
}

std::span<char> bytes_of(const Tensor& t) { return {static_cast<char*>(t.address()), size_t(t.nbytes())}; }

}  // namespace

Tensor read(const char* op, const std::string& where, char* data, size_t size, const std::shared_ptr<void>& owner) {
  const size_t begin = header_end(op, where, {data, size}, size);
  const Layout layout = layout_of(op, where, {data, begin}, size);
  Shape stored = layout.sizes;
  if (layout.fortran_order) std::reverse(stored.begin(), stored.end());
  Tensor t;
  if (size > begin && reinterpret_cast<uintptr_t>(data + begin) % part_size(layout.dtype) == 0) {
    t = from_blob(data + begin, stored, layout.dtype, owner);
  } else {
    t = new_tensor(stored, layout.dtype);
    std::copy(data + begin, data + size, bytes_of(t).begin());
  }
  finish(op, where, layout, bytes_of(t));
  if (!layout.fortran_order) return t;
  Shape strides = Shape::filled(stored.size(), 1);
  for (int64_t d = 1; d < stored.size(); ++d) strides[d] = strides[d - 1] * std::max<int64_t>(layout.sizes[d - 1], 1);
  return t.as_strided(layout.sizes, strides);
}

std::string header(const char* op, const Tensor& tensor) {
  const char* type = nullptr;
  for (const auto& [dtype, text] : kNames)
    if (tensor.dtype() == dtype) type = text;
  if (!type) fail(ErrorKind::Type, op, "tensor", "a dtype that NumPy has", name(tensor.dtype()));
  std::string text = std::string("{'descr': '") + (item_size(tensor.dtype()) == 1 ? '|' : '<') + type + "', 'fortran_order': False, 'shape': (";
  for (int64_t d = 0; d < tensor.dim(); ++d) text += std::to_string(tensor.size(d)) + (d + 1 < tensor.dim() ? ", " : tensor.dim() == 1 ? "," : "");
  text += "), }";
  const size_t before = kMagic.size() + 4;  // the elements begin at a multiple of 64
  text.append(63 - (before + text.size()) % 64, ' ');
  text += '\n';
  std::string whole(kMagic);
  for (int byte : {1, 0, int(text.size() & 255), int(text.size() >> 8)}) whole += char(byte);
  return whole + text;
}

}  // namespace npy

Tensor load_npy(const std::string& path) {
  const files::FileBytes file = files::read_file("load_npy", path);
  return npy::read("load_npy", "'" + path + "'", file.data, file.size, file.owner);
}

struct NpyFile::Contents {
  files::File file;
  npy::Layout layout;
};

NpyFile::NpyFile(const std::string& path) {
  const files::File file("NpyFile", path);
  const std::string where = "'" + path + "'";
  const size_t end = npy::header_end("NpyFile", where, files::read_bytes(file, 0, std::min<size_t>(12, file.size())).text(), file.size());
  const npy::Layout layout = npy::layout_of("NpyFile", where, files::read_bytes(file, 0, end).text(), file.size());
  if (layout.sizes.empty() || layout.fortran_order)
    fail(ErrorKind::NotSupported, "NpyFile", "path", "an array of rows in C order in " + where + " (load_npy reads others)",
         layout.sizes.empty() ? "a number" : "Fortran order");
  contents_ = std::make_shared<Contents>(Contents{file, layout});
}

DType NpyFile::dtype() const { return contents_->layout.dtype; }
const Shape& NpyFile::sizes() const { return contents_->layout.sizes; }

Tensor NpyFile::read(int64_t begin, int64_t end) const {
  const npy::Layout& layout = contents_->layout;
  if (begin < 0 || end < begin || end > layout.sizes[0])
    fail(ErrorKind::Index, "NpyFile.read", "begin", "a range within the " + std::to_string(layout.sizes[0]) + " rows",
         "[" + std::to_string(begin) + ", " + std::to_string(end) + ")");
  Shape sizes = layout.sizes;
  sizes[0] = 1;
  const size_t row = size_t(sizes.numel() * item_size(layout.dtype));
  sizes[0] = end - begin;
  Tensor rows = new_tensor(sizes, layout.dtype);
  contents_->file.read(layout.begin + size_t(begin) * row, npy::bytes_of(rows));
  npy::finish("NpyFile.read", "'" + contents_->file.path() + "'", layout, npy::bytes_of(rows));
  return rows;
}

void save_npy(const Tensor& tensor, const std::string& path) {
  no_grad guard;
  const Tensor t = tensor.to(kCPU).contiguous();
  const std::string header = npy::header("save_npy", t);
  std::vector<std::span<const char>> parts{{header.data(), header.size()}};
  if (t.nbytes()) parts.emplace_back(static_cast<const char*>(t.address()), size_t(t.nbytes()));
  files::write_file("save_npy", path, parts);
}

}  // namespace lazuli
