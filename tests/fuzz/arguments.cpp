#include "tests/fuzz/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fuzz {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max(), kLeast = std::numeric_limits<int64_t>::min();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int64_t kLargest = 1 << 20;  // elements of a tensor with data

int64_t numel_or_more(const Shape& sizes) {
  double n = 1;
  for (int64_t s : sizes) n *= double(std::max<int64_t>(1, s));  // a 0 may become another size
  return n < 1e9 ? int64_t(n) : int64_t(1) << 30;
}

bool holds(const std::string& name, std::initializer_list<const char*> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](const char* part) { return name.find(part) != name.npos; });
}

}  // namespace

Arguments::Arguments(Random& random, const Schema& schema) : random_(random), strict_(random.chance(40)) {
  theme_ = random.chance(25) ? Shape::filled(random.between(1, 4), random.between(1, 5)) : small_sizes();
  theme_dtype_ = random.chance(65) ? random.pick({kFloat32, kFloat64}) : kDTypes[random.below(kDTypeCount)].dtype;
  if (random.chance(3)) device_ = kMeta;
  if (!strict_) return;
  // What the names say of the kinds of operators that take few other arguments.
  auto takes = [&](std::initializer_list<const char*> names) {
    return std::any_of(schema.args.begin(), schema.args.end(), [&](const SchemaArg& a) { return holds(a.name, names); });
  };
  if (takes({"mat", "vec"}) || holds(schema.name, {"mm", "dot"})) theme_ = Shape::filled(2, random.between(1, 5));
  if (takes({"batch"}) || holds(schema.name, {"bmm", "cross"})) theme_ = Shape::filled(3, schema.name == "linalg.cross" ? 3 : random.between(1, 5));
  if (takes({"target", "running"})) theme_ = Shape::filled(random.pick({2, 2, 2, 3, 4}), random.between(2, 5));
  counts_ = takes({"padding_idx"});
  if (holds(schema.name, {"bitwise", "shift", "gcd", "lcm", "__", "one_hot", "bincount"})) theme_dtype_ = random.pick({kInt64, kInt32, kUInt8});
  if (holds(schema.name, {"imag", "view_as_real"})) theme_dtype_ = kComplex64;
}

bool Arguments::oddly(int percent) { return !strict_ && random_.chance(percent); }

Shape Arguments::small_sizes() {
  const int64_t rank = random_.chance(93) ? random_.pick({0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5}) : random_.between(6, 12);
  Shape sizes;
  for (int64_t i = 0; i < rank; ++i)
    sizes.push_back(rank > 5 ? random_.between(1, 2) : random_.chance(4) ? 0 : random_.chance(90) ? random_.between(1, 5) : random_.between(6, 70));
  if (rank && random_.chance(2)) sizes[random_.below(rank)] = random_.between(1000, 20000);
  while (numel_or_more(sizes) > (random_.chance(98) ? 1 << 12 : kLargest / 8)) sizes[random_.below(rank)] = 2;
  return sizes;
}

Shape Arguments::related_sizes(const std::string& name) {
  Shape sizes = theme_;
  const int64_t rank = sizes.size();
  if (strict_ && rank > 0 && random_.chance(80)) {
    if (holds(name, {"vec", "target", "offsets"})) return {sizes[0]};
    if (holds(name, {"index"})) return random_.chance(50) ? Shape(sizes[random_.below(rank)]) : sizes;
    if (rank > 1 && holds(name, {"running", "bias", "weight"})) return random_.chance(80) ? Shape(sizes[1]) : sizes;
    if (holds(name, {"src"})) return random_.chance(50) && rank > 1 ? sizes.erase(random_.below(rank)), sizes : sizes;
  }
  switch (strict_ ? 1 + random_.below(32) : random_.below(16)) {
    case 0:
      for (int64_t& s : sizes)
        if (random_.chance(50)) s = 1;
      return sizes;
    case 1:
      if (rank) sizes.erase(0);
      return sizes;
    case 2:
      if (rank) sizes.erase(rank - 1);
      return sizes;
    case 3:
    case 4:
      if (rank > 1) std::swap(sizes[rank - 1], sizes[rank - 2]);
      return sizes;
    case 5:
      if (rank) sizes[random_.below(rank)] = random_.between(0, 6);
      return sizes;
    case 6: sizes.insert(random_.between(0, rank), random_.between(1, 3)); return sizes;
    case 7: return rank ? Shape(sizes[random_.below(rank)]) : Shape();
    case 8: return small_sizes();
    default: return sizes;
  }
}

