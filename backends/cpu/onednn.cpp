#include "lazuli/backends/cpu/onednn.h"

#include <omp.h>

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "lazuli/backends/cpu/onednn_primitive.h"
#include "lazuli/core/memory/storage.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

// Never destroyed: nothing of ours runs in static destructors.
const dnnl::stream& onednn_stream() {
  static const dnnl::stream& stream = *new dnnl::stream(onednn_engine());
  return stream;
}

}  // namespace

const dnnl::engine& onednn_engine() {
  static const dnnl::engine& engine = *new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::memory::data_type onednn_type(DType t) {
  using type = dnnl::memory::data_type;
  switch (t) {
    case kFloat32: return type::f32;
    case kBFloat16: return type::bf16;
    case kFloat16: return type::f16;
    case kInt32: return type::s32;
    case kInt8: return type::s8;
    case kUInt8: return type::u8;
    default: return type::undef;
  }
}

namespace {
bool has_fast_bfloat16() {
#if defined(__x86_64__)
  const auto isa = dnnl::get_effective_cpu_isa();
  using enum dnnl::cpu_isa;
  if (isa == avx512_core_amx || isa == avx512_core_amx_fp16) return true;
  // Intel's vdpbf16ps takes two cycles for twice the terms of a vfmadd, of which two run in one.
  return (isa == avx512_core_bf16 || isa == avx512_core_fp16) && !__builtin_cpu_is("intel");
#else
  return true;
#endif
}
}  // namespace
bool widens_bfloat16() {
  static const bool widens = !has_fast_bfloat16();
  return widens;
}

OneDnnThreads::OneDnnThreads() : count_(get_num_threads()), before_(omp_get_max_threads()) {
  if (count_ != before_) omp_set_num_threads(count_);
}
OneDnnThreads::~OneDnnThreads() {
  if (count_ != before_) omp_set_num_threads(before_);
}

void BoundPrimitive::add(int argument, const dnnl::memory::desc& desc) {
  memories.emplace_back(desc, onednn_engine(), nullptr);
  arguments.push_back({argument, memories.back().get()});
}

void BoundPrimitive::set_scratchpad(const dnnl::memory::desc& desc) {
  scratchpad_bytes = int64_t(desc.get_size());
  if (scratchpad_bytes) add(DNNL_ARG_SCRATCHPAD, desc);
}

void BoundPrimitive::run(std::initializer_list<const void*> addresses) {
  Ref<Storage> scratchpad;
  dnnl_status_t status = dnnl_success;
  size_t i = 0;
  for (const void* address : addresses) {
    if (status == dnnl_success) status = dnnl_memory_set_data_handle(memories[i++].get(), const_cast<void*>(address));
  }
  if (scratchpad_bytes && status == dnnl_success) {
    scratchpad = Storage::allocate(scratchpad_bytes, kCPU);
    status = dnnl_memory_set_data_handle(memories[i].get(), scratchpad->data());
  }
  if (status == dnnl_success) status = dnnl_primitive_execute(primitive.get(), onednn_stream().get(), int(arguments.size()), arguments.data());
  dnnl::error::wrap_c_api(status, "could not execute a primitive");
}

dnnl::primitive_attr user_scratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

bool is_reference(const char* implementation) { return std::strncmp(implementation, "ref", 3) == 0; }

std::string onednn_version() {
  const dnnl_version_t* v = dnnl_version();
  return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

// ---- the cache ----

namespace detail {
struct PrimitiveGroup;
struct PrimitiveSlot {
  BoundPrimitive primitive;
  PrimitiveGroup* group;
};
// All primitives of one key: one for each call that ran at the same time as another.
struct PrimitiveGroup {
  PrimitiveKey key;
  std::vector<std::unique_ptr<PrimitiveSlot>> idle;
  int in_use = 0;
};
}  // namespace detail

namespace {
using detail::PrimitiveGroup;
using detail::PrimitiveSlot;

struct KeyHash {
  size_t operator()(const PrimitiveKey* key) const { return size_t(key->hash()); }
};
struct KeyEqual {
  bool operator()(const PrimitiveKey* a, const PrimitiveKey* b) const { return *a == *b; }
};

struct PrimitiveCache {
  std::mutex mutex;
  std::list<PrimitiveGroup> groups;  // the last used first
  std::unordered_map<const PrimitiveKey*, std::list<PrimitiveGroup>::iterator, KeyHash, KeyEqual> by_key;
  OneDnnCacheStats stats;
  int64_t limit = 1024;

  void trim() {
    for (auto it = groups.end(); stats.entries > limit && it != groups.begin();) {
      --it;
      if (it->in_use) continue;
      for (auto& slot : it->idle) forget(*slot);
      ++stats.evictions;
      by_key.erase(&it->key);
      it = groups.erase(it);
    }
  }
  void forget(const PrimitiveSlot& slot) {
    --stats.entries;
    stats.bytes -= slot.primitive.kept_bytes;
  }
};

PrimitiveCache& cache() {
  static PrimitiveCache& c = *new PrimitiveCache;
  return c;
}
}  // namespace

namespace detail {

PrimitiveSlot* find_primitive(const PrimitiveKey& key) {
  PrimitiveCache& c = cache();
  std::lock_guard lock(c.mutex);
  auto found = key.fits() ? c.by_key.find(&key) : c.by_key.end();
  if (found == c.by_key.end() || found->second->idle.empty()) {
    ++c.stats.misses;
    return nullptr;
  }
  auto group = found->second;
  if (group != c.groups.begin()) c.groups.splice(c.groups.begin(), c.groups, group);
  PrimitiveSlot* slot = group->idle.back().release();
  group->idle.pop_back();
  ++group->in_use;
  ++c.stats.hits;
  return slot;
}

PrimitiveSlot* keep_primitive(const PrimitiveKey& key, BoundPrimitive primitive) {
  auto slot = std::make_unique<PrimitiveSlot>(PrimitiveSlot{std::move(primitive), nullptr});
  if (!key.fits()) return slot.release();  // not told apart by its words: for this call only
  PrimitiveCache& c = cache();
  std::lock_guard lock(c.mutex);
  auto found = c.by_key.find(&key);
  if (found == c.by_key.end()) {
    c.groups.push_front({key, {}, 0});
    found = c.by_key.emplace(&c.groups.front().key, c.groups.begin()).first;
  }
  slot->group = &*found->second;
  slot->group->idle.reserve(slot->group->idle.size() + size_t(++slot->group->in_use));  // so that giving back cannot fail
  ++c.stats.entries;
  c.stats.bytes += slot->primitive.kept_bytes;
  c.trim();
  return slot.release();
}

BoundPrimitive& primitive_of(PrimitiveSlot* slot) { return slot->primitive; }

void give_back(PrimitiveSlot* raw) noexcept {
  std::unique_ptr<PrimitiveSlot> slot(raw);
  if (!slot->group) return;
  PrimitiveCache& c = cache();
  std::lock_guard lock(c.mutex);
  PrimitiveGroup& group = *slot->group;
  --group.in_use;
  group.idle.push_back(std::move(slot));
  if (c.stats.entries > c.limit) c.trim();
}

}  // namespace detail

OneDnnCacheStats onednn_cache_stats() {
  std::lock_guard lock(cache().mutex);
  return cache().stats;
}

void set_onednn_cache_limit(int64_t entries) {
  std::lock_guard lock(cache().mutex);
  cache().limit = entries;
  cache().trim();
}

void clear_onednn_cache() {
  PrimitiveCache& c = cache();
  std::lock_guard lock(c.mutex);
  const int64_t limit = std::exchange(c.limit, 0);
  c.trim();
  c.limit = limit;
}

}  // namespace lazuli::cpu
