#include "lazuli/backends/gpu/program.h"

#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "lazuli/backends/gpu/dialect.h"
#include "lazuli/backends/gpu/disk_cache.h"
#include "lazuli/core/error.h"

namespace lazuli::gpu {

/// All functions that are loaded; never destroyed, because kernels may run until the process ends.
struct VariantCache {
  struct Entry {
    Variant variant;
    void* function;
  };
  std::shared_mutex mutex;
  std::unordered_multimap<uint64_t, Entry> entries;
  std::mutex building;  // one compiler at a time: two threads that want the same kernel would both build it

  static VariantCache& of(Device device) {
    static VariantCache* caches = new VariantCache[size_t(kMaxDeviceTypes) * 16];
    return caches[int(device.type) * 16 + device.index];
  }
  void* find(const Variant& v) {
    std::shared_lock lock(mutex);
    for (auto [it, end] = entries.equal_range(v.hash_); it != end; ++it)
      if (it->second.variant.same(v)) return it->second.function;
    return nullptr;
  }
};

bool Variant::same(const Variant& other) const {
  if (&source_ != &other.source_ || kernel_ != other.kernel_ || count_ != other.count_) return false;
  for (size_t i = 0; i < size_t(count_); ++i)
    if (parts_[i].name != other.parts_[i].name || parts_[i].value != other.parts_[i].value) return false;
  return true;
}

std::string Variant::text(Dialect dialect) const {
  bool float64 = false;
  DType complex = kBool;
  std::string lines;
  auto text_of = [](const Part& p) { return reinterpret_cast<const char*>(uintptr_t(p.value)); };
  for (size_t i = 0; i < size_t(count_); ++i) {
    const Part& p = parts_[i];
    if (p.kind == Kind::Type) {
      DType t = DType(p.value);
      lines += type_lines(p.name, t);
      float64 |= real_dtype(t) == kFloat64;
      if (lazuli::is_complex(t)) complex = t;
    } else if (p.kind != Kind::Code) {
      lines += std::string("#define ") + p.name + " " + (p.kind == Kind::Number ? std::to_string(int64_t(p.value)) : text_of(p)) + "\n";
    }
  }
  if (lazuli::is_complex(complex)) lines += complex_prelude(complex);
  for (size_t i = 0; i < size_t(count_); ++i)
    if (parts_[i].kind == Kind::Code) lines += text_of(parts_[i]);
  return prelude(dialect, float64) + lines + source_.text;
}

void* Variant::build(Driver& driver) {
  for (size_t i = 0; i < size_t(count_); ++i)
    if (parts_[i].kind == Kind::Type && real_dtype(DType(parts_[i].value)) == kFloat64 && !driver.has_float64(device_.index))
      fail(ErrorKind::NotSupported, source_.name, "dtype", "one that " + to_string(device_) + " computes in (it has no float64)",
           std::string(name(DType(parts_[i].value))));
  std::string whole = text(driver.dialect());
  DiskCache::Key key(driver.identity(device_.index) + (source_.exact ? "\nexact\n" : "\n") + kernel_ + "\n" + whole);
  if (auto binary = DiskCache::read(key))
    if (void* function = driver.load(*binary, kernel_, device_.index)) return function;
  std::string binary = driver.compile(whole, source_.exact, device_.index);
  void* function = driver.load(binary, kernel_, device_.index);
  if (!function)
    fail(ErrorKind::State, source_.name, "", std::string("a program with the kernel ") + kernel_, "a binary that the device does not load");
  DiskCache::write(key, binary);
  return function;
}

void* Variant::find() {
  VariantCache& cache = VariantCache::of(device_);
  if (void* f = cache.find(*this)) [[likely]]
    return f;
  std::lock_guard building(cache.building);
  if (void* f = cache.find(*this)) return f;
  void* function = build(driver_of(device_));
  std::unique_lock lock(cache.mutex);
  cache.entries.emplace(hash_, VariantCache::Entry{*this, function});
  return function;
}

void Variant::run(const Grid& grid, const Arguments& arguments) {
  if (grid.groups <= 0) return;
  driver_of(device_).launch(find(), grid, arguments, device_.index);
}

}  // namespace lazuli::gpu
