// Before each kernel's text: what of CUDA C++ the kernels use, for the host's compiler. The threads of a group take turns, each until the next barrier.
#include <ucontext.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

#undef INFINITY
#undef NAN

namespace stand_in {

struct Place {
  unsigned x = 0, y = 0, z = 0;
};
struct Thread {
  ucontext_t context;
  std::vector<char> stack = std::vector<char>(128 << 10);
  bool done = false;
};

static std::mutex mutex;
static ucontext_t scheduler;
static Thread* now;
static std::function<void()> body;
static void enter() {
  body();
  now->done = true;
}

}  // namespace stand_in

static stand_in::Place threadIdx, blockIdx, blockDim, gridDim;
static bool stand_in_has_barriers = false;

static inline void stand_in_barrier() { swapcontext(&stand_in::now->context, &stand_in::scheduler); }

namespace stand_in {

static void run_group() {
  if (!stand_in_has_barriers) {
    for (threadIdx.x = 0; threadIdx.x < blockDim.x; ++threadIdx.x) body();
    return;
  }
  static std::vector<Thread> threads;
  threads.resize(blockDim.x);
  for (Thread& t : threads) {
    getcontext(&t.context);
    t.context.uc_stack.ss_sp = t.stack.data();
    t.context.uc_stack.ss_size = t.stack.size();
    t.context.uc_link = &scheduler;
    t.done = false;
    makecontext(&t.context, enter, 0);
  }
  for (bool more = true; more;) {
    more = false;
    for (unsigned i = 0; i < blockDim.x; ++i) {
      if (threads[i].done) continue;
      threadIdx.x = i;
      now = &threads[i];
      swapcontext(&scheduler, &threads[i].context);
      more |= !threads[i].done;
    }
  }
}

template <class... A>
struct Signature {
  static constexpr size_t sizes[] = {sizeof(A)..., 0};
  static void run(void (*kernel)(A...), void** parameters, const unsigned* grid, const unsigned* group) {
    std::lock_guard lock(mutex);
    [&]<size_t... i>(std::index_sequence<i...>) {
      body = [=] { kernel(*static_cast<std::remove_cv_t<A>*>(parameters[i])...); };
    }
    (std::index_sequence_for<A...>());
    gridDim = {grid[0], grid[1], 1};
    blockDim = {group[0], 1, 1};
    for (unsigned y = 0; y < grid[1]; ++y)
      for (unsigned x = 0; x < grid[0]; ++x) {
        blockIdx = {x, y, 0};
        run_group();
      }
  }
};
template <class... A>
Signature<A...> signature(void (*)(A...));

}  // namespace stand_in

// Kernels have names of the system's functions, `read` for one: they are seen here alone.
#define STAND_IN_KERNEL(name)                                                                                          \
  extern "C" [[gnu::visibility("default")]] void stand_in_run(void** p, const unsigned* grid, const unsigned* group) { \
    decltype(stand_in::signature(&::name))::run(&::name, p, grid, group);                                              \
  }                                                                                                                    \
  extern "C" [[gnu::visibility("default")]] const size_t* const stand_in_sizes_at = decltype(stand_in::signature(&::name))::sizes;

#define __global__
#define __device__
#define __forceinline__ inline
#define __constant__ static const
#define __shared__ static
#define __syncthreads() stand_in_barrier()
#define asm(...)

using namespace std;
template <class T>
static T rsqrt(T x) {
  return T(1) / sqrt(x);
}
static int __popc(unsigned x) { return popcount(x); }
static unsigned __umulhi(unsigned a, unsigned b) { return unsigned((uint64_t(a) * b) >> 32); }
static unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)((static_cast<unsigned __int128>(a) * b) >> 64);
}
static float __int_as_float(int u) { return bit_cast<float>(u); }
static float __uint_as_float(unsigned u) { return bit_cast<float>(u); }
static unsigned __float_as_uint(float f) { return bit_cast<unsigned>(f); }
static double __longlong_as_double(long long u) { return bit_cast<double>(u); }
static long long __double_as_longlong(double d) { return bit_cast<long long>(d); }
template <class A, class B>
static auto min(A a, B b) {
  return a < b ? common_type_t<A, B>(a) : common_type_t<A, B>(b);
}
template <class A, class B>
static auto max(A a, B b) {
  return a < b ? common_type_t<A, B>(b) : common_type_t<A, B>(a);
}
template <class T>
static T atomicAdd(T* p, T v) {
  T before = *p;
  *p += v;
  return before;
}
template <class T>
static T atomicMin(T* p, T v) {
  T before = *p;
  *p = v < before ? v : before;
  return before;
}
template <class T>
static T atomicMax(T* p, T v) {
  T before = *p;
  *p = before < v ? v : before;
  return before;
}
static int atomicCAS(int* p, int expected, int v) {
  int before = *p;
  if (before == expected) *p = v;
  return before;
}
