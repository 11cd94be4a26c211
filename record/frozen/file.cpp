// The file, all numbers little-endian:
//   8 bytes "\x89LZL\r\n\x1a\n", the version (4 bytes), the bytes of the list (8), the list, zeros up to a multiple of 64, the constants, each at a multiple of 64.
// The list: buffers, names of slots, inputs, outputs, calls. Slots and codes are known by their names, so that neither a new slot nor a new code makes another version.
#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "lazuli/core/error.h"
#include "lazuli/core/file.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/record/frozen/contracts.h"
#include "lazuli/record/frozen/frozen.h"

namespace lazuli {
namespace {

using namespace recording;
using Kind = SlotArgument::Kind;
static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kMagic("\x89LZL\r\n\x1a\n", 8);
constexpr uint32_t kVersion = 1;
constexpr size_t kHead = 20, kAlignment = 64;
constexpr uint64_t kMostBytes = uint64_t(1) << 48;  // of a buffer
constexpr uint32_t kNone = ~uint32_t(0);
constexpr uint8_t kMany = 255;  // in place of a number of sizes: that follows, in 4 bytes

constexpr size_t aligned(size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

// What a buffer is in a file.
enum class Place : uint8_t { Input, Constant, Output, Temporary };

/// How many codes an argument's type has; 0 for one that files do not have.
int codes_of(const std::type_info& type) {
  if (type == typeid(UnaryOp)) return int(UnaryOp::Count_);
  if (type == typeid(BinaryOp)) return int(BinaryOp::Count_);
  if (type == typeid(TernaryOp)) return int(TernaryOp::Count_);
  if (type == typeid(ReduceOp)) return int(ReduceOp::Count_);
  if (type == typeid(ArgReduceOp)) return int(ArgReduceOp::Argmin) + 1;
  if (type == typeid(ScanOp)) return int(ScanOp::Min) + 1;
  if (type == typeid(ScatterOp)) return int(ScatterOp::Amin) + 1;
  return 0;
}

// ---- writing ----

class Writer {
 public:
  std::string bytes;
  template <class T>
  requires std::is_arithmetic_v<T>
  void number(T value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof(value)); }
  void text(std::string_view t) {
    number(uint32_t(t.size()));
    bytes += t;
  }
  void shape(const Shape& s) {
    number(uint8_t(s.size()));
    for (int64_t v : s) number(v);
  }
  /// An argument, which may have as many as a packed sequence has steps.
  void sizes(const Shape& s) {
    if (s.size() <= kMaxDims) return shape(s);
    number(kMany);
    number(uint32_t(s.size()));
    for (int64_t v : s) number(v);
  }
  void scalar(const Scalar& s) {
    number(uint8_t(s.kind()));
    if (s.is_integral()) return number(s.to<int64_t>());
    const complex128 value = s.to<complex128>();
    number(value.real());
    if (s.is_complex()) number(value.imag());
  }
};

void write_view(Writer& w, const BufferView& v) {
  if (!v.defined()) return w.number(kNone);
  w.number(uint32_t(v.buffer));
  w.number(uint8_t(v.dtype));
  w.shape(v.sizes);
  for (int64_t s : v.strides) w.number(s);
  w.number(v.offset);
}

void write_argument(Writer& w, const ListedCall& call, const CallArgument& a) {
  const auto refuse = [&] { fail(ErrorKind::NotSupported, "Frozen.save", "", "arguments that files have", "those of " + name_of(call)); };
  if (a.kind == Kind::Inputs) w.number(uint32_t(a.views.size()));
  for (const BufferView& v : a.views) write_view(w, v);
  switch (a.kind) {
    case Kind::Sizes: return w.sizes(*a.as<Shape>());
    case Kind::Integer: return w.number(*a.as<int64_t>());
    case Kind::Real: return w.number(*a.as<double>());
    case Kind::Flag: return w.number(uint8_t(*a.as<bool>()));
    case Kind::Number: return w.scalar(*a.as<Scalar>());
    case Kind::Code:
      if (!codes_of(*a.type->type)) refuse();
      return w.text(a.type->view(a.value.get()).code_name());
    case Kind::Options:
      if (const Params* p = a.as<Params>()) return w.number(p->p0), w.number(p->p1);
      refuse();
      break;
    default: return;
  }
}

// ---- reading ----

/// The list in the file, read from its begin to its end. Every number is looked at before it is used.
class Reader {
 public:
  Reader(const std::string& path, const char* begin, size_t bytes) : path_(path), at_(begin), end_(begin + bytes) {}
  [[noreturn]] void corrupt(const std::string& expected, const std::string& got) const {
    fail(ErrorKind::File, "load_frozen", "path", expected + " in '" + path_ + "'", got);
  }
  template <class T>
  requires std::is_arithmetic_v<T> T number(const char* what) {
    T value;
    std::memcpy(&value, take(sizeof(T), what), sizeof(T));
    return value;
  }
  /// A number of things that take at least `least` bytes each.
  uint32_t count(const char* what, size_t least) {
    const uint32_t n = number<uint32_t>(what);
    if (n > left() / least) corrupt(std::string("as many ") + what + " as the list has room for", std::to_string(n));
    return n;
  }
  std::string_view text(const char* what) {
    const uint32_t n = count(what, 1);
    return {take(n, what), n};
  }
  Shape shape(const char* what) {
    const uint8_t rank = number<uint8_t>(what);
    if (rank > kMaxDims) corrupt("at most 64 dimensions", std::to_string(rank));
    Shape s = Shape::filled(rank, 0);
    for (int64_t& v : s) v = number<int64_t>(what);
    return s;
  }
  Shape sizes() {
    if (left() == 0 || uint8_t(*at_) != kMany) return shape("sizes");
    take(1, "sizes");
    Shape s = Shape::filled(count("sizes", sizeof(int64_t)), 0);
    for (int64_t& v : s) v = number<int64_t>("sizes");
    return s;
  }
  Scalar scalar() {
    const uint8_t kind = number<uint8_t>("a number's kind");
    switch (kind) {
      case uint8_t(Scalar::Kind::Bool): return Scalar(number<int64_t>("a number") != 0);
      case uint8_t(Scalar::Kind::Int): return Scalar(number<int64_t>("a number"));
      case uint8_t(Scalar::Kind::Float): return Scalar(number<double>("a number"));
      case uint8_t(Scalar::Kind::Complex): {
        const double re = number<double>("a number");
        return Scalar(complex128(re, number<double>("a number")));
      }
      default: corrupt("a kind of number", std::to_string(kind));
    }
  }
  size_t left() const { return size_t(end_ - at_); }