DType Arguments::dtype() { return !oddly(25) ? theme_dtype_ : kDTypes[random_.below(kDTypeCount)].dtype; }

double Arguments::real() {
  if (random_.chance(50)) return random_.unit() * 4 - 2;
  if (random_.chance(70)) return random_.pick({0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 1e-5, 0.1});
  return random_.pick(
      {kInfinity, -kInfinity, std::nan(""), 1e300, -1e300, 1e13, 1e-300, 5e-324, -0.0, 0x1p31, 0x1p63, -0x1p63, 0x1p64, 65504.0, 3e38, 1e10});
}

int64_t Arguments::integer(const std::string& name) {
  if (oddly(10))
    return random_.pick({int64_t(0x7fffffff), int64_t(0x80000000), int64_t(0x100000000), -int64_t(0x80000000), -int64_t(0x80000001), kMost, kMost - 1,
                         kLeast, kLeast + 1, int64_t(1) << 62, int64_t(10'000'000'000'000), int64_t(1) << 40, int64_t(65536), int64_t(65537),
                         int64_t(1000), int64_t(1) << 24, int64_t(64), int64_t(-1000)});
  if (holds(name, {"dim", "axis"}) && !oddly(10))
    return random_.between(-theme_.size() - oddly(30), std::max<int64_t>(0, theme_.size() - !oddly(30)));
  return strict_ ? random_.between(0, 3) : random_.between(-3, 6);
}

// ---- tensors

Tensor Arguments::filled(const Shape& sizes, DType type, const std::string& name) {
  const int64_t n = sizes.numel();
  const bool indices = (strict_ || holds(name, {"ind", "target", "offset", "repeat", "length", "input"})) && is_integral(type);
  const int kind = strict_ ? int(random_.between(2, 9)) : int(random_.below(10));
  const int64_t bound = theme_.empty() ? 3 : std::max<int64_t>(1, theme_[random_.below(theme_.size())]);
  std::vector<double> values(size_t(std::min<int64_t>(n, 257)));
  for (double& v : values) {
    if (indices) v = double(kind == 0 ? random_.between(-bound - 1, bound) : kind == 1 ? integer(name) : random_.below(bound));
    else if (kind < 6 || !is_differentiable(type)) v = kind == 0 ? real() : random_.unit() * 6 - (kind < 4 ? 3 : 0);
    else if (kind < 7) v = double(random_.between(-2, 5));
    else if (kind < 8) v = real();
    else if (kind < 9) v = 0;
    else v = random_.unit();
  }
  Tensor few = values.empty() ? zeros({0}, kFloat64) : lazuli::tensor(values, kFloat64);
  if (is_integral(type)) few = nan_to_num(few, 0, 1e9, -1e9).clamp(-9e18, 9e18);
  if (is_complex(type)) few = complex(few, few.flip({0}));
  few = few.to(type);
  Tensor all = n == few.numel() ? few : few.repeat({(n + few.numel() - 1) / std::max<int64_t>(1, few.numel())}).slice(0, 0, n);
  return all.reshape(sizes).clone();
}

