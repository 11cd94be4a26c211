#pragma once
#include "lazuli/distributed/collectives.h"
#include "lazuli/distributed/compression.h"
#include "lazuli/distributed/data_parallel.h"
#include "lazuli/distributed/pipeline.h"
#include "lazuli/distributed/process_group.h"
#include "lazuli/distributed/tensor_parallel.h"
#include "lazuli/distributed/zero_redundancy.h"

/// Training on many processes: groups of them and their operations, data parallel modules, sharded optimizers, layers spread over ranks. docs/distributed.md. Not part of lazuli.h.
