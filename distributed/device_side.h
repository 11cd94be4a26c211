#pragma once
#include "lazuli/core/threads/stream.h"
#include "lazuli/distributed/engine.h"

namespace lazuli::distributed {

/// The same ranks as a communicator's, over memory of a device: what it is given are addresses there, and its operations are queued on `stream`, where those who use it order their own work.
class DeviceSide : public Communicator {
 public:
  virtual DeviceType device_type() const = 0;
  /// Of the tensors that it is given; the first one decides, on each rank for itself. Throws std::exception for another device of the type later.
  virtual const Stream& stream(Device device) = 0;
};

}  // namespace lazuli::distributed
