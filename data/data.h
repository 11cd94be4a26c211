#pragma once
#include "lazuli/data/dataloader.h"
#include "lazuli/data/dataset.h"