 private:
  const char* take(size_t bytes, const char* what) {
    if (bytes > left()) corrupt(std::string(what) + " within the list", "its end");
    return std::exchange(at_, at_ + bytes);
  }
  const std::string& path_;
  const char *at_, *end_;
};

class ListReader {
 public:
  explicit ListReader(const files::File& file)
      : path_(file.path()), file_(file), text_(files::read_bytes(file, kHead, list_bytes())), reader_(path_, text_.data, text_.size) {}

  StepList read() {
    read_buffers();
    read_slots();
    for (uint32_t n = reader_.count("inputs", 4); n > 0; --n) list_.inputs.push_back(read_view("an input"));
    for (uint32_t n = reader_.count("outputs", 4); n > 0; --n) list_.outputs.push_back(read_view("an output"));
    for (uint32_t n = reader_.count("calls", 4); n > 0; --n) read_call();
    if (reader_.left()) reader_.corrupt("nothing behind the calls", std::to_string(reader_.left()) + " bytes");
    check_inputs();
    for (const BufferView& v : list_.outputs) {
      if (!v.defined() || list_.buffers[size_t(v.buffer)].role != BufferRole::Output)
        reader_.corrupt("outputs with memory of their own", "another one");
      read_by(v, "an output");
    }
    return std::move(list_);
  }

 private:
  // Before anything else: the head.
  size_t list_bytes() const {
    char start[kHead] = {};
    file_.read(0, std::span(start).first(std::min(kHead, file_.size())));
    Reader head(path_, start + kMagic.size(), kHead - kMagic.size());
    if (file_.size() < kHead || std::string_view(start, kMagic.size()) != kMagic) head.corrupt("a frozen list", "another kind of file");
    const auto version = head.number<uint32_t>("the version");
    const auto bytes = head.number<uint64_t>("the list's bytes");
    if (version != kVersion) head.corrupt("version " + std::to_string(kVersion), std::to_string(version));
    if (bytes > file_.size() - kHead) head.corrupt("a list within the file's " + std::to_string(file_.size()) + " bytes", std::to_string(bytes));
    return size_t(bytes);
  }

