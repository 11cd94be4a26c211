#pragma once
#include <cstdint>

/// What a test tells the stand-in for the CUDA driver, and what it can see there: the object behind the symbol `stand_in_control` of libcuda.so.1.
struct StandInControl {
  int64_t free_bytes[2];                           // of each device
  int error_at_wait[2];                            // a CUresult that the next wait for the device finds; it stays, as a lost device's does
  int contexts, streams, events, blocks, modules;  // alive
  struct {
    int calls, device;
    void* stream;
    unsigned grid[3], group[3];
  } launch;  // the last one
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
