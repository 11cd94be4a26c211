#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace lazuli {

/// Work of many small calls, put off so that it runs side by side: threads are woken once for all of it, and calls too small for more than one thread share them. While one lives, kernels that
/// offer it (the optimizers' on the CPU) leave the work of calls from this thread to it. Such calls must not depend on each other, and nobody may look at what they write before `run` or the end.
class [[nodiscard]] Together {
 public:
  Together();
  /// Runs what is left.
  ~Together();
  Together(const Together&) = delete;
  Together& operator=(const Together&) = delete;
  void run();

  /// The newest of this thread; null where there is none, and while somebody listens to its calls (core/slots/events.h): those are done when they end.
  static Together* open();
  /// `body(from, to)`, which throws nothing, over pieces of [0, count) as in parallel_for, later. A copy of body is kept until then.
  template <class F>
  void add(int64_t count, int64_t grain, const F& body) {
    work_.push_back({count, grain, std::make_unique<BodyOf<F>>(body)});
  }

 private:
  struct Body {
    virtual ~Body() = default;
    virtual void run(int64_t from, int64_t to) = 0;
    static void* operator new(size_t bytes);
    static void operator delete(void* body, size_t bytes);
  };
  template <class F>
  struct BodyOf : Body {
    F f;
    explicit BodyOf(const F& given) : f(given) {}
    void run(int64_t from, int64_t to) override { f(from, to); }
  };
  struct Work {
    int64_t count, grain;
    std::unique_ptr<Body> body;
  };
  std::vector<Work> work_;
  Together* const older_;
};

}  // namespace lazuli