  void read_buffers() {
    const size_t data = aligned(kHead + text_.size);
    uint64_t constants = 0;  // bytes of them so far: none lies in another
    for (uint32_t n = reader_.count("buffers", 9); n > 0; --n) {
      const uint8_t place = reader_.number<uint8_t>("a buffer's role");
      const uint64_t bytes = reader_.number<uint64_t>("a buffer's bytes");
      if (place > uint8_t(Place::Temporary)) reader_.corrupt("a role of a buffer", std::to_string(place));
      if (bytes > kMostBytes) reader_.corrupt("a buffer that fits memory", std::to_string(bytes) + " bytes");
      constexpr BufferRole roles[] = {BufferRole::Input, BufferRole::Constant, BufferRole::Output, BufferRole::Temporary};
      const int32_t b = list_.add_buffer(roles[place], int64_t(bytes), kCPU);
      if (place == uint8_t(Place::Constant)) {
        const uint64_t offset = reader_.number<uint64_t>("a constant's place");
        if (data > file_.size() || offset % kAlignment || offset > file_.size() - data || bytes > file_.size() - data - offset)
          reader_.corrupt("constants within the file's " + std::to_string(file_.size()) + " bytes",
                          "one of " + std::to_string(bytes) + " bytes at " + std::to_string(offset));
        constants += bytes;
        if (constants > file_.size() - data)
          reader_.corrupt("constants of at most " + std::to_string(file_.size() - data) + " bytes", std::to_string(constants) + " bytes");
        Ref<Storage>& storage = list_.buffers[size_t(b)].storage = Storage::allocate(int64_t(bytes), kCPU);
        file_.read(data + offset, {storage->data(), bytes});
      }
    }
    bools_.resize(list_.buffers.size());
    others_.resize(list_.buffers.size());
    written_.resize(list_.buffers.size());
  }

  void read_slots() {
    for (uint32_t n = reader_.count("slots", 4); n > 0; --n) {
      const std::string_view name = reader_.text("a slot's name");
      const SlotType* type = slot_type(name);
      if (!type || !has_contract(*type->slot)) reader_.corrupt("slots that files have", "'" + std::string(name.substr(0, 40)) + "'");
      if (reader_.number<uint32_t>("a slot's arguments") != type->arguments.size())
        reader_.corrupt("the arguments of " + std::string(name), "those of another version");
      slots_.push_back(type);
    }
  }

  BufferView read_view(const char* what) {
    BufferView v;
    const uint32_t buffer = reader_.number<uint32_t>(what);
    if (buffer == kNone) return v;
    if (buffer >= list_.buffers.size()) reader_.corrupt("a buffer that is there", std::to_string(buffer));
    v.buffer = int32_t(buffer);
    const uint8_t dtype = reader_.number<uint8_t>(what);
    if (dtype > uint8_t(DType::Complex128)) reader_.corrupt("a dtype", std::to_string(dtype));
    v.dtype = DType(dtype);
    v.sizes = v.strides = reader_.shape(what);
    for (int64_t& s : v.strides) s = reader_.number<int64_t>(what);
    v.offset = reader_.number<int64_t>(what);
    look_at(v, what);
    return v;
  }

  // It lies in its buffer, and bools are 0 or 1 whoever wrote them.
  void look_at(const BufferView& v, const char* what) {
    const Buffer& buffer = list_.buffers[size_t(v.buffer)];
    unsigned __int128 numel = 1, last = 0;
    for (int64_t d = 0; d < v.sizes.size(); ++d) {
      if (v.sizes[d] < 1 || v.strides[d] < 0)
        reader_.corrupt(std::string(what) + " of sizes from 1 on and strides from 0 on", to_string(v.sizes) + " " + to_string(v.strides));
      numel *= uint64_t(v.sizes[d]);
      last += static_cast<unsigned __int128>(uint64_t(v.sizes[d] - 1)) * uint64_t(v.strides[d]);
      if (numel > kMostBytes || last > kMostBytes) reader_.corrupt(std::string(what) + " that fits memory", to_string(v.sizes));
    }
    const uint64_t item = uint64_t(item_size(v.dtype));
    if (v.offset < 0 || uint64_t(v.offset) > kMostBytes || (uint64_t(last) + uint64_t(v.offset) + 1) * item > uint64_t(buffer.bytes))
      reader_.corrupt(std::string(what) + " within its " + std::to_string(buffer.bytes) + " bytes",
                      v.defined() ? to_string(v.sizes) + " at " + std::to_string(v.offset) : "");
    (v.dtype == kBool ? bools_ : others_)[size_t(v.buffer)] = true;
    if (bools_[size_t(v.buffer)] && others_[size_t(v.buffer)]) reader_.corrupt("bools for themselves", "numbers read as bools");
    if (v.dtype == kBool && buffer.role == BufferRole::Constant) {
      const char* bytes = buffer.storage->data() + v.offset;
      if (std::any_of(bytes, bytes + uint64_t(last) + 1, [](char c) { return c & ~1; })) reader_.corrupt("only 0 and 1 as bools", "other bytes");
    }
  }

