#pragma once
#include <cuda.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// What the parts of the stand-in for the CUDA driver share: handles, and how work is queued.
struct CUctx_st {
  int device;
};
struct CUstream_st {
  CUcontext context;
  CUgraph graph = nullptr;  // while it captures
  bool spoiled = false;     // something was refused meanwhile
};
struct CUmod_st {
  std::string text;  // of the kernels, where they were compiled by the stand-in for NVRTC
  std::vector<CUfunction> functions;
};
struct CUfunc_st {
  std::string name;
  CUmodule module;
  // From the host's compiler, at the first call.
  void (*run)(void** parameters, const unsigned* grid, const unsigned* group) = nullptr;
  const size_t* sizes = nullptr;  // of the parameters, a zero behind the last
};

namespace stand_in {

/// How a "binary" of the stand-in for NVRTC begins; the kernels' text follows.
inline constexpr char kMagic[] =
    "\x7f"
    "ELF of the stand-in\n";

/// The present context works and the stream is one of it.
CUresult enter(CUstream stream = nullptr);
/// Does the work, or keeps it where the stream captures.
CUresult queue(CUstream stream, std::function<void()> work);
/// For what must not be called while this thread captures: spoils that.
CUresult refuse_while_capturing(CUstream waits_for = nullptr);
/// For what waits for the whole device: spoils what any thread captures there.
CUresult refuse_while_any_captures();

/// Compiles a kernel for the host, where its module has a text. False when the compiler fails.
bool compile(CUfunction function);
/// Does a kernel's call now.
void run(const CUDA_KERNEL_NODE_PARAMS& call);

}  // namespace stand_in
