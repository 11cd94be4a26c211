#pragma once

/// What a training run needs around its model: meters, loggers, pictures, a progress bar, early stopping, and a Trainer that has them all. Not part of lazuli.h.
#include "lazuli/training/amp.h"
#include "lazuli/training/bleu.h"
#include "lazuli/training/confusion.h"
#include "lazuli/training/early_stopping.h"
#include "lazuli/training/image_sheet.h"
#include "lazuli/training/interrupt.h"
#include "lazuli/training/logger.h"
#include "lazuli/training/meter.h"
#include "lazuli/training/plot.h"
#include "lazuli/training/progress_bar.h"
#include "lazuli/training/trainer.h"
