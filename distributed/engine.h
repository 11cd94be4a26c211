#pragma once
#include <cstddef>
#include <memory>
#include <vector>

/// What carries bytes between processes. This header stands alone, so that an engine can be a shared object of its own: it moves bytes and
/// knows nothing of tensors. Sums are made above it, rank after rank, so that they are the same with every engine.
namespace lazuli::distributed {

class DeviceSide;

/// Something on its way.
class Operation {
 public:
  virtual ~Operation() = default;
  /// Whether it is complete; looks after it meanwhile. Throws std::exception when it cannot become complete.
  virtual bool done() = 0;
};
using Started = std::unique_ptr<Operation>;

/// Some of the processes, numbered from 0. Every function starts an operation and returns; the memory named stays as it is, and is not looked at, until the operation is complete.
/// One thread calls them. The collective ones are called in the same order by all ranks, with the same numbers; sizes are in bytes.
/// What an engine throws (any std::exception) becomes a lazuli::Error that names rank and operation.
class Communicator {
 public:
  virtual ~Communicator() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;

  virtual Started broadcast(void* data, size_t size, int root) = 0;
  virtual Started all_gather(const void* own, void* all, size_t size_of_own) = 0;
  /// `all` has the parts of each rank one after the other, of the sizes given.
  virtual Started all_to_all(const void* parts, const std::vector<size_t>& sizes, void* received, const std::vector<size_t>& received_sizes) = 0;
  virtual Started gather(const void* own, void* all, size_t size_of_own, int root) = 0;
  virtual Started scatter(const void* all, void* own, size_t size_of_own, int root) = 0;
  virtual Started barrier() = 0;
  virtual Started send(const void* data, size_t size, int to, int tag) = 0;
  virtual Started receive(void* data, size_t size, int from, int tag) = 0;

  /// A communicator of the ranks listed, in that order; null on the others. Collective: all ranks of this one call it. Blocks.
  virtual std::unique_ptr<Communicator> split(const std::vector<int>& ranks) = 0;
  /// The same ranks over memory of a device (distributed/device_side.h); null where the engine reaches none.
  virtual DeviceSide* device_side() { return nullptr; }
};

/// A way to carry bytes, begun once in a process.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual const char* name() const = 0;
  virtual Communicator& world() = 0;
  /// Ends it in good order: all ranks call it. Blocks.
  virtual void finish() = 0;
  /// Ends the whole job at once, as one rank can go no further.
  virtual void abort(int status) = 0;
};

}  // namespace lazuli::distributed
