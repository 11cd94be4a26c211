#include "lazuli/io/gguf.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"
#include "lazuli/core/number.h"

// The file: "GGUF", version, numbers of tensors and of metadata; key, type and value of each; name, sizes (fastest first), type and place of each tensor; padding; the tensors.
namespace lazuli {
namespace {

struct Type {
  uint32_t code;
  const char* name;
  DType dtype;
  int64_t block, bytes;  // elements together, and what they take
};
constexpr Type kTypes[] = {{0, "F32", kFloat32, 1, 4},  {1, "F16", kFloat16, 1, 2},   {2, "Q4_0", kFloat32, 32, 18}, {8, "Q8_0", kFloat32, 32, 34},
                           {24, "I8", kInt8, 1, 1},     {25, "I16", kInt16, 1, 2},    {26, "I32", kInt32, 1, 4},     {27, "I64", kInt64, 1, 8},
                           {28, "F64", kFloat64, 1, 8}, {30, "BF16", kBFloat16, 1, 2}};
constexpr uint64_t kMostDepth = 4;
constexpr size_t kWindow = 1 << 16;   // of the file, read at a time
constexpr int64_t kBlocks = 1 << 15;  // of quantized elements, likewise

// A scale of 16 bits, then 32 numbers of 8 bits or, from -8 on, of 4: the first half in the low bits.
void dequantize(const Type& type, const char* block, float* out) {
  Half scale;
  std::memcpy(&scale, block, 2);
  const float d = float(scale);
  const auto* q = reinterpret_cast<const uint8_t*>(block + 2);
  for (int i = 0; i < 32; ++i) {
    if (type.code == 8) out[i] = d * float(int8_t(q[i]));
    else out[i] = d * float(int(i < 16 ? q[i] & 15 : q[i - 16] >> 4) - 8);
  }
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), file_("load_gguf", path) {}

  StateDict read(TorchObject* metadata) {
    if (file_.size() < 24 || std::string_view(take(4), 4) != "GGUF") corrupt("a GGUF file", "other bytes");
    const auto version = number<uint32_t>();
    if (version < 2 || version > 3) corrupt("version 2 or 3", std::to_string(version));
    const auto tensors = number<uint64_t>(), texts = number<uint64_t>();
    std::vector<TorchObject::Entry> entries;
    uint64_t alignment = 32;
    for (uint64_t k = 0; k < texts; ++k) {
      std::string key = text();
      TorchObject one = value(number<uint32_t>(), 0);
      if (key == "general.alignment") {
        if (one.kind() != TorchObject::Kind::Int || one.to_int() < 1 || one.to_int() > 1 << 20) corrupt("an alignment", "another value");
        alignment = uint64_t(one.to_int());
      }
      entries.emplace_back(std::move(key), std::move(one));
    }
    std::vector<Place> places;
    for (uint64_t t = 0; t < tensors; ++t) places.push_back(place());
    const uint64_t begin = (at_ + alignment - 1) / alignment * alignment;
    std::vector<StateDict::Entry> all;
    uint64_t bytes = 0;
    for (const Place& p : places) bytes += bytes_of(p, begin);
    if (bytes > file_.size()) corrupt("tensors without overlaps", std::to_string(bytes) + " bytes of them");
    for (Place& p : places) all.emplace_back(std::move(p.name), tensor(p, begin));
    StateDict dict(std::move(all));
    if (metadata) *metadata = TorchObject::dict(std::move(entries));
    return dict;
  }

 private:
  struct Place {
    std::string name;
    Shape sizes;
    const Type* type;
    uint64_t offset;
  };

