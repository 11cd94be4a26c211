#include "lazuli/core/transfer.h"

#include <cstring>

#include "lazuli/core/allocator.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/stream.h"

namespace lazuli {

bool is_pinned(const Tensor& t) { return t.storage() && t.storage()->allocator() && t.storage()->allocator()->pinned(); }

void record_stream(const Tensor& tensor, const Stream& stream) {
  const Ref<Storage>& s = tensor.storage();
  if (!s || !s->allocator() || (s->device().is_cpu() && !s->allocator()->pinned())) return;
  if (s->device() == stream.device() && s->stream() == stream.handle()) return;
  s->allocator()->record_stream(s->data(), stream);
}

void transfer(Tensor& to, const Tensor& from, bool non_blocking) {
  int64_t bytes = from.nbytes();
  if (bytes == 0) return;
  Device there = to.device(), here = from.device();
  if (here.is_cpu() && there.is_cpu()) {
    std::memmove(to.data(), from.data(), size_t(bytes));
  } else if (here.is_cpu()) {
    bool wait = !non_blocking || !is_pinned(from);
    if (!wait) record_stream(from, current_stream(there));
    backend_of(there).copy_from_host(to.data(), from.data(), bytes, there.index, current_stream_handle(there), wait);
  } else if (there.is_cpu()) {
    bool wait = !non_blocking || !is_pinned(to);
    if (!wait) record_stream(to, current_stream(here));
    backend_of(here).copy_to_host(to.data(), from.data(), bytes, here.index, current_stream_handle(here), wait);
  } else if (here == there) {
    backend_of(there).copy_within(to.data(), there.index, from.data(), here.index, bytes, current_stream_handle(there), !non_blocking);
  } else if (here.type == there.type) {
    current_stream(here).synchronize();
    backend_of(there).copy_within(to.data(), there.index, from.data(), here.index, bytes, current_stream_handle(there), true);
  } else {
    Tensor host = new_tensor(from.sizes(), from.dtype());
    transfer(host, from);
    transfer(to, host);
  }
}

}  // namespace lazuli