  void read_by(const BufferView& v, const std::string& what) const {
    const BufferRole role = list_.buffers[size_t(v.buffer)].role;
    if (role != BufferRole::Input && role != BufferRole::Constant && !written_[size_t(v.buffer)])
      reader_.corrupt("calls that read what was written", what + " that reads buffer " + std::to_string(v.buffer));
  }
  void written_by(const BufferView& v, const std::string& what) {
    const BufferRole role = list_.buffers[size_t(v.buffer)].role;
    bool apart = role == BufferRole::Temporary || role == BufferRole::Output;
    for (int64_t d = 0; d < v.sizes.size(); ++d) apart &= v.strides[d] > 0 || v.sizes[d] == 1;
    if (!apart) reader_.corrupt("calls that write each element of their own memory once", what);
    written_[size_t(v.buffer)] = true;
  }

  void read_call() {
    const uint32_t index = reader_.number<uint32_t>("a call's slot");
    if (index >= slots_.size()) reader_.corrupt("a slot of the file's list", std::to_string(index));
    const SlotType& slot = *slots_[index];
    std::vector<CallArgument> arguments;
    for (const ArgumentType& type : slot.arguments) arguments.push_back(read_argument(type));
    list_.calls.push_back(ListedCall::of(slot, kCPU, std::move(arguments)));
    const ListedCall& call = list_.calls.back();
    const std::string where = "call " + std::to_string(list_.calls.size() - 1) + " of '" + path_ + "'";
    check_contract(call, where);
    for (size_t i = 0; i < call.arguments.size(); ++i)
      for (const BufferView& v : call.arguments[i].views)
        if (v.defined() && (call.arguments[i].kind != Kind::Output || reads_output(call, i))) read_by(v, where);
    for (size_t i = 0; i < call.arguments.size(); ++i)
      if (call.arguments[i].kind == Kind::Output && !only_reads_output(call, i))
        if (const BufferView& v = call.arguments[i].views[0]; v.defined()) written_by(v, where);
  }

  CallArgument read_argument(const ArgumentType& type) {
    CallArgument a;
    a.kind = type.kind;
    a.type = type.value;
    const auto own = [&](const auto& value) {
      if (*type.value->type != typeid(value)) reader_.corrupt("values of the slot's types", "another one");
      a.value = type.value->copy(&value);
    };
    switch (type.kind) {
      case Kind::Output:
      case Kind::Input: a.views.push_back(read_view("a tensor")); break;
      case Kind::Inputs:
        for (uint32_t n = reader_.count("tensors", 4); n > 0; --n) a.views.push_back(read_view("a tensor"));
        break;
      case Kind::Sizes: own(reader_.sizes()); break;
      case Kind::Integer: own(reader_.number<int64_t>("an integer")); break;
      case Kind::Real: own(reader_.number<double>("a number")); break;
      case Kind::Flag: own(reader_.number<uint8_t>("a flag") != 0); break;
      case Kind::Number: own(reader_.scalar()); break;
      case Kind::Code: {
        const std::string_view name = reader_.text("a code");
        const int codes = codes_of(*type.value->type);
        for (uint8_t code = 0; code < codes && !a.value; ++code)  // all of them are of one byte
          if (type.value->view(&code).code_name() == name) a.value = type.value->copy(&code);
        if (!a.value) reader_.corrupt("an operator's code", "'" + std::string(name.substr(0, 40)) + "'");
        break;
      }
      case Kind::Options: {
        Params p;
        p.p0 = reader_.number<double>("a parameter"), p.p1 = reader_.number<double>("a parameter");
        own(p);
        break;
      }
    }
    return a;
  }

