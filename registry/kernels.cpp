#include "lazuli/registry/kernels.h"

#include <algorithm>
#include <list>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/backend.h"
#include "lazuli/core/open/user_dtype.h"
#include "lazuli/core/settings.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/pointwise_codes.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/text_cache.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::registry {
namespace {

std::vector<DType> members_of(DTypeSet set) {
  std::vector<DType> all;
  for (int t = 0; t < 64; ++t)
    if (set.has(DType(t))) all.push_back(DType(t));
  return all;
}

// An operator of a slot, or one that is in the table only.
KernelOp need_op(const char* function, const std::string& op) {
  KernelOp found = find_kernel_op(op);
  if (!found.name.empty()) return found;
  if (has_op(op)) return {op, nullptr, 0};
  const std::vector<std::string> names = kernel_ops();
  fail(errors::op_not_found_error, ErrorKind::NotSupported, function, "op",
       "an operator that has kernels" + nearest_hint(op, {names.begin(), names.end()}), "'" + op + "'");
}

// The dtypes that the library's own kernel takes.
DTypeSet library_dtypes(const KernelOp& op, Device device) {
  if (!op.slot || (!device.is_meta() && !has_backend(device.type))) return {};
  DTypeSet all = device.is_meta() ? kEveryDType : op.slot->functions[int(device.type)].load() ? op.slot->types_on(device) : DTypeSet();
  // An elementwise code says which dtypes it computes.
  for (int i = 0; i < int(UnaryOp::Count_) && op.operands == 1; ++i)
    if (about(UnaryOp(i)).name == op.name) all = DTypeSet(all.bits & about(UnaryOp(i)).dtypes.bits);
  for (int i = 0; i < int(BinaryOp::Count_) && op.operands == 2; ++i)
    if (about(BinaryOp(i)).name == op.name) all = DTypeSet(all.bits & about(BinaryOp(i)).dtypes.bits);
  for (int i = 0; i < int(TernaryOp::Count_) && op.operands == 3; ++i)
    if (about(TernaryOp(i)).name == op.name) all = DTypeSet(all.bits & about(TernaryOp(i)).dtypes.bits);
  return DTypeSet(all.bits & kEveryDType.bits);
}

KernelInfo info_of(const OpenKernel& kernel) {
  return {kernel.op, kernel.name, members_of(kernel.dtypes), Device(kernel.device), true, bool(kernel.predicate), kernel.priority};
}
KernelInfo library_info(const KernelOp& op, Device device, DTypeSet dtypes) { return {op.name, op.slot->name, members_of(dtypes), device}; }

}  // namespace

KernelHandle register_kernel(KernelConfig config) {
  const char* function = "register_kernel";
  need_op(function, config.op);
  if (!config.function) fail(errors::invalid_config_error, function, "function", "a function", "none");
  if (config.dtypes.empty()) fail(errors::invalid_config_error, function, "dtypes", "at least one dtype", "none");
  OpenKernel kernel{config.op, config.name.empty() ? config.op : config.name, {}, config.device.type, config.priority, std::move(config.predicate),
                    {}};
  for (DType t : config.dtypes) {
    name(t);  // throws for one that is not there
    kernel.dtypes = kernel.dtypes | DTypeSet{t};
  }
  kernel.function = config.deterministic ? std::move(config.function) : [name = kernel.name, f = std::move(config.function)](KernelCall& call) {
    alert_not_deterministic(name);
    f(call);
  };
  const std::string name = kernel.name;
  const uint64_t number = add_open_kernel(std::move(kernel));
  return KernelHandle(name, [number] { remove_open_kernel(number); });
}

KernelHandle register_forward(std::string op, Device device, KernelFunction function) {
  return register_kernel({.op = std::move(op), .dtypes = members_of(kEveryDType), .device = device, .function = std::move(function)});
}

KernelInfo get_kernel(std::string_view op, DType dtype, Device device) {
  const KernelOp found = need_op("get_kernel", std::string(op));
  for (const auto& [number, kernel] : open_kernels())
    if (kernel.op == op && kernel.device == device.type && kernel.dtypes.has(dtype) && !kernel.predicate) return info_of(kernel);
  const DTypeSet own = library_dtypes(found, device);
  if (!own.has(dtype))
    fail(errors::kernel_not_registered_error, ErrorKind::NotSupported, "get_kernel", "op",
         "an operator with a kernel for " + std::string(name(dtype)) + " on " + to_string(device), "'" + std::string(op) + "'");
  return library_info(found, device, own);
}

bool has_kernel(std::string_view op, DType dtype, Device device) {
  try {
    get_kernel(op, dtype, device);
    return true;
  } catch (const Error&) { return false; }
}

std::optional<KernelInfo> find_kernel_with_predicate(std::string_view op, DType dtype, Device device, const std::vector<Tensor>& inputs) {
  const KernelOp found = need_op("find_kernel_with_predicate", std::string(op));
  const KernelCall call{op, device, dtype, inputs, {}, {}};
  for (const auto& [number, kernel] : open_kernels())
    if (kernel.op == op && kernel.device == device.type && kernel.dtypes.has(dtype) && (!kernel.predicate || kernel.predicate(call)))
      return info_of(kernel);
  const DTypeSet own = library_dtypes(found, device);
  return own.has(dtype) ? std::optional(library_info(found, device, own)) : std::nullopt;
}

