#include "lazuli/core/open/user_dtype.h"

#include <atomic>
#include <deque>
#include <mutex>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/open/open_calls.h"

namespace lazuli {
namespace {

constexpr int kMaxUserDTypes = 64 - kDTypeCount;  // a DTypeSet has a bit for each

struct Entry {
  UserDType type;
  DTypeProperties properties;
  std::atomic<bool> retired{false};
};
// Never destroyed: a tensor may outlive all statics. Entries do not move, and are read without the lock once their number is known.
struct Entries {
  std::mutex mutex;
  std::deque<Entry> all;
  std::atomic<Entry*> at[kMaxUserDTypes] = {};
};
Entries& entries() {
  static Entries* e = new Entries;
  return *e;
}

const Entry& entry(DType t) {
  const int place = int(t) - kDTypeCount;
  const Entry* found = place >= 0 && place < kMaxUserDTypes ? entries().at[place].load(std::memory_order_acquire) : nullptr;
  if (!found) fail(errors::dtype_not_found_error, ErrorKind::Type, "dtype", "", "a registered dtype", "number " + std::to_string(int(t)));
  return *found;
}

}  // namespace

DType add_user_dtype(UserDType type) {
  Entries& e = entries();
  std::lock_guard lock(e.mutex);
  const size_t place = e.all.size();
  if (place >= size_t(kMaxUserDTypes))
    fail(errors::registration_failed_error, ErrorKind::State, "register_dtype", "", "at most " + std::to_string(kMaxUserDTypes) + " further dtypes");
  const DType t = DType(kDTypeCount + int(place));
  Entry& added = e.all.emplace_back();
  added.type = std::move(type);
  added.properties = {t, added.type.name, "", added.type.size, DTypeKind::User, t, t, t};
  e.at[place].store(&added, std::memory_order_release);
  detail::open_slots();
  return t;
}

void retire_user_dtype(DType t) { const_cast<Entry&>(entry(t)).retired = true; }
const UserDType& user_dtype(DType t) { return entry(t).type; }
const DTypeProperties& detail::user_dtype_properties(DType t) { return entry(t).properties; }

std::vector<DType> user_dtypes() {
  std::vector<DType> found;
  for (const std::atomic<Entry*>& at : entries().at)
    if (const Entry* e = at.load(std::memory_order_acquire); e && !e->retired) found.push_back(e->properties.dtype);
  return found;
}

DType carrier_of(DType t) {
  if (!is_user_dtype(t)) return t;
  switch (item_size(t)) {
    case 1: return kUInt8;
    case 2: return kInt16;
    case 4: return kInt32;
    case 8: return kInt64;
    default: return kComplex128;
  }
}

Tensor carried(const Tensor& t) {
  if (!t.defined() || !is_user_dtype(t.dtype())) return t;
  return alias(t, carrier_of(t.dtype()), t.sizes(), t.strides(), t.storage_offset(), "carried");
}

}  // namespace lazuli