  [[noreturn]] void corrupt(const std::string& expected, const std::string& got) const {
    fail(ErrorKind::File, "load_gguf", "path", expected + " in '" + path_ + "'", got);
  }
  uint64_t left() const { return file_.size() - at_; }
  /// The next bytes, which are there, until the next call.
  const char* take(size_t bytes) {
    if (at_ < window_at_ || at_ + bytes > window_at_ + window_.size()) {
      window_.resize(std::min<uint64_t>(std::max(bytes, kWindow), left()));
      window_at_ = at_;
      file_.read(at_, window_);
    }
    return window_.data() + (std::exchange(at_, at_ + bytes) - window_at_);
  }
  template <class T>
  T number() {
    if (left() < sizeof(T)) corrupt(std::to_string(sizeof(T)) + " more bytes at " + std::to_string(at_), "its end");
    T value;
    std::memcpy(&value, take(sizeof(T)), sizeof(T));
    return value;
  }
  std::string text() {
    const auto size = number<uint64_t>();
    if (size > left()) corrupt("a text within the file at " + std::to_string(at_), std::to_string(size) + " bytes");
    return {take(size), size};
  }
  TorchObject value(uint32_t type, uint64_t depth) {
    switch (type) {
      case 0: return int64_t(number<uint8_t>());
      case 1: return int64_t(number<int8_t>());
      case 2: return int64_t(number<uint16_t>());
      case 3: return int64_t(number<int16_t>());
      case 4: return int64_t(number<uint32_t>());
      case 5: return int64_t(number<int32_t>());
      case 6: return double(number<float>());
      case 7: return number<uint8_t>() != 0;
      case 8: return text();
      case 9: {
        const auto of = number<uint32_t>();
        const auto count = number<uint64_t>();
        if (depth == kMostDepth) corrupt("lists in lists of at most " + std::to_string(kMostDepth) + " levels", "more");
        // An element takes a byte of the file at least, and a list in memory some dozen times that.
        if (count > left()) corrupt("a list within the file at " + std::to_string(at_), std::to_string(count) + " elements");
        TorchObject::Items items;
        for (uint64_t i = 0; i < count; ++i) items.push_back(value(of, depth + 1));
        return TorchObject::list(std::move(items));
      }
      case 10: return int64_t(number<uint64_t>());
      case 11: return number<int64_t>();
      case 12: return number<double>();
      default: corrupt("a type of metadata at " + std::to_string(at_), std::to_string(type));
    }
  }
  Place place() {
    Place p{text(), {}, nullptr, 0};
    const auto rank = number<uint32_t>();
    if (rank > 8) corrupt("at most 8 dimensions of '" + p.name + "'", std::to_string(rank));
    int64_t elements = 1;
    for (uint32_t d = 0; d < rank; ++d) {
      const auto size = number<uint64_t>();
      if (size > uint64_t(INT64_MAX) || __builtin_mul_overflow(elements, int64_t(size ? size : 1), &elements) || elements > (int64_t(1) << 56))
        corrupt("sizes of '" + p.name + "' that fit memory", std::to_string(size));
      p.sizes.insert(0, int64_t(size));
    }
    const auto code = number<uint32_t>();
    for (const Type& type : kTypes)
      if (type.code == code) p.type = &type;
    if (!p.type) {
      if (code > 64) corrupt("a type of '" + p.name + "'", std::to_string(code));
      fail(ErrorKind::NotSupported, "load_gguf", "path", "tensors of F64, F32, F16, BF16, Q8_0, Q4_0 and whole numbers in '" + path_ + "'",
           "type " + std::to_string(code) + " of '" + p.name + "'");
    }
    p.offset = number<uint64_t>();
    return p;
  }
  uint64_t bytes_of(const Place& p, uint64_t begin) const {
    if (p.type->block > 1 && (p.sizes.empty() || p.sizes.back() % p.type->block))
      corrupt("rows of whole blocks of " + std::to_string(p.type->block) + " in '" + p.name + "'", to_string(p.sizes));
    const uint64_t bytes = uint64_t(p.sizes.numel() / p.type->block) * uint64_t(p.type->bytes);
    if (begin > file_.size() || p.offset > file_.size() - begin || bytes > file_.size() - begin - p.offset)
      corrupt(std::to_string(bytes) + " bytes of '" + p.name + "' at " + std::to_string(p.offset), "the end of the file");
    return bytes;
  }
  Tensor tensor(const Place& p, uint64_t begin) const {
    Tensor t = new_tensor(p.sizes, p.type->dtype);
    if (p.type->block == 1) {
      file_.read(begin + p.offset, {static_cast<char*>(t.address()), size_t(t.nbytes())});
      return t;
    }
    auto* out = static_cast<float*>(t.address());
    const int64_t blocks = t.numel() / p.type->block;
    std::vector<char> piece(size_t(std::min(blocks, kBlocks) * p.type->bytes));
    for (int64_t from = 0; from < blocks; from += kBlocks) {
      const int64_t count = std::min(blocks - from, kBlocks);
      file_.read(begin + p.offset + uint64_t(from * p.type->bytes), std::span(piece).first(size_t(count * p.type->bytes)));
      for (int64_t b = 0; b < count; ++b, out += p.type->block) dequantize(*p.type, piece.data() + b * p.type->bytes, out);
    }
    return t;
  }

  const std::string& path_;
  files::File file_;
  uint64_t at_ = 0, window_at_ = 0;
  std::vector<char> window_;  // the file from there on
};

}  // namespace

StateDict load_gguf(const std::string& path, TorchObject* metadata) { return Reader(path).read(metadata); }

}  // namespace lazuli
