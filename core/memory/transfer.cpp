#include "lazuli/core/memory/transfer.h"

#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/memory/allocator.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/threads/stream.h"

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
  if (detail::step_observer) [[unlikely]]
    detail::step_observer->transfer(to, from, non_blocking);
  Device there = to.device(), here = from.device();
  if (here.type != there.type && !here.is_cpu() && !there.is_cpu()) {
    Tensor host = new_tensor(from.sizes(), from.dtype());
    transfer(host, from);
    return transfer(to, host);
  }
  const bool wait = !non_blocking || (here.is_cpu() ? !is_pinned(from) : there.is_cpu() ? !is_pinned(to) : here != there);
  const detail::TransferScope told({there, here, bytes, to.address(), from.address(), wait});
  if (here.is_cpu() && there.is_cpu()) {
    std::memmove(to.address(), from.address(), size_t(bytes));
  } else if (here.is_cpu()) {
    if (!wait) record_stream(from, current_stream(there));
    backend_of(there).copy_from_host(to.address(), from.address(), bytes, there.index, current_stream_handle(there), wait);
  } else if (there.is_cpu()) {
    if (!wait) record_stream(to, current_stream(here));
    backend_of(here).copy_to_host(to.address(), from.address(), bytes, here.index, current_stream_handle(here), wait);
  } else {
    if (here != there) current_stream(here).synchronize();
    backend_of(there).copy_within(to.address(), there.index, from.address(), here.index, bytes, current_stream_handle(there), wait);
  }
}

}  // namespace lazuli
