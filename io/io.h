#pragma once
#include "lazuli/io/safetensors.h"
