#pragma once
#include <memory>

#include "lazuli/data/dataset.h"

namespace lazuli::data {

extern template class Dataset<std::string>;

/// The lines of a text file, without their ends (\n or \r\n): examples are texts, batches vectors of them. Only where lines begin is kept in memory; a line is read from the file, which stays open, when it is asked for.
class TextLines : public Dataset<std::string> {
 public:
  /// Throws Error (File) for a file that cannot be read. `skip_empty` leaves out lines of nothing but spaces.
  explicit TextLines(const std::string& path, bool skip_empty = false);
  int64_t size() const override;
  /// Throws Error (Index), and (File) where the file has been shortened meanwhile.
  std::string get(int64_t index) const override;

 private:
  struct File;
  std::shared_ptr<const File> file_;
};

/// The lines of a text file, all at once.
std::vector<std::string> read_lines(const std::string& path);

}  // namespace lazuli::data
