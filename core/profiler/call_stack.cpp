#include "lazuli/core/profiler/call_stack.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <unwind.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#ifdef LAZULI_HAS_BACKTRACE
#include <backtrace.h>
#endif

namespace lazuli {

namespace {

struct Walk {
  std::vector<void*>& frames;
  size_t most;
};
_Unwind_Reason_Code visit(_Unwind_Context* context, void* data) {
  Walk& walk = *static_cast<Walk*>(data);
  int before = 0;
  uintptr_t at = _Unwind_GetIPInfo(context, &before);
  if (!at) return _URC_END_OF_STACK;
  walk.frames.push_back(reinterpret_cast<void*>(before ? at : at - 1));  // within the call, not after it
  return walk.frames.size() < walk.most ? _URC_NO_REASON : _URC_END_OF_STACK;
}

// By the mangled name, whose first part is the scope: a user's function that takes or returns our types is the user's.
bool is_ours(const char* mangled) {
  std::string_view name = mangled;
  for (std::string_view prefix : {"_ZTv", "_ZTh", "_ZZ", "_ZN", "_Z"})
    if (name.starts_with(prefix)) {
      name.remove_prefix(prefix.size());
      while (name.starts_with("N") || name.starts_with("K") || name.starts_with("Z") || name.starts_with("L")) name.remove_prefix(1);
      break;
    }
  return name.starts_with("6lazuli") || name.starts_with("St") || name.starts_with("S") || name.starts_with("9__gnu_cxx");
}
std::string readable(const char* mangled) {
  int status = 0;
  char* text = abi::__cxa_demangle(mangled, nullptr, nullptr, &status);
  std::string name = text ? text : mangled;
  std::free(text);
  if (size_t brackets = name.find('('); brackets != std::string::npos && brackets > 0) name.resize(brackets);
  return name;
}

struct Frame {
  std::string function, file;
  int line = 0;
  bool found = false;
};

#ifdef LAZULI_HAS_BACKTRACE
backtrace_state* state() {
  static backtrace_state* made = backtrace_create_state(
      nullptr, 1, [](void*, const char*, int) {}, nullptr);
  return made;
}
// The innermost of the functions at an address (several, where some are inlined) that is not ours.
Frame look_up(void* at) {
  Frame frame;
  if (!state()) return frame;
  backtrace_pcinfo(
      state(), reinterpret_cast<uintptr_t>(at),
      [](void* data, uintptr_t, const char* file, int line, const char* function) {
        Frame& f = *static_cast<Frame*>(data);
        if (f.found || !function || is_ours(function)) return 0;
        f = {readable(function), file ? file : "", line, true};
        return 0;
      },
      [](void*, const char*, int) {}, &frame);
  if (frame.found) return frame;
  backtrace_syminfo(
      state(), reinterpret_cast<uintptr_t>(at),
      [](void* data, uintptr_t, const char* symbol, uintptr_t, uintptr_t) {
        if (symbol && !is_ours(symbol)) *static_cast<Frame*>(data) = {readable(symbol), "", 0, true};
      },
      [](void*, const char*, int) {}, &frame);
  return frame;
}
#else
Frame look_up(void* at) {
  Dl_info info;
  if (!dladdr(at, &info) || !info.dli_sname || is_ours(info.dli_sname)) return {};
  return {readable(info.dli_sname), "", 0, true};
}
#endif

}  // namespace

std::vector<void*> call_stack(size_t most) {
  std::vector<void*> frames;
  frames.reserve(most);
  Walk walk{frames, most};
  _Unwind_Backtrace(&visit, &walk);
  return frames;
}

std::string user_line(const std::vector<void*>& stack) {
  for (void* at : stack) {
    Frame frame = look_up(at);
    if (!frame.found) continue;
    if (frame.file.empty()) return frame.function;
    const size_t slash = frame.file.find_last_of('/');
    return frame.function + " (" + (slash == std::string::npos ? frame.file : frame.file.substr(slash + 1)) + ":" + std::to_string(frame.line) + ")";
  }
  return {};
}

}  // namespace lazuli
