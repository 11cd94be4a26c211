#pragma once
#include "lazuli/io/npy.h"
#include "lazuli/io/npz.h"
#include "lazuli/io/rename.h"
#include "lazuli/io/safetensors.h"
#include "lazuli/io/safetensors_index.h"
#include "lazuli/io/torch.h"
