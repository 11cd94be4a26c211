#include "lazuli/data/text_lines.h"

#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/file.h"

namespace lazuli::data {

struct TextLines::File {
  struct Line {
    size_t begin, size;
  };
  files::MappedFile bytes;
  std::vector<Line> lines;
};

TextLines::TextLines(const std::string& path, bool skip_empty) {
  auto file = std::make_shared<File>(File{files::map_file("TextLines", path), {}});
  const char* data = file->bytes.data;
  const size_t size = file->bytes.size;
  for (size_t at = 0; at < size;) {
    const auto* end = static_cast<const char*>(std::memchr(data + at, '\n', size - at));
    const size_t next = end ? size_t(end - data) : size;
    size_t length = next - at;
    if (length && data[at + length - 1] == '\r') --length;
    const std::string_view line(data + at, length);
    if (!skip_empty || line.find_first_not_of(" \t\r\f\v") != line.npos) file->lines.push_back({at, length});
    at = next + 1;
  }
  file_ = std::move(file);
}

int64_t TextLines::size() const { return int64_t(file_->lines.size()); }
std::string TextLines::get(int64_t index) const {
  if (index < 0 || index >= size())
    fail(ErrorKind::Index, "TextLines.get", "index", "a line in [0, " + std::to_string(size()) + ")", std::to_string(index));
  const File::Line line = file_->lines[size_t(index)];
  return {file_->bytes.data + line.begin, line.size};
}

std::vector<std::string> read_lines(const std::string& path) {
  const TextLines file(path);
  std::vector<std::string> lines;
  for (int64_t i = 0; i < file.size(); ++i) lines.push_back(file.get(i));
  return lines;
}

}  // namespace lazuli::data