Tensor Arguments::laid_out(const Shape& sizes, DType type, const std::string& name) {
  const int64_t rank = sizes.size();
  const int layout = int(random_.below(12));
  if (rank && layout < 2) {  // permuted
    Shape order, packed;
    for (int64_t i = 0; i < rank; ++i) order.insert(random_.between(0, i), i);
    packed = sizes;
    for (int64_t i = 0; i < rank; ++i) packed[order[i]] = sizes[i];
    return filled(packed, type, name).permute(order);
  }
  if (rank && layout < 4) {  // every second or third element of a dimension, from the second on
    Shape wide = sizes;
    const int64_t dim = random_.below(rank), step = random_.between(1, 3);
    wide[dim] = wide[dim] * step + 1;
    if (numel_or_more(wide) <= kLargest) return filled(wide, type, name).slice(dim, 1, kMost, step);
  }
  if (rank && layout < 5) {  // one element for a whole dimension
    Shape narrow = sizes;
    const int64_t dim = random_.below(rank);
    if (narrow[dim] > 0) narrow[dim] = 1;
    return filled(narrow, type, name).expand(sizes);
  }
  if (layout < 6) {  // within a longer storage
    const int64_t before = random_.between(1, 5), n = sizes.numel();
    return filled({n + before + 2}, type, name).slice(0, before, before + n).view(sizes);
  }
  if (rank == 1 && sizes[0] > 1 && layout < 7) return filled({sizes[0] + 2}, type, name).unfold(0, 3, 1).select(1, 1);
  return filled(sizes, type, name);
}

Tensor Arguments::special_tensor() {
  switch (random_.below(8)) {
    case 0: return nn::UninitializedParameter();
    case 1: {  // no elements, and dimensions to count through
      Shape sizes;
      for (int64_t size : {int64_t(0), random_.pick({int64_t(1) << 31, int64_t(1) << 40, int64_t(1) << 55}), random_.between(1, 5)})
        sizes.insert(random_.between(0, sizes.size()), size);
      return empty(sizes, {.dtype = dtype()});
    }
    case 2:
      return empty({random_.pick({int64_t(1) << 31, int64_t(1) << 40, int64_t(1) << 55}), random_.between(1, 3)},
                   {.dtype = dtype(), .device = kMeta});
    case 3: return empty(theme_, {.dtype = dtype(), .device = kMeta});
    case 4: return filled(Shape::filled(random_.between(16, 64), 1), dtype(), "");
    case 5: return filled({}, dtype(), "").expand({random_.between(1, 1 << 16), random_.between(1, 16)});
    case 6: return filled({}, dtype(), "");
    default: return filled({random_.between(1000, kLargest / 8)}, dtype(), "");
  }
}

// A tensor of the call once more, or a view of it.
Tensor Arguments::related() {
  Tensor t = random_.pick(tensors_);
  if (!t.defined() || t.body()->uninitialized) return t;
  const int64_t rank = t.dim();
  switch (random_.below(5)) {
    case 0: return rank ? t.slice(random_.below(rank), random_.between(0, 1), kMost, random_.between(1, 2)) : t;
    case 1: return rank > 1 ? t.transpose(-1, -2) : t;
    case 2: return rank && t.size(0) ? t.select(0, 0) : t.unsqueeze(0);
    default: return t;
  }
}

Tensor Arguments::tensor(const std::string& name, bool written) {
  Tensor t;
  if (!tensors_.empty() && random_.chance(10)) t = related();
  else if (oddly(8)) t = special_tensor();
  else {
    DType type = counts_ && name == "input" ? kInt64 : dtype();
    if (holds(name, {"index", "indices", "target", "offset", "repeat", "length", "boundaries"}) && !oddly(30))
      type = random_.chance(80) ? kInt64 : kInt32;
    if (holds(name, {"mask", "condition"}) && !oddly(30)) type = kBool;
    const bool many = holds(name, {"item"}) && numel_or_more(theme_) > 1 << 12;  // each of them stands for a part of the other tensor
    t = laid_out(many ? Shape(3) : related_sizes(name), type, name);
    if (device_.is_meta() || oddly(2)) t = t.to(kMeta);
  }
  if (t.defined() && !t.body()->uninitialized && is_differentiable(t.dtype()) && !t.requires_grad() && random_.chance(45)) {
    if (t.is_leaf() && !t.body()->is_view) t.requires_grad_();
    else t = t.detach().requires_grad_();
    if (random_.chance(written ? 85 : 40)) t = t * 1;
  }
  tensors_.push_back(t);
  return t;
}

