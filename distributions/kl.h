#pragma once
#include "lazuli/distributions/distribution.h"

/// How divergences are found by the classes of both sides. Not for users.
namespace lazuli::distributions::detail {

/// The divergence, or an undefined tensor where p and q are of other classes.
using Divergence = Tensor (*)(const Distribution& p, const Distribution& q);
template <class P, class Q, Tensor (*formula)(const P&, const Q&)>
Tensor when(const Distribution& p, const Distribution& q) {
  const P* a = dynamic_cast<const P*>(&p);
  const Q* b = dynamic_cast<const Q*>(&q);
  return a && b ? formula(*a, *b) : Tensor();
}

/// Pairs of different classes.
Tensor mixed_divergence(const Distribution& p, const Distribution& q);

}  // namespace lazuli::distributions::detail
