#include "lazuli/backends/cuda/graph.h"

#include "lazuli/core/error.h"

namespace lazuli::cuda {

thread_local constinit Graph* Graph::open_ = nullptr;

Graph::~Graph() {
  abandon();
  if (!graph_ || !owner_.enter_if_it_works()) return;
  if (exec_) cu_.GraphExecDestroy(exec_);  // the driver keeps what still runs until it is done
  cu_.GraphDestroy(graph_);
}

void Graph::refuse(const char* what) {
  fail(ErrorKind::NotSupported, "cuda", "", "nothing but kernels and copies within the device while a graph is captured", what);
}
void Graph::refuse_if_changing(const char* what) const {
  if (state_ == State::Updates || parts_.empty() || parts_.back().changing) refuse(what);
}

void Graph::begin(void* stream) {
  if (open_) refuse("another graph");
  stream_ = owner_.enter(stream);
  std::unique_lock lock(owner_.capturing);
  owner_.check(cu_.StreamBeginCapture(stream_, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL), "the begin of a graph");
  capturing_ = std::move(lock);
  state_ = State::Captures;
  errors_before_ = owner_.error_buffers();
  open_ = this;
}

void Graph::begin_part(bool changing) { parts_.push_back({changing, {}}); }

void Graph::end() {
  open_ = nullptr;
  state_ = State::New;
  const CUresult ended = cu_.StreamEndCapture(stream_, &graph_);
  capturing_ = {};
  owner_.check(ended, "the end of a graph");
  size_t nodes = 0;
  owner_.check(cu_.GraphGetNodes(graph_, nullptr, &nodes), "a graph");
  size_ = int64_t(nodes);
  owner_.check(cu_.GraphInstantiateWithFlags(&exec_, graph_, 0), "a graph");
  reports_errors_ = owner_.error_buffers() != errors_before_;
  state_ = State::Ready;
}

void Graph::begin_update(int64_t part) {
  if (open_) refuse("another graph");
  owner_.enter(nullptr);
  part_ = size_t(part);
  next_ = 0;
  state_ = State::Updates;
  open_ = this;
}

void Graph::end_update() {
  if (next_ != parts_[part_].kernels.size()) refuse("a call that makes fewer kernels than it did");
  open_ = nullptr;
  state_ = State::Ready;
}

void Graph::abandon() noexcept {
  if (open_ == this) open_ = nullptr;
  const bool captures = state_ == State::Captures;
  if (captures || state_ == State::Updates) state_ = State::New;
  if (!captures) return;
  CUgraph broken = nullptr;  // none after what the driver had refused
  if (owner_.enter_if_it_works() && cu_.StreamEndCapture(stream_, &broken) == CUDA_SUCCESS && broken) cu_.GraphDestroy(broken);
  capturing_ = {};
}

void Graph::launch(void* stream) {
  CUstream to = owner_.enter(stream);
  if (state_ != State::Ready) refuse("a graph that is not finished");
  owner_.check(cu_.GraphLaunch(exec_, to), "a graph");
  if (reports_errors_) owner_.expect_errors();
}

void Graph::kernel(const CUDA_KERNEL_NODE_PARAMS& call, CUstream stream) {
  if (state_ == State::Updates) {
    const std::vector<CUgraphNode>& kernels = parts_[part_].kernels;
    if (next_ == kernels.size()) refuse("a call that makes more kernels than it did");
    return owner_.check(cu_.GraphExecKernelNodeSetParams(exec_, kernels[next_++], &call), "a kernel of a graph");
  }
  owner_.check(owner_.driver.LaunchKernel(call.func, call.gridDimX, call.gridDimY, call.gridDimZ, call.blockDimX, call.blockDimY, call.blockDimZ,
                                          call.sharedMemBytes, stream, call.kernelParams, nullptr),
               "a kernel's call");
  if (parts_.empty() || !parts_.back().changing) return;
  CUstreamCaptureStatus status = CU_STREAM_CAPTURE_STATUS_NONE;
  const CUgraphNode* newest = nullptr;  // what the next one would wait for: this one
  size_t count = 0;
  owner_.check(cu_.StreamGetCaptureInfo(stream, &status, nullptr, nullptr, &newest, &count), "a graph's kernel");
  if (status != CU_STREAM_CAPTURE_STATUS_ACTIVE || count != 1) refuse("work on another stream");
  parts_.back().kernels.push_back(newest[0]);
}

}  // namespace lazuli::cuda
