// Graphs of the stand-in driver: what is captured is kept with copies of its arguments, and done at each launch.
#include <algorithm>
#include <atomic>
#include <memory>

#include "tests/backends/cuda/stand_in/control.h"
#include "tests/backends/cuda/stand_in/driver.h"

#undef cuStreamBeginCapture
#undef cuGraphExecKernelNodeSetParams

struct CUgraphNode_st {
  std::function<void()> work;  // of a copy or a library
  CUDA_KERNEL_NODE_PARAMS call{};
  std::vector<std::vector<unsigned char>> bytes;  // of a kernel's parameters
};
struct CUgraph_st {
  std::vector<std::shared_ptr<CUgraphNode_st>> nodes;
  CUgraphNode newest = nullptr;
};
struct CUgraphExec_st {
  std::vector<CUgraphNode> of;  // the graph's
  std::vector<CUgraphNode_st> nodes;
};

extern "C" StandInControl stand_in_control;

namespace {

thread_local CUstream captures_here = nullptr;
std::atomic<CUstream> captures_somewhere{nullptr};

void set_call(CUgraphNode_st& node, const CUDA_KERNEL_NODE_PARAMS& call) {
  node.call = call;
  node.bytes.clear();
  for (size_t i = 0; call.func->sizes && call.func->sizes[i]; ++i) {
    const auto* from = static_cast<const unsigned char*>(call.kernelParams[i]);
    node.bytes.emplace_back(from, from + call.func->sizes[i]);
  }
}
void do_node(CUgraphNode_st& node) {
  if (node.work) return node.work();
  std::vector<void*> parameters;
  for (auto& bytes : node.bytes) parameters.push_back(bytes.data());
  CUDA_KERNEL_NODE_PARAMS call = node.call;
  call.kernelParams = parameters.data();
  stand_in::run(call);
}
void add(CUgraph graph, CUgraphNode_st node) {
  graph->nodes.push_back(std::make_shared<CUgraphNode_st>(std::move(node)));
  graph->newest = graph->nodes.back().get();
}

}  // namespace

namespace stand_in {

CUresult refuse_while_capturing(CUstream waits_for) {
  CUstream stream = waits_for && waits_for->graph ? waits_for : captures_here;
  if (!stream) return CUDA_SUCCESS;
  stream->spoiled = true;
  return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

CUresult refuse_while_any_captures() {
  CUstream stream = captures_somewhere;
  if (!stream) return CUDA_SUCCESS;
  stream->spoiled = true;
  return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

CUresult queue(CUstream stream, std::function<void()> work) {
  if (!stream->graph) return work(), CUDA_SUCCESS;
  if (stream->spoiled) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  add(stream->graph, {std::move(work), {}, {}});
  return CUDA_SUCCESS;
}

}  // namespace stand_in

CUresult stand_in_keep_kernel(CUstream stream, const CUDA_KERNEL_NODE_PARAMS& call) {
  if (stream->spoiled) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  if (stand_in_control.fail_kernel_in_graph > 0 && --stand_in_control.fail_kernel_in_graph == 0) {
    stream->spoiled = true;
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  }
  CUgraphNode_st node;
  set_call(node, call);
  add(stream->graph, std::move(node));
  return CUDA_SUCCESS;
}

extern "C" {

CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode) {
  if (CUresult r = stand_in::enter(stream); r != CUDA_SUCCESS) return r;
  if (stand_in_control.refuse_graphs) return CUDA_ERROR_NOT_SUPPORTED;
  if (!stream || stream->graph || captures_here) return CUDA_ERROR_ILLEGAL_STATE;
  if (mode != CU_STREAM_CAPTURE_MODE_THREAD_LOCAL) return CUDA_ERROR_INVALID_VALUE;
  stream->graph = new CUgraph_st;
  ++stand_in_control.graphs;
  stream->spoiled = false;
  captures_here = stream;
  captures_somewhere = stream;
  return CUDA_SUCCESS;
}
CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph) {
  *graph = nullptr;
  if (!stream->graph) return CUDA_ERROR_ILLEGAL_STATE;
  if (captures_here != stream) return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
  captures_here = nullptr;
  captures_somewhere = nullptr;
  std::swap(*graph, stream->graph);
  if (!stream->spoiled) return CUDA_SUCCESS;
  stream->spoiled = false;
  cuGraphDestroy(*graph);
  *graph = nullptr;
  return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
}
CUresult cuStreamGetCaptureInfo_v2(CUstream stream, CUstreamCaptureStatus* status, cuuint64_t*, CUgraph*, const CUgraphNode** dependencies,
                                   size_t* count) {
  *status = !stream->graph ? CU_STREAM_CAPTURE_STATUS_NONE : stream->spoiled ? CU_STREAM_CAPTURE_STATUS_INVALIDATED : CU_STREAM_CAPTURE_STATUS_ACTIVE;
  if (*status != CU_STREAM_CAPTURE_STATUS_ACTIVE) return CUDA_SUCCESS;
  *dependencies = &stream->graph->newest;
  *count = stream->graph->newest ? 1 : 0;
  return CUDA_SUCCESS;
}
CUresult cuGraphGetNodes(CUgraph graph, CUgraphNode* nodes, size_t* count) {
  if (nodes) return CUDA_ERROR_NOT_SUPPORTED;
  *count = graph->nodes.size();
  return CUDA_SUCCESS;
}
CUresult cuGraphInstantiateWithFlags(CUgraphExec* exec, CUgraph graph, unsigned long long flags) {
  if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
  if (stand_in_control.fail_instantiation) return CUDA_ERROR_OUT_OF_MEMORY;
  *exec = new CUgraphExec_st;
  for (const auto& node : graph->nodes) {
    (*exec)->of.push_back(node.get());
    (*exec)->nodes.push_back(*node);
  }
  ++stand_in_control.graph_executables;
  return CUDA_SUCCESS;
}
CUresult cuGraphExecKernelNodeSetParams_v2(CUgraphExec exec, CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS* call) {
  if (CUresult r = stand_in::enter(); r != CUDA_SUCCESS) return r;
  const auto at = std::find(exec->of.begin(), exec->of.end(), node);
  if (at == exec->of.end() || node->work || call->extra) return CUDA_ERROR_INVALID_VALUE;
  if (stand_in_control.fail_update > 0 && --stand_in_control.fail_update == 0) return CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE;
  set_call(exec->nodes[size_t(at - exec->of.begin())], *call);
  ++stand_in_control.graph_updates;
  return CUDA_SUCCESS;
}
CUresult cuGraphLaunch(CUgraphExec exec, CUstream stream) {
  if (CUresult r = stand_in::enter(stream); r != CUDA_SUCCESS) return r;
  if (!stream || stream->graph) return CUDA_ERROR_INVALID_VALUE;
  for (CUgraphNode_st& node : exec->nodes) do_node(node);
  ++stand_in_control.graph_launches;
  return CUDA_SUCCESS;
}
CUresult cuGraphExecDestroy(CUgraphExec exec) {
  delete exec;
  --stand_in_control.graph_executables;
  return CUDA_SUCCESS;
}
CUresult cuGraphDestroy(CUgraph graph) {
  delete graph;
  --stand_in_control.graphs;
  return CUDA_SUCCESS;
}

}  // extern "C"
