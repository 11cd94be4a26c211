#include "lazuli/core/vmap/levels.h"

#include <algorithm>
#include <atomic>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/vmap/call.h"

namespace lazuli::batching {
namespace {

std::atomic<uint64_t> next_id{1};

struct Active {
  std::vector<BatchLevel> levels;
  std::vector<Randomness> randomness;
};
Active& active() {
  thread_local Active of_thread;
  return of_thread;
}

bool before(const BatchLevel& level, uint64_t id) { return level.id < id; }
const BatchLevel* find(const std::vector<BatchLevel>& levels, uint64_t id) {
  auto at = std::lower_bound(levels.begin(), levels.end(), id, before);
  return at != levels.end() && at->id == id ? &*at : nullptr;
}

Ref<Storage> memory_of(const Tensor& t) { return is_batched(t) ? t.storage()->hidden()->whole : t.storage(); }

Tensor on_storage(const Tensor& like, Ref<Storage> storage, const Shape& sizes, const Shape& strides) {
  Ref<TensorBody> body(new TensorBody);
  set_geometry(*body, sizes, strides, like.storage_offset(), "vmap");
  body->storage = std::move(storage);
  body->dtype = like.dtype();
  body->device = like.device();
  body->inference = like.body()->inference;
  return Tensor(std::move(body));
}

// A storage for one sample of the memory.
Ref<Storage> sample_storage(const Tensor& t, std::vector<BatchLevel> levels) {
  Ref<Storage> memory = memory_of(t);
  if (levels.empty()) return memory;
  Ref<Storage> s = Storage::external(memory->data(), t.storage()->bytes(), t.device(), nullptr);
  s->set_hidden(std::make_unique<HiddenBatch>(HiddenBatch{std::move(memory), std::move(levels), detail::newest_batch_level}));
  return s;
}

int64_t in_elements(const BatchLevel& level, const Tensor& t) {
  if (level.stride % t.item_size())
    fail(ErrorKind::NotSupported, "vmap", "self", "samples that lie whole elements apart",
         std::to_string(level.stride) + " bytes apart, of dtype " + std::string(name(t.dtype())) + "; clone the batch first");
  return level.stride / t.item_size();
}

Shape without_first(const Shape& shape) { return Shape(shape.data() + 1, shape.size() - 1); }
Shape with_first(int64_t first, const Shape& shape) {
  Shape out = shape;
  out.insert(0, first);
  return out;
}

}  // namespace

std::vector<uint64_t> levels_of(const Tensor& t) {
  std::vector<uint64_t> all;
  for (const BatchLevel& level : levels(t)) all.push_back(level.id), all.push_back(uint64_t(level.size));
  return all;
}
std::vector<BatchLevel> levels_of_both(const Tensor& a, const Tensor& b) {
  std::vector<BatchLevel> all = levels(a);
  for (const BatchLevel& level : levels(b))
    if (!find(all, level.id)) all.insert(std::lower_bound(all.begin(), all.end(), level.id, before), level);
  return all;
}
const BatchLevel* find_level(const Tensor& t, uint64_t id) { return find(levels(t), id); }

Tensor hide(const Tensor& t, uint64_t id) {
  std::vector<BatchLevel> all = levels(t);
  all.insert(std::lower_bound(all.begin(), all.end(), id, before), BatchLevel{id, t.sizes()[0], t.strides()[0] * t.item_size()});
  return on_storage(t, sample_storage(t, std::move(all)), without_first(t.sizes()), without_first(t.strides()));
}

Tensor show(const Tensor& t, uint64_t id, int64_t size) {
  const BatchLevel* level = find_level(t, id);
  if (!level) return on_storage(t, t.storage(), with_first(size, t.sizes()), with_first(0, t.strides()));
  const int64_t stride = in_elements(*level, t);
  std::vector<BatchLevel> rest = levels(t);
  rest.erase(std::find_if(rest.begin(), rest.end(), [&](const BatchLevel& l) { return l.id == id; }));
  return on_storage(t, sample_storage(t, std::move(rest)), with_first(size, t.sizes()), with_first(stride, t.strides()));
}

Tensor whole(const Tensor& t, const std::vector<BatchLevel>& of) {
  if (!t.defined()) return t;
  Shape sizes, strides;
  for (const BatchLevel& level : of) {
    const BatchLevel* own = find_level(t, level.id);
    sizes.push_back(level.size);
    strides.push_back(own ? in_elements(*own, t) : 0);
  }
  for (int64_t i = 0; i < t.dim(); ++i) {
    sizes.push_back(t.sizes()[i]);
    strides.push_back(t.strides()[i]);
  }
  return on_storage(t, memory_of(t), sizes, strides);
}

Tensor hide_all(const Tensor& t, const std::vector<BatchLevel>& of) {
  std::vector<BatchLevel> all = of;
  const int64_t count = int64_t(all.size());
  for (int64_t i = 0; i < count; ++i) all[size_t(i)].stride = t.strides()[i] * t.item_size();
  return on_storage(t, sample_storage(t, std::move(all)), Shape(t.sizes().data() + count, t.dim() - count),
                    Shape(t.strides().data() + count, t.dim() - count));
}

Tensor shared_over(const Tensor& t, const std::vector<BatchLevel>& more) {
  std::vector<BatchLevel> all = levels(t);
  for (const BatchLevel& level : more)
    if (!find(all, level.id)) all.insert(std::lower_bound(all.begin(), all.end(), level.id, before), BatchLevel{level.id, level.size, 0});
  return on_storage(t, sample_storage(t, std::move(all)), t.sizes(), t.strides());
}

void make_batched(const char* op, const Tensor& t, const std::vector<BatchLevel>& wanted, bool overwritten) {
  Storage& storage = *t.storage();
  HiddenBatch* hidden = storage.hidden();
  std::vector<BatchLevel> all = levels(t);
  bool more = false, apart = false;
  for (const BatchLevel& level : wanted) {
    const BatchLevel* own = find(all, level.id);
    if (own && (own->stride || !level.stride)) continue;
    if (!own) {
      if (!hidden || level.id > hidden->born)
        fail(ErrorKind::State, "vmap", "self",
             "tensors made inside the vmap, or batched over all that their new values are, where something is written in place",
             std::string("one from outside, which has no place for a value of each sample (kernel '") + op +
                 "'); clone it inside first, or use the operator that is not in place");
      own = &*all.insert(std::lower_bound(all.begin(), all.end(), level.id, before), BatchLevel{level.id, level.size, 0});
      more = true;
    }
    apart |= level.stride != 0;
    const_cast<BatchLevel*>(own)->stride = level.stride;
  }
  if (!more && !apart) return;
  if (!apart) {  // one sample for all: the memory stays
    storage.set_hidden(std::make_unique<HiddenBatch>(HiddenBatch{hidden->whole, std::move(all), hidden->born}));
    return;
  }
  const int64_t bytes = storage.bytes();
  int64_t step = bytes;
  for (size_t i = all.size(); i-- > 0;)
    if (all[i].stride) {
      all[i].stride = step;
      step = size_product(step, all[i].size, op);
    }
  Ref<Storage> memory = Storage::allocate(step, t.device());
  if (!(overwritten && t.numel() * t.item_size() == bytes) && bytes) {
    Shape sizes, from_strides, to_strides;
    for (const BatchLevel& level : all) {
      const BatchLevel* old = find_level(t, level.id);
      sizes.push_back(level.stride ? level.size : 1);
      from_strides.push_back(old ? old->stride : 0);
      to_strides.push_back(level.stride);
    }
    sizes.push_back(bytes), from_strides.push_back(1), to_strides.push_back(1);
    auto view = [&](Ref<Storage> of, const Shape& strides) {
      Ref<TensorBody> body(new TensorBody);
      set_geometry(*body, sizes, strides, 0, op);
      body->storage = std::move(of);
      body->dtype = kUInt8;
      body->device = t.device();
      return Tensor(std::move(body));
    };
    Tensor to = view(memory, to_strides);
    const Tensor from = view(memory_of(t), from_strides);
    copy_kernel(t.device(), to, from);
  }
  storage.set_hidden(
      std::make_unique<HiddenBatch>(HiddenBatch{std::move(memory), std::move(all), hidden ? hidden->born : detail::newest_batch_level}));
}

namespace {
bool reduced(ReduceOp op, const Tensor& t) {
  if (!is_batched(t)) return t.item<bool>();
  const Tensor all = whole(t, levels(t));
  Tensor one = new_tensor(Shape::filled(all.dim(), 1), kBool, t.device());
  reduce_kernel(t.device(), op, one, all);
  return one.item<bool>();
}
}  // namespace

bool all_true(const Tensor& t) { return reduced(ReduceOp::All, t); }
bool any_true(const Tensor& t) { return reduced(ReduceOp::Any, t); }

LevelGuard::LevelGuard(int64_t size, Randomness randomness)
    : level_{next_id.fetch_add(1, std::memory_order_relaxed), size, 0}, before_(detail::newest_batch_level) {
  register_batch_rules();
  active().levels.push_back(level_);
  active().randomness.push_back(randomness);
  detail::set_newest_batch_level(level_.id);
}
LevelGuard::~LevelGuard() {
  active().levels.pop_back();
  active().randomness.pop_back();
  detail::set_newest_batch_level(before_);
}
const std::vector<BatchLevel>& active_levels() { return active().levels; }
Randomness randomness() { return active().randomness.empty() ? Randomness::Same : active().randomness.back(); }
std::vector<BatchLevel> random_levels() {
  std::vector<BatchLevel> all;
  for (size_t i = 0; i < active().levels.size(); ++i)
    if (active().randomness[i] == Randomness::Different) all.push_back(active().levels[i]);
  return all;
}

BackwardGuard::BackwardGuard() : before_(detail::newest_batch_level) { detail::set_newest_batch_level(UINT64_MAX); }
BackwardGuard::~BackwardGuard() { detail::set_newest_batch_level(before_); }

}  // namespace lazuli::batching
