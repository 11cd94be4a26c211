#pragma once
#include <functional>
#include <mutex>
#include <vector>

#include "lazuli/backends/cuda/library.h"
#include "lazuli/core/threads/work_graph.h"

namespace lazuli::cuda {

/// A CUDA graph: captured from a stream in the mode that leaves other threads alone. Only kernels that Lazuli launches itself can get other arguments; products and convolutions of NVIDIA's
/// libraries are in it as they were captured.
class Graph final : public WorkGraph {
 public:
  /// What a graph needs of its device.
  struct Owner {
    const DriverApi& driver;
    int index;
    std::mutex& capturing;                             // held meanwhile: nobody may wait for the whole device then
    std::function<CUstream(void*)> enter;              // makes the context current; the stream of a handle
    std::function<bool()> enter_if_it_works;           // the same, without Error
    std::function<void(CUresult, const char*)> check;  // throws Error for what is no success
    std::function<int64_t()> error_buffers;            // how many kernels of this thread may report a bad index
    std::function<void()> expect_errors;               // such kernels run
  };
  Graph(const GraphApi& api, Owner owner) : cu_(api), owner_(std::move(owner)) {}
  ~Graph() override;

  void begin(void* stream) override;
  void begin_part(bool changing) override;
  void end() override;
  void begin_update(int64_t part) override;
  void end_update() override;
  void abandon() noexcept override;
  void launch(void* stream) override;
  int64_t size() const override { return size_; }

  /// The one that this thread captures or updates for a device; null where there is none.
  static Graph* open(int index) { return open_ && open_->owner_.index == index ? open_ : nullptr; }
  /// A kernel's call, in the place of cuLaunchKernel.
  void kernel(const CUDA_KERNEL_NODE_PARAMS& call, CUstream stream);
  /// Throws Error for what cannot be in a graph, or not in a changing part of one.
  [[noreturn]] static void refuse(const char* what);
  void refuse_if_changing(const char* what) const;

 private:
  struct Part {
    bool changing;
    std::vector<CUgraphNode> kernels;  // of a changing one
  };
  enum class State : uint8_t { New, Captures, Ready, Updates };

  static thread_local constinit Graph* open_;
  const GraphApi& cu_;
  Owner owner_;
  State state_ = State::New;
  std::unique_lock<std::mutex> capturing_;
  CUstream stream_ = nullptr;  // while it captures
  CUgraph graph_ = nullptr;
  CUgraphExec exec_ = nullptr;
  std::vector<Part> parts_;
  size_t part_ = 0, next_ = 0;  // what an update has come to
  int64_t size_ = 0, errors_before_ = 0;
  bool reports_errors_ = false;
};

}  // namespace lazuli::cuda
