#pragma once
#include "lazuli/core/vmap/call.h"

/// What the batching rules are made of.
namespace lazuli::batching {

/// Row-major, copied where it is not.
Tensor contiguous(const Tensor& t);

/// The first `count` dimensions as one: a view where they lie so, else a copy, in the order of memory that each sample has if that is dense.
Tensor folded(const Tensor& t, int64_t count);
/// The same with nothing between the samples, nor shared by them.
Tensor packed(const Tensor& t, int64_t count);
/// With `sizes` in the place of the first dimension, into which their product goes: a view.
Tensor unfolded(const Tensor& t, const Shape& sizes);
/// Whether `folded` is a view.
bool folds(const Tensor& t, int64_t count);

/// What a rule writes: in another form than it lies in, and copied back where that form is no view.
class Written {
 public:
  /// All samples of the argument.
  Written(BatchedCall& call, size_t argument, bool overwritten) : there_(call.out(argument, overwritten)), form(there_), keep_(!overwritten) {}
  /// The first `count` dimensions as one.
  void fold(int64_t count);
  void make_contiguous();
  /// After the slot has run.
  void finish() const;

 private:
  Tensor there_;

 public:
  Tensor form;

 private:
  Shape sizes_;
  bool keep_, apart_ = false;
};

}  // namespace lazuli::batching
