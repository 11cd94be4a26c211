// Writes docs/functions.md from the operators' table: list_functions > docs/functions.md; with --names only the names, one a line.
#include <cstdio>
#include <map>

#include "lazuli/ops/table/registry.h"

using namespace lazuli;

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--names") {
    for (const std::string& name : list_ops()) std::printf("%s\n", name.c_str());
    return 0;
  }
  std::map<std::string, std::vector<OpInfo>> families;
  size_t functions = 0, overloads = 0;
  for (const std::string& name : list_ops()) {
    OpInfo info = get_op_info(name);
    ++functions;
    overloads += info.schemas.size();
    families[info.family].push_back(std::move(info));
  }
  std::printf(
      "# Functions\n\n"
      "All %zu functions (%zu signatures) of `namespace lazuli`, by family, as the table of operators has them; each can be called by name too "
      "(`call(\"addmm\", ...)`).\n"
      "`?` may be left out or `none`, `*` begins what PyTorch takes by keyword only, `Tensor|Scalar` takes a number in a tensor's place. Names that "
      "end in _ write to their first argument.\n\n"
      "Lists of tensors (`_foreach_add`) and sparse tensors have headers of their own, `lazuli/ops/pointwise/foreach.h` and "
      "`lazuli/ops/sparse/sparse.h`; by name a sparse tensor is its "
      "indices, values and size.\n\n"
      "Not here: `chalf` (there is no complex dtype of halves, in which PyTorch computes next to nothing either), `functionalize` (a pass over "
      "traced programs), `skip_init` (a module's numbers are drawn as it is made, from a stream "
      "of its own; `materialize` makes one without), `ProfilerActivity` (the profiler listens to all devices), `DataParallel` (`distributed`).\n\n"
      "This page is made by `build/docs/list_functions > docs/functions.md`; a test compares the two.\n",
      functions, overloads);
  for (const auto& [family, infos] : families) {
    std::printf("\n## %s\n```text\n", family.c_str());
    for (const OpInfo& info : infos)
      for (const std::string& schema : info.schemas) std::printf("%s\n", schema.c_str());
    std::printf("```\n");
  }
}
