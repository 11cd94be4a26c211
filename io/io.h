#pragma once
#include "lazuli/io/idx.h"
#include "lazuli/io/safetensors.h"
