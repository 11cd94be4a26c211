#pragma once
#include <type_traits>

namespace lazuli {

namespace detail {
void team_run(void (*body)(void*, int thread, int team), void* context);
}

/// Calls `body(thread, team)` once in each of get_num_threads() threads at the same time, this one (thread 0) among them; `team` is how many there are, which may be fewer. Kernels called in it use
/// one thread each. What a body throws is rethrown here, when all are done.
template <class F>
void in_team(F&& body) {
  detail::team_run([](void* context, int thread, int team) { (*static_cast<std::remove_reference_t<F>*>(context))(thread, team); }, &body);
}

}  // namespace lazuli
