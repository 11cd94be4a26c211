#pragma once
#include "lazuli/distributed/collectives.h"
#include "lazuli/distributed/compression.h"
#include "lazuli/distributed/data_parallel.h"
#include "lazuli/distributed/fully_sharded.h"
#include "lazuli/distributed/pipeline.h"
#include "lazuli/distributed/process_group.h"
#include "lazuli/distributed/report.h"
#include "lazuli/distributed/simulate.h"
#include "lazuli/distributed/tensor_parallel.h"
#include "lazuli/distributed/throttled_engine.h"
#include "lazuli/distributed/zero_redundancy.h"

/// Training on many processes: groups of them and their operations, data parallel modules, sharded models and optimizers, layers spread over ranks, what a
/// network would make of it. docs/distributed.md. Not part of lazuli.h.
