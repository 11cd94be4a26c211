#pragma once
#include <functional>
#include <string>

namespace lazuli {

/// Gets what the library has to say that is no error, one line without its end.
using WarningHandler = std::function<void(const std::string& text)>;
/// From now on `handler` gets all warnings, of any thread; an empty one writes them to the standard error stream, as it is at first. Returns the handler before it.
WarningHandler set_warning_handler(WarningHandler handler);

/// Tells the handler; the second one each text once in the process (of the first thousand texts), or always (set_warn_always).
void warn(const std::string& text);
void warn_once(const std::string& text);

}  // namespace lazuli
