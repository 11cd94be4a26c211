#pragma once
#include <cstdint>

namespace lazuli {

/// Work of one device that is queued once and then launched any number of times as a whole: a CUDA graph. A backend that has such a thing makes it (Backend::new_work_graph); one thread at a
/// time uses it. The work is in parts, which run in their order.
class WorkGraph {
 public:
  /// What was launched last need not be done.
  virtual ~WorkGraph() = default;

  /// From here to `end` or `abandon`, what this thread queues on `stream` is kept in place of being run. Whatever waits for the device, asks it for memory, or copies from or to the host throws
  /// Error meanwhile, after which there is only `abandon`; what other threads queue on other streams is theirs.
  virtual void begin(void* stream) = 0;
  /// What follows is the next part, from 0 on. Of a `changing` one the arguments may be others at each launch: anything but kernels of the backend's own throws Error in it.
  virtual void begin_part(bool changing) = 0;
  /// From now on it can be launched.
  virtual void end() = 0;

  /// From here to `end_update` or `abandon`, this thread's kernels are not queued: their arguments go to those of the part, in their order. Anything else throws Error, and so do kernels that are
  /// not as many.
  virtual void begin_update(int64_t part) = 0;
  virtual void end_update() = 0;

  /// Of what was begun, after an Error: streams are as before, and the graph is of no more use.
  virtual void abandon() noexcept = 0;

  /// Queues all of it, with the arguments as they are now.
  virtual void launch(void* stream) = 0;
  /// How many kernels and copies it has.
  virtual int64_t size() const = 0;
};

}  // namespace lazuli
