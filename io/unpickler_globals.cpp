#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/io/torch_object_node.h"
#include "lazuli/io/unpickler.h"

// The names that a pickle may use, and what comes of them.
namespace lazuli {

using Kind = TorchObject::Kind;

namespace {

constexpr std::pair<std::string_view, DType> kStorages[] = {{"torch.BoolStorage", kBool},
                                                            {"torch.ByteStorage", kUInt8},
                                                            {"torch.CharStorage", kInt8},
                                                            {"torch.ShortStorage", kInt16},
                                                            {"torch.IntStorage", kInt32},
                                                            {"torch.LongStorage", kInt64},
                                                            {"torch.HalfStorage", kFloat16},
                                                            {"torch.BFloat16Storage", kBFloat16},
                                                            {"torch.FloatStorage", kFloat32},
                                                            {"torch.DoubleStorage", kFloat64},
                                                            {"torch.ComplexFloatStorage", kComplex64},
                                                            {"torch.ComplexDoubleStorage", kComplex128},
                                                            {"torch.storage.UntypedStorage", kUInt8},
                                                            {"torch.UntypedStorage", kUInt8}};
constexpr std::pair<std::string_view, DType> kTypes[] = {
    {"torch.bool", kBool},       {"torch.uint8", kUInt8},     {"torch.int8", kInt8},           {"torch.int16", kInt16},
    {"torch.int32", kInt32},     {"torch.int64", kInt64},     {"torch.float16", kFloat16},     {"torch.bfloat16", kBFloat16},
    {"torch.float32", kFloat32}, {"torch.float64", kFloat64}, {"torch.complex64", kComplex64}, {"torch.complex128", kComplex128}};
constexpr std::string_view kOthers[] = {"collections.OrderedDict",
                                        "torch._utils._rebuild_tensor",
                                        "torch._utils._rebuild_tensor_v2",
                                        "torch._utils._rebuild_tensor_v3",
                                        "torch._utils._rebuild_parameter",
                                        "torch._utils._rebuild_parameter_with_state",
                                        "torch._tensor._rebuild_from_type_v2",
                                        "torch.nn.parameter.Parameter",
                                        "torch.Tensor",
                                        "torch.Size",
                                        "torch.device"};

template <class List>
const DType* dtype_in(const List& list, std::string_view name) {
  for (const auto& [known, dtype] : list)
    if (known == name) return &dtype;
  return nullptr;
}

}  // namespace

TorchObject Unpickler::global(std::string name) const {
  if (!dtype_in(kStorages, name) && !dtype_in(kTypes, name) && std::find(std::begin(kOthers), std::end(kOthers), name) == std::end(kOthers))
    refuse("names that state dicts need", "'" + name.substr(0, 200) + "', which is never called");
  TorchObject made(std::move(name));
  made.node_->integer = 1;
  return made;
}
bool Unpickler::is_global(const TorchObject& object) const { return object.kind() == Kind::String && object.node_->integer == 1; }

TorchObject Unpickler::reduced(const std::string& function, const Items& arguments) {
  const auto expect = [&](bool fits) {
    if (!fits) refuse("the arguments of " + function, std::to_string(arguments.size()) + " others");
  };
  if (function == "collections.OrderedDict") {
    expect(arguments.size() <= 1);
    std::vector<TorchObject::Entry> entries;
    if (!arguments.empty()) {
      expect(arguments[0].kind() == Kind::List);
      for (const TorchObject& pair : arguments[0].node_->items) {
        expect((pair.kind() == Kind::List || pair.kind() == Kind::Tuple) && pair.node_->items.size() == 2);
        expect(pair.node_->items[0].kind() == Kind::String || pair.node_->items[0].kind() == Kind::Int);
        entries.emplace_back(pair.node_->items[0], pair.node_->items[1]);
      }
    }
    return container(TorchObject::dict(std::move(entries)));
  }
  if (function == "torch._utils._rebuild_tensor" || function == "torch._utils._rebuild_tensor_v2") {
    expect(arguments.size() >= 4 && arguments.size() <= 7);
    return rebuilt_tensor(arguments, nullptr);
  }
  if (function == "torch._utils._rebuild_tensor_v3") {
    expect(arguments.size() >= 7 && arguments.size() <= 8 && is_global(arguments[6]));
    const DType* dtype = dtype_in(kTypes, arguments[6].node_->text);
    expect(dtype != nullptr);
    return rebuilt_tensor(arguments, dtype);
  }
  if (function == "torch._utils._rebuild_parameter" || function == "torch._utils._rebuild_parameter_with_state" ||
      function == "torch.nn.parameter.Parameter") {
    expect(!arguments.empty() && arguments[0].kind() == Kind::Tensor);
    return arguments[0];
  }
  if (function == "torch._tensor._rebuild_from_type_v2") {
    expect(arguments.size() == 4 && is_global(arguments[0]) && arguments[2].kind() == Kind::Tuple);
    expect(arguments[0].node_->text.starts_with("torch._utils."));
    return reduced(arguments[0].node_->text, arguments[2].node_->items);
  }
  if (function == "torch.Size") {
    expect(arguments.size() == 1 && arguments[0].kind() == Kind::Tuple);
    return arguments[0];
  }
  if (function == "torch.device") {
    expect(!arguments.empty() && arguments[0].kind() == Kind::String);
    expect(arguments.size() == 1 || (arguments.size() == 2 && arguments[1].kind() == Kind::Int));
    return arguments[0].node_->text + (arguments.size() == 2 ? ":" + std::to_string(arguments[1].to_int()) : "");
  }
  refuse("functions that state dicts need", "'" + function + "', which is never called");
}

// ('storage', its class, its name, the device, the number of elements)
TorchObject Unpickler::persistent(const TorchObject& id) {
  const bool fits = id.kind() == Kind::Tuple && id.node_->items.size() == 5 && id.node_->items[0].kind() == Kind::String &&
                    id.node_->items[0].node_->text == "storage" && is_global(id.node_->items[1]) && id.node_->items[2].kind() == Kind::String &&
                    id.node_->items[4].kind() == Kind::Int;
  if (!fits) refuse("a storage's class, name, device and size", name(id.kind()));
  const Items& parts = id.node_->items;
  const DType* dtype = dtype_in(kStorages, parts[1].node_->text);
  if (!dtype) refuse("the class of a storage", "'" + parts[1].node_->text + "'");
  if (parts[4].to_int() < 0) refuse("a number of elements", std::to_string(parts[4].to_int()));
  return storage_(parts[2].node_->text, *dtype, parts[4].to_int());
}

// (storage, offset, sizes, strides, ...)
TorchObject Unpickler::rebuilt_tensor(const Items& arguments, const DType* dtype) {
  if (arguments[0].kind() != Kind::Tensor || arguments[1].kind() != Kind::Int || arguments[2].kind() != Kind::Tuple ||
      arguments[3].kind() != Kind::Tuple)
    refuse("a tensor's storage, offset, sizes and strides", name(arguments[0].kind()));
  Tensor storage = arguments[0].node_->tensor;
  if (storage.dim() != 1 || !storage.is_contiguous()) refuse("a storage", "a tensor of " + std::to_string(storage.dim()) + " dimensions");
  if (dtype && storage.dtype() != *dtype) {
    if (storage.dtype() != kUInt8 || *dtype == kBool || storage.numel() % item_size(*dtype))
      refuse("a storage of whole elements of " + std::string(lazuli::name(*dtype)), std::to_string(storage.numel()) + " bytes");
    storage = storage.view(*dtype);
  }
  const auto numbers = [&](const TorchObject& tuple) {
    if (tuple.node_->items.size() > 64) refuse("at most 64 dimensions", std::to_string(tuple.node_->items.size()));
    Shape shape;
    for (const TorchObject& o : tuple.node_->items) {
      if (o.kind() != Kind::Int || o.to_int() < 0) refuse("sizes and strides of at least 0", name(o.kind()));
      shape.push_back(o.to_int());
    }
    return shape;
  };
  const Shape sizes = numbers(arguments[2]), strides = numbers(arguments[3]);
  const int64_t offset = arguments[1].to_int();
  if (strides.size() != sizes.size()) refuse("as many strides as sizes", std::to_string(strides.size()));
  if (offset < 0 || offset > storage.numel()) refuse("an offset within its storage", std::to_string(offset));
  int64_t last = offset, elements = item_size(storage.dtype());
  bool empty = false, fits = true;
  for (int64_t d = 0; d < sizes.size(); ++d) {
    int64_t way = 0;
    empty |= sizes[d] == 0;
    fits &= !__builtin_mul_overflow(elements, std::max<int64_t>(sizes[d], 1), &elements);
    fits &= !__builtin_mul_overflow(std::max<int64_t>(sizes[d] - 1, 0), strides[d], &way) && !__builtin_add_overflow(last, way, &last);
  }
  if (!fits || (!empty && last >= storage.numel()))
    refuse("a tensor within the " + std::to_string(storage.numel()) + " elements of its storage",
           "sizes " + to_string(sizes) + ", strides " + to_string(strides) + " from " + std::to_string(offset));
  return storage.as_strided(sizes, strides, offset);
}

}  // namespace lazuli
