#include "lazuli/autograd/autocast.h"

#include <unordered_map>
#include <utility>

#include "lazuli/autograd/autocast_cache.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"

namespace lazuli::amp {

thread_local constinit uint32_t detail::autocast_devices = 0;

namespace {

constexpr uint32_t bit(Device device) { return uint32_t(1) << int(device.type); }
constexpr uint32_t kLowerOnCpu = bit(kCPU) | bit(kMeta);  // of kinds of device: bfloat16 rather than float16

thread_local constinit uint32_t bfloat16_devices = kLowerOnCpu;
thread_local constinit bool cache_enabled = true;
thread_local constinit int nesting = 0;

// A weight and what became of it. Both are kept alive, so that no other body takes the weight's address.
struct CachedCast {
  Tensor weight, cast;
  const Storage* storage;
  uint32_t version;
  bool recorded;
};
std::unordered_map<const TensorBody*, CachedCast>& cache() {
  static thread_local std::unordered_map<const TensorBody*, CachedCast> casts;
  return casts;
}

bool is_weight(const Tensor& t) { return t.dtype() == kFloat32 && t.body()->requires_grad && !t.body()->is_view && t.is_leaf(); }

Tensor cached(const Tensor& weight, DType dtype) {
  CachedCast& entry = cache()[weight.body()];
  if (!entry.cast.defined() || entry.cast.dtype() != dtype || entry.version != weight.version() || entry.storage != weight.storage().get() ||
      entry.recorded != modes.grad)
    entry = {weight, support::cast(weight, dtype), weight.storage().get(), weight.version(), modes.grad};
  return entry.cast;
}

}  // namespace

bool is_autocast_enabled(Device device) { return detail::autocast_devices & bit(device); }
void set_autocast_enabled(Device device, bool enabled) {
  detail::autocast_devices = enabled ? detail::autocast_devices | bit(device) : detail::autocast_devices & ~bit(device);
}
DType get_autocast_dtype(Device device) { return bfloat16_devices & bit(device) ? kBFloat16 : kFloat16; }
void set_autocast_dtype(Device device, DType dtype) {
  if (dtype != kFloat16 && dtype != kBFloat16) fail(ErrorKind::Type, "autocast", "dtype", "float16 or bfloat16", name(dtype));
  bfloat16_devices = dtype == kBFloat16 ? bfloat16_devices | bit(device) : bfloat16_devices & ~bit(device);
}
bool is_autocast_cache_enabled() { return cache_enabled; }
void set_autocast_cache_enabled(bool enabled) { cache_enabled = enabled; }
void clear_autocast_cache() { cache().clear(); }
int autocast_increment_nesting() { return ++nesting; }
int autocast_decrement_nesting() { return --nesting; }
bool is_autocast_available(Device) { return true; }

autocast::autocast(Device device, std::optional<DType> dtype, bool enabled, std::optional<bool> cache)
    : device_(device), dtype_before_(get_autocast_dtype(device)), enabled_before_(is_autocast_enabled(device)), cache_before_(cache_enabled) {
  if (dtype) set_autocast_dtype(device, *dtype);
  set_autocast_enabled(device, enabled);
  if (cache) cache_enabled = *cache;
  autocast_increment_nesting();
}
autocast::~autocast() {
  if (autocast_decrement_nesting() == 0) clear_autocast_cache();
  cache_enabled = cache_before_;
  set_autocast_enabled(device_, enabled_before_);
  set_autocast_dtype(device_, dtype_before_);
}

struct FreshCache::Before {
  std::unordered_map<const TensorBody*, CachedCast> casts;
};
FreshCache::FreshCache() : before_(new Before{std::exchange(cache(), {})}) {}
FreshCache::~FreshCache() { cache() = std::move(before_->casts); }

AutocastState AutocastState::current() { return {detail::autocast_devices, bfloat16_devices, cache_enabled}; }
namespace {
void set(const AutocastState& state) {
  detail::autocast_devices = state.devices;
  bfloat16_devices = state.bfloat16;
  cache_enabled = state.cache;
}
}  // namespace
AutocastState::Scope::Scope(const AutocastState& state) : before_(current()) {
  set(state);
  autocast_increment_nesting();
}
AutocastState::Scope::~Scope() {
  if (autocast_decrement_nesting() == 0) clear_autocast_cache();
  set(before_);
}

}  // namespace lazuli::amp

namespace lazuli {

void Casting::look(const Tensor& t) {
  if (!t.defined() || t.body()->uninitialized || !is_floating_point(t.dtype())) return;
  if (!any_) device_ = t.device();
  any_ = true;
  float32_ |= t.dtype() == kFloat32;
  float64_ |= t.dtype() == kFloat64;
}

void Casting::begin(Cast policy) {
  if (!any_ || !amp::is_autocast_enabled(device_)) return;
  const bool on_gpu = !device_.is_cpu() && !device_.is_meta();
  switch (policy) {
    case Cast::LowerOnGpu:
      if (!on_gpu) return;
      [[fallthrough]];
    case Cast::Lower: to_ = amp::get_autocast_dtype(device_); break;
    case Cast::Float32OnGpu:
      if (!on_gpu) return;
      [[fallthrough]];
    case Cast::Float32: to_ = kFloat32; break;
    case Cast::WidestOnGpu:
      if (!on_gpu) return;
      [[fallthrough]];
    case Cast::Widest:
      if (float64_) return;  // promotion knows what to do
      to_ = float32_ ? kFloat32 : amp::get_autocast_dtype(device_);
      break;
  }
  active_ = true;
  before_ = amp::detail::autocast_devices;
  amp::detail::autocast_devices = 0;
}

Tensor Casting::operator()(const Tensor& t) const {
  if (!active_ || !t.defined() || t.body()->uninitialized || t.dtype() == to_ ||
      !(t.dtype() == kFloat32 || t.dtype() == kFloat16 || t.dtype() == kBFloat16) || t.device().type != device_.type)
    return t;
  return to_ != kFloat32 && amp::cache_enabled && amp::is_weight(t) ? amp::cached(t, to_) : support::cast(t, to_);
}
std::optional<Tensor> Casting::operator()(const std::optional<Tensor>& t) const { return t ? std::optional<Tensor>((*this)(*t)) : std::nullopt; }
std::vector<Tensor> Casting::operator()(const std::vector<Tensor>& tensors) const {
  std::vector<Tensor> cast;
  for (const Tensor& t : tensors) cast.push_back((*this)(t));
  return cast;
}

}  // namespace lazuli
