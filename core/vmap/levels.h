#pragma once
#include <vector>

#include "lazuli/core/tensor.h"

/// The hidden dimensions of vmap. They belong to storages, so that all views of one have them without knowing: a batched storage stands for one sample, which its tensors' sizes,
/// strides and offsets describe, and has for each level how many samples there are and how far apart they lie in the memory of all.
namespace lazuli {

struct BatchLevel {
  uint64_t id;     // a greater one is further in
  int64_t size;    // samples
  int64_t stride;  // bytes from one to the next; 0: all share one
};

/// What vmap knows of a storage.
struct HiddenBatch {
  Ref<Storage> whole;              // the memory of all samples; null as long as there are no levels
  std::vector<BatchLevel> levels;  // outermost first
  uint64_t born;                   // the innermost level it was made in: only levels up to that one may be added when it is written
};

namespace batching {

/// The levels of `t`, outermost first; none for an undefined tensor.
inline const std::vector<BatchLevel>& levels(const Tensor& t) {
  static const std::vector<BatchLevel> none;
  return t.defined() && t.body()->storage && t.body()->storage->hidden() ? t.body()->storage->hidden()->levels : none;
}
inline bool is_batched(const Tensor& t) { return !levels(t).empty(); }
/// Number and size of each, for those who keep no tensor.
std::vector<uint64_t> levels_of(const Tensor& t);
std::vector<BatchLevel> levels_of_both(const Tensor& a, const Tensor& b);
/// Null where `t` lacks it.
const BatchLevel* find_level(const Tensor& t, uint64_t id);

/// Both without history; views of the same memory.
/// The first dimension becomes the level, which `t` lacks.
Tensor hide(const Tensor& t, uint64_t id);
/// The level becomes the first dimension; where `t` lacks it all `size` entries share one sample.
Tensor show(const Tensor& t, uint64_t id, int64_t size);
/// All samples in one plain tensor: these levels become the first dimensions, in their order, with stride 0 where `t` lacks them. `t` has no other levels but shared ones.
Tensor whole(const Tensor& t, const std::vector<BatchLevel>& levels);
/// The reverse for a plain tensor.
Tensor hide_all(const Tensor& t, const std::vector<BatchLevel>& levels);
/// `t` with these levels too, shared by all samples.
Tensor shared_over(const Tensor& t, const std::vector<BatchLevel>& levels);
/// `t` is about to be written for each sample of these levels (a stride of 0: one write is for all): gives its storage those that it lacks, and memory of its own for each sample.
/// Its old values are kept unless `overwritten`. Throws Error for a tensor that was made outside of the vmap.
void make_batched(const char* op, const Tensor& t, const std::vector<BatchLevel>& levels, bool overwritten);

/// A plain tensor of all samples, the levels as first dimensions: for looks at values that count for all of them. `t` itself where it is not batched.
inline Tensor all_samples(const Tensor& t) { return is_batched(t) ? whole(t, levels(t)) : t; }
/// Whether the one value is true for all samples, or for any.
bool all_true(const Tensor& t);
bool any_true(const Tensor& t);

/// Random slots inside a vmap.
enum class Randomness : uint8_t { Error, Same, Different };

/// While it lives, this thread is inside a vmap of `size` samples.
class [[nodiscard]] LevelGuard {
 public:
  LevelGuard(int64_t size, Randomness randomness);
  ~LevelGuard();
  LevelGuard(const LevelGuard&) = delete;
  LevelGuard& operator=(const LevelGuard&) = delete;
  uint64_t id() const { return level_.id; }

 private:
  BatchLevel level_;
  uint64_t before_;
};
/// All that this thread is inside of, outermost first, with stride 0.
const std::vector<BatchLevel>& active_levels();
/// The innermost vmap's.
Randomness randomness();
/// Those of active_levels whose samples get random numbers of their own.
std::vector<BatchLevel> random_levels();

/// While it lives, what is done with batched tensors is done although their vmap may have ended: in the backward of what was recorded inside.
class [[nodiscard]] BackwardGuard {
 public:
  BackwardGuard();
  ~BackwardGuard();
  BackwardGuard(const BackwardGuard&) = delete;
  BackwardGuard& operator=(const BackwardGuard&) = delete;

 private:
  uint64_t before_;
};

}  // namespace batching
}  // namespace lazuli