std::vector<KernelInfo> list_kernels(const ListKernelsOptions& options) {
  std::vector<KernelInfo> all;
  const auto wanted = [&](const KernelInfo& info) {
    return (!options.op || *options.op == info.op) && (!options.device || options.device->type == info.device.type) &&
           (!options.dtype || std::find(info.dtypes.begin(), info.dtypes.end(), *options.dtype) != info.dtypes.end());
  };
  for (const auto& [number, kernel] : open_kernels())
    if (KernelInfo info = info_of(kernel); wanted(info)) all.push_back(std::move(info));
  if (options.custom_only) return all;
  for (const std::string& name : kernel_ops()) {
    if (options.op && *options.op != name) continue;
    const KernelOp op = find_kernel_op(name);
    for (Device device : list_devices()) {
      if (device.is_meta() || device.index != 0) continue;
      const DTypeSet dtypes = library_dtypes(op, device);
      if (dtypes == DTypeSet()) continue;
      if (KernelInfo info = library_info(op, device, dtypes); wanted(info)) all.push_back(std::move(info));
    }
  }
  return all;
}

Tensor& apply_out(const Tensor& result, Tensor& out) {
  if (!result.defined() || !out.defined()) fail_undefined("apply_out", result.defined() ? "out" : "result");
  if (out.numel() == 0 && result.numel() != 0) {
    out = empty_like(result, {.dtype = out.dtype(), .device = out.device()});
  } else if (!(out.sizes() == result.sizes())) {
    fail("apply_out", "out", "the sizes of the result, " + to_string(result.sizes()), to_string(out.sizes()));
  }
  if (!can_cast(result.dtype(), out.dtype()))
    fail(ErrorKind::Type, "apply_out", "out", "a dtype to which " + std::string(name(result.dtype())) + " casts", name(out.dtype()));
  no_grad guard;
  return out.copy_(result);
}

KernelHandle detail::register_elementwise(std::string op, DType dtype, DType result, int operands, size_t in_size, size_t out_size, ElementLoop loop,
                                          KernelPredicate predicate) {
  const char* function = operands == 1 ? "register_unary_kernel" : "register_binary_kernel";
  const KernelOp found = need_op(function, op);
  if (found.slot && found.operands == 0) fail(errors::op_kind_mismatch_error, function, "op", "an elementwise operator", "'" + op + "'");
  if (found.slot && found.operands != operands)
    fail(errors::kernel_signature_mismatch_error, function, "f", "a function of " + std::to_string(found.operands) + " elements for '" + op + "'",
         "one of " + std::to_string(operands));
  if (in_size != size_t(item_size(dtype)) || out_size != size_t(item_size(result)))
    fail(errors::kernel_signature_mismatch_error, function, "f",
         "elements of " + std::to_string(item_size(dtype)) + " bytes, as " + std::string(name(dtype)) + " has",
         std::to_string(in_size) + " and " + std::to_string(out_size));
  return register_kernel({.op = std::move(op),
                          .dtypes = {dtype},
                          .function =
                              [=](KernelCall& call) {
                                Tensor& out = call.outputs.at(0);
                                if (out.dtype() != result)
                                  fail(errors::kernel_signature_mismatch_error, call.op, "f", "results of " + std::string(name(out.dtype())),
                                       name(result));
                                std::vector<Tensor> in;
                                for (int i = 0; i < operands; ++i) in.push_back(dense(casted(call.inputs.at(size_t(i)), dtype)));
                                Tensor to = out.is_contiguous() ? out : new_tensor(out.sizes(), out.dtype());
                                const void* memory[2] = {in[0].address(), in.back().address()};
                                if (out.numel()) loop(out.numel(), to.address(), memory);
                                if (!out.is_contiguous()) copy_kernel(kCPU, out, to);
                              },
                          .predicate = std::move(predicate)});
}

KernelHandle detail::register_fold(std::string op, DType dtype, size_t size, FoldLoop loop, KernelPredicate predicate) {
  const char* function = "register_reduction_kernel";
  if (need_op(function, op).slot != &reduce_kernel) fail(errors::op_kind_mismatch_error, function, "op", "a reduction", "'" + op + "'");
  if (size != size_t(item_size(dtype)))
    fail(errors::kernel_signature_mismatch_error, function, "f",
         "elements of " + std::to_string(item_size(dtype)) + " bytes, as " + std::string(name(dtype)) + " has", std::to_string(size));
  return register_kernel({.op = std::move(op),
                          .dtypes = {dtype},
                          .function =
                              [=](KernelCall& call) {
                                Tensor& out = call.outputs.at(0);
                                const Tensor& in = call.inputs.at(0);
                                if (out.dtype() != dtype)
                                  fail(errors::kernel_signature_mismatch_error, call.op, "f", "results of " + std::string(name(out.dtype())),
                                       name(dtype));
                                Shape kept, gone;
                                for (int64_t d = 0; d < in.dim(); ++d) (out.sizes()[d] == 1 ? gone : kept).push_back(d);
                                Shape order = kept;
                                for (int64_t d : gone) order.push_back(d);
                                const Tensor lines = dense(in.permute(order)), to = new_tensor(out.sizes(), dtype);
                                const int64_t count = out.numel(), n = count ? in.numel() / count : 0;
                                auto* from = static_cast<const char*>(lines.address());
                                auto* result = static_cast<char*>(const_cast<void*>(to.address()));
                                for (int64_t i = 0; i < count; ++i) loop(n, result + i * int64_t(size), from + i * n * int64_t(size));
                                copy_kernel(kCPU, out, to);
                              },
                          .predicate = std::move(predicate)});
}

}  // namespace lazuli::registry
