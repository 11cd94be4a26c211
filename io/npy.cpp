#include "lazuli/io/npy.h"

#include <algorithm>
#include <cstring>

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

}  // namespace

Tensor read(const char* op, const std::string& where, char* data, size_t size, const std::shared_ptr<void>& owner) {
  const auto corrupt = [&](const std::string& expected, const std::string& got) {
    fail(ErrorKind::File, op, "path", expected + " in " + where, got);
  };
  if (size < 10 || std::string_view(data, kMagic.size()) != kMagic) corrupt("a NumPy array", "other bytes");
  const int version = uint8_t(data[6]);
  if (version < 1 || version > 3) corrupt("version 1, 2 or 3", std::to_string(version));
  const size_t width = version == 1 ? 2 : 4;
  size_t length = 0;
  if (size < 8 + width) corrupt("a whole header", std::to_string(size) + " bytes");
  for (size_t i = 0; i < width; ++i) length |= size_t(uint8_t(data[8 + i])) << (8 * i);
  const size_t begin = 8 + width;
  if (length > size - begin) corrupt("a header within " + std::to_string(size) + " bytes", std::to_string(length) + " bytes");
  const Header header(op, where, std::string_view(data + begin, length));

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
  if (uint64_t(bytes) != size - begin - length)
    corrupt(std::to_string(bytes) + " bytes for the shape " + to_string(header.shape), std::to_string(size - begin - length));
  char* elements = data + begin + length;
  if (*dtype == kBool && std::any_of(elements, elements + bytes, [](char c) { return c & ~1; })) corrupt("only 0 and 1 as bools", "other bytes");

  Shape stored = header.shape;
  if (header.fortran_order) std::reverse(stored.begin(), stored.end());
  const size_t part = size_t(is_complex(*dtype) ? item_size(*dtype) / 2 : item_size(*dtype));
  const bool swapped = order == '>' && part > 1;
  Tensor t;
  if (bytes && !swapped && reinterpret_cast<uintptr_t>(elements) % part == 0) {
    t = from_blob(elements, stored, *dtype, owner);
  } else {
    t = new_tensor(stored, *dtype);
    char* to = static_cast<char*>(t.address());
    if (bytes) std::memcpy(to, elements, size_t(bytes));
    for (int64_t i = 0; swapped && i < bytes; i += int64_t(part)) std::reverse(to + i, to + i + part);
  }
  if (!header.fortran_order) return t;
  Shape strides = Shape::filled(stored.size(), 1);
  for (int64_t d = 1; d < stored.size(); ++d) strides[d] = strides[d - 1] * std::max<int64_t>(header.shape[d - 1], 1);
  return t.as_strided(header.shape, strides);
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

void save_npy(const Tensor& tensor, const std::string& path) {
  no_grad guard;
  const Tensor t = tensor.to(kCPU).contiguous();
  const std::string header = npy::header("save_npy", t);
  std::vector<std::span<const char>> parts{{header.data(), header.size()}};
  if (t.nbytes()) parts.emplace_back(static_cast<const char*>(t.address()), size_t(t.nbytes()));
  files::write_file("save_npy", path, parts);
}

}  // namespace lazuli
