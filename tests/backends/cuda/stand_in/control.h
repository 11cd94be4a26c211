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
