#include "lazuli/training/interrupt.h"

#include <csignal>

namespace lazuli::training {

namespace {
volatile std::sig_atomic_t came = 0;
bool watching = false;
struct sigaction before;
void on_interrupt(int) { came = 1; }
}  // namespace

InterruptGuard::InterruptGuard(bool active) : active_(active && !watching) {
  if (!active_) return;
  came = 0;
  watching = true;
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, &before);
}

InterruptGuard::~InterruptGuard() {
  if (!active_) return;
  sigaction(SIGINT, &before, nullptr);
  watching = false;
}

bool InterruptGuard::interrupted() { return came != 0; }

}  // namespace lazuli::training
