#pragma once
#include "lazuli/record/step_list.h"

/// What is checked of lists from files. Kernels trust their callers: a slot call whose tensors do not fit each other reads and writes anywhere.
namespace lazuli::recording {

/// Whether calls of the slot may stand in a file.
bool has_contract(const KernelBase& slot);
/// Throws Error (File) that begins with `where` unless the arguments are of the slot's kinds and fit each other as its contract in core/slots.h says.
void check_contract(const ListedCall& call, const std::string& where);
/// Whether an Output argument of such a call is read before it is written, or only read.
bool reads_output(const ListedCall& call, size_t argument);
bool only_reads_output(const ListedCall& call, size_t argument);

}  // namespace lazuli::recording
