#pragma once
#include "lazuli/data/dataloader.h"
#include "lazuli/data/dataset.h"
#include "lazuli/data/datasets.h"
#include "lazuli/data/idx.h"
#include "lazuli/data/mnist.h"
#include "lazuli/data/sampler.h"
#include "lazuli/data/transform.h"
