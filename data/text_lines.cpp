#include "lazuli/data/text_lines.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/file.h"

namespace lazuli::data {

template class Dataset<std::string>;

namespace {
constexpr size_t kPiece = size_t(1) << 20;
}

struct TextLines::File {
  struct Line {
    size_t begin, size;
  };
  files::File file;
  std::vector<Line> lines;
};

TextLines::TextLines(const std::string& path, bool skip_empty) {
  auto lines = std::make_shared<File>(File{files::File("TextLines", path), {}});
  const size_t size = lines->file.size();
  std::vector<char> piece(std::min(size, kPiece));
  size_t begin = 0;   // of the line that is being read
  char last = 0;      // of its bytes
  bool blank = true;  // so far
  const auto end_at = [&](size_t end) {
    if (!skip_empty || !blank) lines->lines.push_back({begin, end - begin - (last == '\r')});
    begin = end + 1, last = 0, blank = true;
  };
  for (size_t at = 0; at < size; at += kPiece) {
    const std::string_view text(piece.data(), std::min(kPiece, size - at));
    lines->file.read(at, std::span(piece).first(text.size()));
    for (size_t from = 0; from < text.size();) {
      const size_t end = std::min(text.find('\n', from), text.size());
      const std::string_view part = text.substr(from, end - from);
      if (!part.empty()) last = part.back();
      blank = blank && part.find_first_not_of(" \t\r\f\v") == part.npos;
      if (end < text.size()) end_at(at + end);
      from = end + 1;
    }
  }
  if (begin < size) end_at(size);
  file_ = std::move(lines);
}

int64_t TextLines::size() const { return int64_t(file_->lines.size()); }
std::string TextLines::get(int64_t index) const {
  if (index < 0 || index >= size())
    fail(ErrorKind::Index, "TextLines.get", "index", "a line in [0, " + std::to_string(size()) + ")", std::to_string(index));
  const File::Line line = file_->lines[size_t(index)];
  std::string text(line.size, '\0');
  file_->file.read(line.begin, text);
  return text;
}

std::vector<std::string> read_lines(const std::string& path) {
  const files::FileBytes file = files::read_file("read_lines", path);
  std::vector<std::string> lines;
  for (std::string_view rest = file.text(); !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    lines.emplace_back(rest.substr(0, end > 0 && rest[end - 1] == '\r' ? end - 1 : end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

}  // namespace lazuli::data
