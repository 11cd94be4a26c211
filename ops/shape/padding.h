#pragma once
#include <string_view>

#include "lazuli/core/tensor.h"

namespace lazuli {

/// Puts `pad` = {left, right, top, bottom, ..} places around the last dimension, the one before it, and so on. What they hold, by `mode`:
///   "constant"   `value` (0 where there is none); any number of dimensions, any dtype;
///   "reflect"    the places inside in reverse, without the edge: for 1 2 3 and a pad of 2, 3 2 1 2 3 2 1; less than the size;
///   "replicate"  the edge;
///   "circular"   the places from the other end, no more than there are.
/// All but constant pad the last one to three dimensions of an input that has one or two more. A negative pad takes places away: reflect and replicate still look at what is not
/// there any more, circular goes around what is left. Throws Error for a pad of odd length or of more dimensions than there are, sizes that come out negative, an unknown mode, and a
/// value in a mode other than "constant".
Tensor pad(const Tensor& self, const Shape& pad, std::string_view mode = "constant", const std::optional<Scalar>& value = {});
/// pad with mode "constant".
Tensor constant_pad_nd(const Tensor& self, const Shape& pad, const Scalar& value = 0);

}  // namespace lazuli