Tensor Arguments::gradient(const Tensor& result) {
  switch (random_.below(10)) {
    case 0: return {};
    case 1: return zeros({}, {.dtype = result.dtype(), .device = result.device()}).expand(result.sizes());
    case 2: return random_.chance(30) ? any().kind() == Value::Kind::Tensor ? tensors_.back() : Tensor() : ones_like(result);
    case 3: return full_like(result, random_.chance(50) ? kInfinity : std::nan(""));
    default: return result.device().is_meta() ? ones_like(result) : filled(result.sizes(), result.dtype(), "");
  }
}

// ---- other kinds

Value Arguments::text(const std::string& name) {
  if (oddly(10)) return random_.pick({"", "nonsense", "\xff\xfe", "mean ", "a->", "->", "...", "i", "ij,jk->ikk", "ii->i", "i...->...", "%s%n"});
  if (random_.chance(1)) return std::string(size_t(random_.between(100, 100000)), 'x');
  if (name == "equation") {
    std::string equation;
    for (int64_t operand = random_.between(0, 2); operand >= 0; --operand) {
      for (int64_t i = random_.chance(70) ? theme_.size() : random_.between(0, 4); i > 0; --i) equation += char('i' + random_.below(5));
      if (random_.chance(10)) equation.insert(size_t(random_.between(0, int64_t(equation.size()))), "...");
      if (operand) equation += ',';
    }
    if (random_.chance(70)) {
      equation += "->";
      for (int64_t i = random_.between(0, 3); i > 0; --i) equation += char('i' + random_.below(5));
      if (random_.chance(10)) equation += "...";
    }
    return equation;
  }
  if (name == "reduction") return random_.pick({"none", "mean", "sum", "none", "mean", "sum", "batchmean"});
  if (name == "reduce") return random_.pick({"sum", "prod", "mean", "amax", "amin", "add", "multiply"});
  if (name == "rounding_mode") return random_.pick({"trunc", "floor"});
  if (name == "interpolation") return random_.pick({"linear", "lower", "higher", "midpoint", "nearest"});
  if (name == "indexing") return random_.pick({"ij", "xy"});
  if (name == "side") return random_.pick({"left", "right"});
  if (name == "approximate") return random_.pick({"none", "tanh"});
  if (name == "mode") return random_.pick({"sum", "mean", "max", "constant", "reflect", "replicate", "circular"});
  if (name == "p") return random_.pick({"fro", "nuc"});
  return random_.pick({"none", "mean", "sum", "tanh", "float32", "cpu", "use_mm_for_euclid_dist"});
}

Value Arguments::index_item() {
  auto maybe = [&] { return random_.chance(50) ? Value() : Value(integer("")); };
  switch (random_.below(8)) {
    case 0: return random_.between(-1, 2);
    case 1: return integer("");
    case 2:
    case 3: return Value::slice(maybe(), maybe(), random_.chance(60) ? Value() : Value(integer("")));
    case 4: return Value::ellipsis();
    case 5: return random_.chance(50) ? Value() : Value(random_.chance(50));
    default: return tensor(random_.pick({"index item", "mask item"}));
  }
}

Value Arguments::any(int depth) {
  switch (random_.below(depth > 2 ? 10 : 12)) {
    case 0: return {};
    case 1: return random_.chance(50);
    case 2: return integer("");
    case 3: return real();
    case 4: return complex128(real(), real());
    case 5: return text("");
    case 6: return dtype();
    case 7: return random_.chance(50) ? kCPU : kMeta;
    case 8: return Generator(random_.next());
    case 9: return index_item();
    case 10: {
      Value::List items;
      for (int64_t i = random_.between(0, 4); i > 0; --i) items.push_back(any(depth + 1));
      return items;
    }
    default: return tensor("");
  }
}

