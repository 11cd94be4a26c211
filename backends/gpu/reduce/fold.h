#pragma once
#include <initializer_list>

#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/slots.h"

/// The engine under every kernel that folds many elements into one: the shape of the work is the engine's, what is computed is a Fold's.
namespace lazuli::gpu {

inline constexpr int kGroupSize = 128;

/// How the items of a group share the work: 2^teams_log2 results at once, each folded by 2^members_log2 items, whose product is kGroupSize.
/// `adjacent`: the members of a team are neighbours (their elements lie side by side), else the teams are.
struct Teams {
  int32_t teams_log2 = 0, members_log2 = 7, adjacent = 1;
  int64_t groups(int64_t results) const { return (results + (int64_t(1) << teams_log2) - 1) >> teams_log2; }
};
/// For so many results of n elements each.
Teams teams_for(int64_t results, int64_t n, bool adjacent);

/// Text for sources that fold by teams, after State, start() and merge(a, b): Teams, team_of(t, id), member_of(t, id), and
/// State fold_team(shared, s, t, id), which merges the items' states in a fixed tree; every item of the group calls it, and gets its team's result.
extern const char* const kTeamsText;

/// States with start() and merge(), in terms of ACCUMULATOR. Log of the sum of exponentials: {greatest, sum of exp(x - greatest)}, and state_of(x).
/// Where an infinity is the greatest, sum counts; a NaN makes both NaN.
extern const char* const kLogSumExpState;
/// Mean and sum of squared deviations: {count, shift, sum of x - shift, and of its square}; take(s, r, x), where A is the type of x; centred(s) has the mean for shift, sum 0
/// and in `square` the sum of squared deviations. Merged by Chan's formula.
extern const char* const kMomentState;

/// What a reduction computes. `state` and `code` define the type State (at most 32 bytes), start(), take(s, r, a..) with the elements of the inputs and the place r among the
/// reduced, merge(s, t), and the macro FINISH, which writes s to out0[at[0]] (out1[at[1]], ..), with `n` elements folded and the parameters p0, p1.
/// ACCUMULATOR is int64 for integers A, double where A or O is double precision, else float; IS_NAN(x) is of that type.
struct Fold {
  struct Definition {
    const char *name, *text;
  };
  const char *state = nullptr, *code = nullptr;
  Definition definitions[5] = {};  // #define name text, before the code
};

/// Folds inputs[0] over the dimensions where outputs[0] has size 1. All tensors have its rank; inputs may have size 1 where they repeat; those after the first output or input
/// may be undefined. Types in the text: O, P, Q, R for the outputs, A, B, C, D for the inputs. `parameters`: the real dtype that p0 and p1 are passed as.
/// No elements at all: outputs become what FINISH makes of start().
void reduction(const Fold& fold, std::initializer_list<const Tensor*> outputs, std::initializer_list<const Tensor*> inputs, double p0, double p1,
               DType parameters);

}  // namespace lazuli::gpu
