#include "lazuli/core/open/open_calls.h"

#include <algorithm>
#include <cctype>
#include <mutex>
#include <shared_mutex>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/open/user_dtype.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/pointwise_codes.h"
#include "lazuli/core/slots/step_observer.h"

namespace lazuli {
namespace {

struct Kernels {
  std::shared_mutex mutex;
  std::vector<std::pair<uint64_t, std::shared_ptr<const OpenKernel>>> all;  // in the order in which they are asked
  uint64_t last = 0;
  std::atomic<size_t> count{0};
};
Kernels& kernels() {
  static Kernels* k = new Kernels;
  return *k;
}

// The kernels that run on this thread: one that calls its own operator gets the library's.
thread_local std::vector<uint64_t> running;

std::string snake(std::string_view code) {
  std::string text;
  for (char c : code) {
    if (std::isupper(static_cast<unsigned char>(c)) && !text.empty()) text += '_';
    text += char(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

constexpr std::string_view kReduceNames[] = {"sum",    "prod",          "mean",      "amax",        "amin",    "any",     "all",
                                             "nansum", "count_nonzero", "logsumexp", "sum_squares", "sum_abs", "abs_max", "abs_min"};
static_assert(std::size(kReduceNames) == size_t(ReduceOp::Count_));
constexpr std::string_view kScanNames[] = {"cumsum", "cumprod", "logcumsumexp", "cummax", "cummin"};

std::string op_of(const KernelBase& slot, std::span<const SlotArgument> arguments) {
  if (!arguments.empty() && arguments[0].kind() == SlotArgument::Kind::Code) {
    if (auto* op = arguments[0].as<UnaryOp>()) return about(*op).name;
    if (auto* op = arguments[0].as<BinaryOp>()) return about(*op).name;
    if (auto* op = arguments[0].as<TernaryOp>()) return about(*op).name;
    if (auto* op = arguments[0].as<ReduceOp>()) return std::string(kReduceNames[int(*op)]);
    if (auto* op = arguments[0].as<ScanOp>()) return std::string(kScanNames[int(*op)]);
    if (auto* op = arguments[0].as<ArgReduceOp>()) return snake(name(*op));
  }
  return slot.name;
}

// A number as a tensor of `like`'s sizes and dtype, on the CPU.
Tensor number_beside(const Scalar& number, const Tensor& like) {
  const Tensor element = number_tensor(number, like.dtype());
  return alias(element, like.sizes(), Shape::filled(like.dim(), 0), 0, "expand");
}

KernelCall call_of(const KernelBase& slot, Device device, std::span<const SlotArgument> arguments, std::string_view op) {
  KernelCall call{op, device, kFloat32, {}, {}, arguments};
  std::vector<const Scalar*> numbers;
  bool number_first = false;
  for (const SlotArgument& argument : arguments) {
    switch (argument.kind()) {
      case SlotArgument::Kind::Output: call.outputs.push_back(argument.tensors()[0]); break;
      case SlotArgument::Kind::Input:
      case SlotArgument::Kind::Inputs:
        for (const Tensor& t : argument.tensors()) call.inputs.push_back(t);
        break;
      case SlotArgument::Kind::Number: numbers.push_back(&argument.number()); break;
      case SlotArgument::Kind::Flag: number_first = argument.flag(); break;
      default: break;
    }
  }
  for (const std::vector<Tensor>* list : {&call.outputs, &call.inputs})
    for (auto t = list->rbegin(); t != list->rend(); ++t)
      if (t->defined() && !(list == &call.inputs && op == "where" && t->dtype() == kBool)) call.dtype = t->dtype();
  if (&slot == &binary_number_kernel) {
    const Tensor number = number_beside(*numbers[0], call.inputs[0]);
    call.inputs.insert(number_first ? call.inputs.begin() : call.inputs.end(), number);
  } else if (&slot == &ternary_number_kernel) {
    for (size_t i : {size_t(1), size_t(2)})
      if (!call.inputs[i].defined()) call.inputs[i] = number_beside(*numbers[i - 1], call.outputs[0]);
  }
  return call;
}

std::shared_ptr<const OpenKernel> find(const KernelCall& call, uint64_t& number) {
  Kernels& k = kernels();
  std::shared_lock lock(k.mutex);
  for (const auto& [id, kernel] : k.all) {
    if (kernel->op != call.op || kernel->device != call.device.type || !kernel->dtypes.has(call.dtype)) continue;
    if (std::find(running.begin(), running.end(), id) != running.end()) continue;
    if (kernel->predicate && !kernel->predicate(call)) continue;
    number = id;
    return kernel;
  }
  return nullptr;
}

struct Running {
  explicit Running(uint64_t number) { running.push_back(number); }
  ~Running() { running.pop_back(); }
};

bool has_user_dtype(std::span<const SlotArgument> arguments) {
  for (const SlotArgument& argument : arguments)
    for (const Tensor& t : argument.tensors())
      if (t.defined() && is_user_dtype(t.dtype())) return true;
  return false;
}

// All bytes of an element, as a number of its carrier.
Scalar carrier_number(const void* element, DType t) { return load_scalar(element, carrier_of(t)); }

void fill_elements(Tensor& out, const Scalar& value) {
  alignas(16) char element[16] = {};
  if (user_dtype(out.dtype()).from_scalar || !value.equal(0)) store_scalar(element, out.dtype(), value);  // zeros need no conversion
  Tensor memory = carried(out);
  fill_kernel(out.device(), memory, carrier_number(element, out.dtype()));
}

// Element by element: between a program's dtype and another one.
void convert_elements(Tensor& out, const Tensor& in) {
  if (!out.device().is_cpu())
    fail(errors::method_dtype_not_supported_error, ErrorKind::NotSupported, "copy", "dtype", "a conversion on the CPU",
         std::string(name(in.dtype())) + " to " + std::string(name(out.dtype())) + " on " + to_string(out.device()));
  Tensor from = new_tensor(in.sizes(), in.dtype()), to = new_tensor(out.sizes(), out.dtype());
  copy_kernel(kCPU, from, in);
  const char* source = static_cast<const char*>(from.address());
  char* target = static_cast<char*>(to.address());
  for (int64_t i = 0; i < from.numel(); ++i)
    store_scalar(target + i * to.item_size(), to.dtype(), load_scalar(source + i * from.item_size(), from.dtype()));
  copy_kernel(kCPU, out, to);
}

}  // namespace

uint64_t add_open_kernel(OpenKernel kernel) {
  detail::open_slots();
  Kernels& k = kernels();
  std::unique_lock lock(k.mutex);
  auto place = std::find_if(k.all.begin(), k.all.end(), [&](const auto& other) { return other.second->priority <= kernel.priority; });
  k.all.insert(place, {++k.last, std::make_shared<const OpenKernel>(std::move(kernel))});
  k.count = k.all.size();
  return k.last;
}

void remove_open_kernel(uint64_t number) {
  Kernels& k = kernels();
  std::unique_lock lock(k.mutex);
  std::erase_if(k.all, [&](const auto& entry) { return entry.first == number; });
  k.count = k.all.size();
}

std::vector<std::pair<uint64_t, OpenKernel>> open_kernels() {
  Kernels& k = kernels();
  std::shared_lock lock(k.mutex);
  std::vector<std::pair<uint64_t, OpenKernel>> all;
  for (const auto& [id, kernel] : k.all) all.emplace_back(id, *kernel);
  return all;
}

KernelOp find_kernel_op(std::string_view name) {
  for (int i = 0; i < int(UnaryOp::Count_); ++i)
    if (about(UnaryOp(i)).name == name) return {std::string(name), &unary_kernel, 1};
  for (int i = 0; i < int(BinaryOp::Count_); ++i)
    if (about(BinaryOp(i)).name == name) return {std::string(name), &binary_kernel, 2};
  for (int i = 0; i < int(TernaryOp::Count_); ++i)
    if (about(TernaryOp(i)).name == name) return {std::string(name), &ternary_kernel, 3};
  for (std::string_view other : kReduceNames)
    if (other == name) return {std::string(name), &reduce_kernel, 0};
  for (std::string_view other : kScanNames)
    if (other == name) return {std::string(name), &scan_kernel, 0};
  if (name == "argmax" || name == "argmin") return {std::string(name), &arg_reduce_kernel, 0};
  for (KernelBase* slot : detail::all_slots())
    if (slot->name == name) return {std::string(name), slot, 0};
  return {};
}

std::vector<std::string> kernel_ops() {
  std::vector<std::string> names;
  for (int i = 0; i < int(UnaryOp::Count_); ++i) names.emplace_back(about(UnaryOp(i)).name);
  for (int i = 0; i < int(BinaryOp::Count_); ++i) names.emplace_back(about(BinaryOp(i)).name);
  for (int i = 0; i < int(TernaryOp::Count_); ++i) names.emplace_back(about(TernaryOp(i)).name);
  names.insert(names.end(), std::begin(kReduceNames), std::end(kReduceNames));
  names.insert(names.end(), std::begin(kScanNames), std::end(kScanNames));
  names.insert(names.end(), {"argmax", "argmin"});
  for (KernelBase* slot : detail::all_slots()) names.emplace_back(slot->name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

namespace detail {

std::atomic<bool> slots_opened{false};

Tensor carried_argument(const Tensor& t) { return carried(t); }
std::span<const Tensor> Carried<std::span<const Tensor>>::get() { return tensors; }
Carried<std::span<const Tensor>>::Carried(std::span<const Tensor> list) {
  for (const Tensor& t : list) tensors.push_back(carried_argument(t));
}

bool serve_opened(KernelBase& slot, Device device, std::span<const SlotArgument> arguments) {
  const bool user = has_user_dtype(arguments);
  if (kernels().count.load(std::memory_order_relaxed)) {
    const std::string op = op_of(slot, arguments);
    KernelCall call = call_of(slot, device, arguments, op);
    uint64_t number = 0;
    if (auto kernel = find(call, number)) {
      if (step_observer) step_observer->refuse(slot.name, "is served by a kernel that a program has registered");
      const Running guard(number);
      kernel->function(call);
      return true;
    }
  }
  if (!user) return false;
  if (step_observer) step_observer->refuse(slot.name, "works on elements of a registered dtype");
  if (&slot == &fill_kernel) {
    Tensor out = arguments[0].tensors()[0];
    fill_elements(out, arguments[1].number());
    return true;
  }
  if (&slot == &copy_kernel && arguments[0].tensors()[0].dtype() != arguments[1].tensors()[0].dtype()) {
    Tensor out = arguments[0].tensors()[0];
    convert_elements(out, arguments[1].tensors()[0]);
    return true;
  }
  return false;
}

bool only_moves(const KernelBase& slot, std::span<const SlotArgument> arguments) {
  const KernelBase* movers[] = {&copy_kernel, &index_select_kernel, &gather_kernel, &index_kernel, &triangle_kernel};
  const bool moves = std::find(std::begin(movers), std::end(movers), &slot) != std::end(movers) ||
                     (&slot == &index_put_kernel && !arguments[3].flag()) ||
                     (&slot == &scatter_kernel && arguments[0].code() == int(ScatterOp::Set)) ||
                     (&slot == &index_add_kernel && arguments[0].code() == int(ScatterOp::Set)) ||
                     (&slot == &ternary_kernel && arguments[0].code() == int(TernaryOp::Where));
  return moves && has_user_dtype(arguments);
}

}  // namespace detail
}  // namespace lazuli
