#pragma once
#include "lazuli/io/torch_object.h"

namespace lazuli {

struct TorchObject::Node {
  union {
    bool flag;
    int64_t integer = 0;
    double real;
  };
  std::string text = {};
  Tensor tensor = {};
  Items items = {};
  std::vector<Entry> entries = {};
};

}  // namespace lazuli
