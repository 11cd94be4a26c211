#pragma once
#include <cstdint>

/// What a test tells the stand-in for the CUDA driver, and what it can see there: the object behind the symbol `stand_in_control` of libcuda.so.1.
struct StandInControl {
  int64_t free_bytes[2] = {int64_t(1) << 30, int64_t(1) << 30};  // of each device
  int error_at_wait[2] = {};  // a CUresult that the next wait for the device finds; it stays, as a lost device's does
  int contexts = 0, streams = 0, events = 0, blocks = 0, modules = 0;  // alive
  struct {
    int calls = 0, device = 0;
    void* stream = nullptr;
    unsigned grid[3] = {}, group[3] = {};
  } launch;  // the last one, of those that were no part of a graph
  // Graphs.
  int graphs = 0, graph_executables = 0;      // alive
  int graph_launches = 0, graph_updates = 0;  // so far
  int copies = 0;                             // within the devices, so far, of those that were no part of a graph
  bool refuse_graphs = false;                 // none can be begun
  bool fail_instantiation = false;            // of each graph
  int fail_kernel_in_graph = 0;               // that many kernels on is one that is refused while a graph is captured
  int fail_update = 0;                        // that many updates of kernels on is one that fails
};

/// The same for cuDNN: `stand_in_cudnn` of libcudnn.so.9.
struct StandInCudnn {
  int refusals;              // so many of the next searches for algorithms find none
  int failures;              // so many of the next convolutions fail, with something written
  uint64_t workspace;        // what its algorithms want
  int handles, descriptors;  // alive
  int searches;              // for algorithms
  struct {
    int calls[3];  // forward, of the input, of the weight
    int algorithm, math, groups, rank;
    bool channels_last;
    void* stream;
  } last;
};