  void check_inputs() {
    std::vector<bool> seen(list_.buffers.size());
    for (size_t i = 0; i < list_.inputs.size(); ++i) {
      const BufferView& v = list_.inputs[i];
      if (!v.defined() || list_.buffers[size_t(v.buffer)].role != BufferRole::Input || seen[size_t(v.buffer)] || v.offset != 0)
        reader_.corrupt("a buffer of its own for input " + std::to_string(i), "another one");
      int64_t elements = 1;  // nothing is read beyond what the caller gives
      for (int64_t d = 0; d < v.sizes.size(); ++d) elements += (v.sizes[d] - 1) * v.strides[d];
      if (list_.buffers[size_t(v.buffer)].bytes != elements * item_size(v.dtype))
        reader_.corrupt(std::to_string(elements * item_size(v.dtype)) + " bytes for input " + std::to_string(i),
                        std::to_string(list_.buffers[size_t(v.buffer)].bytes));
      seen[size_t(v.buffer)] = true;
      list_.buffers[size_t(v.buffer)].input = int32_t(i);
    }
    for (size_t b = 0; b < list_.buffers.size(); ++b)
      if (list_.buffers[b].role == BufferRole::Input && !seen[b])
        reader_.corrupt("an input for each buffer of one", "none for buffer " + std::to_string(b));
  }

  const std::string& path_;
  const files::File& file_;
  files::FileBytes text_;
  Reader reader_;
  StepList list_;
  std::vector<const SlotType*> slots_;
  std::vector<bool> bools_, others_, written_;
};

}  // namespace

void Frozen::save(const std::string& path) const {
  const StepList& l = list();
  Writer w;
  std::vector<std::span<const char>> parts(2);
  const std::string zeros(kAlignment, '\0');
  uint64_t place = 0;
  w.number(uint32_t(l.buffers.size()));
  for (const Buffer& b : l.buffers) {
    const bool constant = b.role == BufferRole::Constant || b.role == BufferRole::Captured;
    w.number(uint8_t(b.role == BufferRole::Input    ? Place::Input
                     : constant                     ? Place::Constant
                     : b.role == BufferRole::Output ? Place::Output
                                                    : Place::Temporary));
    w.number(uint64_t(b.bytes));
    if (!constant) continue;
    w.number(place);
    parts.emplace_back(b.storage->data(), size_t(b.bytes));
    parts.emplace_back(zeros.data(), aligned(size_t(b.bytes)) - size_t(b.bytes));
    place += aligned(size_t(b.bytes));
  }
  std::vector<const KernelBase*> slots;
  std::vector<uint32_t> slot_of;
  for (const ListedCall& call : l.calls) {
    if (!has_contract(*call.slot)) fail(ErrorKind::NotSupported, "Frozen.save", "", "calls of slots that files have", name_of(call));
    const auto found = std::find(slots.begin(), slots.end(), call.slot);
    slot_of.push_back(uint32_t(found - slots.begin()));
    if (found == slots.end()) slots.push_back(call.slot);
  }
  w.number(uint32_t(slots.size()));
  for (const KernelBase* slot : slots) {
    w.text(slot->name);
    w.number(uint32_t(slot_type(*slot)->arguments.size()));
  }
  for (const auto* views : {&l.inputs, &l.outputs}) {
    w.number(uint32_t(views->size()));
    for (const BufferView& v : *views) write_view(w, v);
  }
  w.number(uint32_t(l.calls.size()));
  for (size_t i = 0; i < l.calls.size(); ++i) {
    w.number(slot_of[i]);
    for (const CallArgument& a : l.calls[i].arguments) write_argument(w, l.calls[i], a);
  }
  Writer head;
  head.bytes = kMagic;
  head.number(kVersion);
  head.number(uint64_t(w.bytes.size()));
  w.bytes.insert(0, head.bytes);
  parts[0] = w.bytes;
  parts[1] = std::span<const char>(zeros).first(aligned(w.bytes.size()) - w.bytes.size());
  files::write_file("Frozen.save", path, parts);
}

Frozen load_frozen(const std::string& path) {
  const files::File file("load_frozen", path);
  return Frozen(ListReader(file).read());
}

}  // namespace lazuli