Value Arguments::one(const ArgType& type, const std::string& name) {
  using Base = ArgType::Base;
  switch (type.base) {
    case Base::Tensor:
      if (type.or_number && random_.chance(20)) return one({.base = Base::Scalar}, name);
      return tensor(name, type.in_place);
    case Base::Int: return integer(name);
    case Base::Float: return real();
    case Base::Bool: return random_.chance(50);
    case Base::Scalar:
      switch (random_.below(8)) {
        case 0: return random_.chance(50);
        case 1: return complex128(real(), real());
        case 2:
        case 3: return integer("");
        default: return real();
      }
    case Base::String: return text(name);
    case Base::DType: return random_.chance(90) ? Value(dtype()) : Value(random_.pick({"float32", "int", "float99", ""}));
    case Base::Device:
      return random_.chance(80)   ? Value(kCPU)
             : random_.chance(60) ? Value(kMeta)
                                  : Value(random_.pick({"cpu", "meta", "tpu", "", "cpu:1", "cpu:-1", "meta:99999999999"}));
    case Base::Generator: return Generator(random_.next());
    case Base::Any: return index_item();
  }
  return {};
}

Value Arguments::list(const ArgType& type, const std::string& name) {
  using Base = ArgType::Base;
  Value::List items;
  int64_t count = random_.between(0, 4);
  if (type.base == Base::Int) {
    if (holds(name, {"size", "shape"}) && random_.chance(50)) return related_sizes("");
    if (holds(name, {"stride"}) && random_.chance(30)) return contiguous_strides(theme_);
    if (random_.chance(60)) count = type.length ? type.length : theme_.size();
    if (holds(name, {"dim"}) && random_.chance(60)) {  // some dimensions, each once
      Shape dims;
      for (int64_t i = 0; i < theme_.size(); ++i)
        if (random_.chance(70)) dims.insert(random_.between(0, dims.size()), random_.chance(70) ? i : i - theme_.size());
      return dims;
    }
  }
  if (random_.chance(1)) count = random_.between(60, 300);
  for (int64_t i = 0; i < count; ++i)
    items.push_back(type.optional_items && random_.chance(30)      ? Value()
                    : type.base == Base::Int && random_.chance(60) ? Value(random_.between(0, 3))
                                                                   : one(type, name));
  return items;
}

Value Arguments::of(const SchemaArg& argument) {
  if (oddly(3)) return any();
  if (argument.type.optional && random_.chance(20)) return {};
  if (argument.type.list && (argument.type.base == ArgType::Base::Tensor || random_.chance(85))) return list(argument.type, argument.name);
  return one(argument.type, argument.name);
}

// ---- text

std::string text_of(const Value& value) {
  if (value.kind() == Value::Kind::List || value.kind() == Value::Kind::Slice) {
    const Value::List& items = value.kind() == Value::Kind::List ? value.to_list() : value.slice_parts();
    std::string text(value.kind() == Value::Kind::List ? "[" : "slice(");
    for (size_t i = 0; i < items.size() && text.size() < 2000; ++i) text += (i ? ", " : "") + text_of(items[i]);
    return text + (value.kind() == Value::Kind::List ? "]" : ")");
  }
  if (!value.is_tensor()) return describe(value).substr(0, 200);
  const Tensor& t = value.to_tensor();
  if (t.body()->uninitialized) return "UninitializedParameter";
  std::string text = fmt::format("{}{}", name(t.dtype()), to_string(t.sizes()));
  if (!t.is_contiguous()) text += " strides " + to_string(t.strides());
  if (t.storage_offset()) text += fmt::format(" offset {}", t.storage_offset());
  if (!t.is_cpu()) text += " " + to_string(t.device());
  if (t.requires_grad()) text += t.is_leaf() ? " leaf" : " with history";
  if (t.is_cpu() && t.numel() <= 8) {
    text += " {";
    const Tensor flat = t.detach().reshape({-1});
    for (int64_t i = 0; i < flat.numel(); ++i) text += (i ? ", " : "") + to_string(flat.select(0, i).item());
    text += "}";
  }
  return "(" + text + ")";
}

}  // namespace fuzz
