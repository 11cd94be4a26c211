#include "lazuli/data/csv.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <ostream>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"
#include "lazuli/ops/ops.h"

namespace lazuli {
namespace {

// A value as it lies in the file; one with doubled quotes is unquoted when it is read.
struct Cell {
  const char* begin = nullptr;
  uint32_t size = 0;
  bool quoted = false, doubled = false;
  std::string_view view() const { return {begin, size}; }
};

class Splitter {
 public:
  Splitter(const std::string& path, std::string_view text, const CsvOptions& options) : path_(path), text_(text), options_(options) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;  // the mark of UTF-8
    for (int64_t skipped = 0; skipped < options.skip_rows && at_ < text_.size(); ++skipped) skip_line();
  }
  [[noreturn]] void corrupt(const std::string& expected, const std::string& got) const {
    fail(ErrorKind::File, "read_csv", "path", expected + " in line " + std::to_string(line_) + " of '" + path_ + "'", got);
  }
  int64_t line() const { return line_; }

  // The next row's values; false at the end. Empty lines are no rows.
  bool next(std::vector<Cell>& row) {
    for (;;) {
      if (at_ >= text_.size()) return false;
      if ((options_.comment && text_[at_] == options_.comment) || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n") skip_line();
      else break;
    }
    row.clear();
    ++line_;
    const int64_t inside = line_;
    int64_t ends = 0;
    for (;;) {
      row.push_back(field(ends));
      if (at_ >= text_.size()) break;
      const char c = text_[at_++];
      if (c == options_.delimiter) continue;
      if (c == '\r') {
        if (at_ < text_.size() && text_[at_] == '\n') ++at_;
      }
      break;
    }
    line_ = inside + ends;
    row_line_ = inside;
    return true;
  }
  int64_t row_line() const { return row_line_; }

 private:
  void skip_line() {
    const size_t end = text_.find('\n', at_);
    at_ = end == text_.npos ? text_.size() : end + 1;
    ++line_;
  }
  Cell field(int64_t& ends) {
    if (at_ < text_.size() && text_[at_] == options_.quote && options_.quote) {
      const size_t begin = ++at_;
      bool doubled = false;
      for (;;) {
        const size_t end = text_.find(options_.quote, at_);
        if (end == text_.npos) corrupt("a quote that ends", "the end of the file");
        at_ = end + 1;
        if (at_ < text_.size() && text_[at_] == options_.quote) {
          doubled = true;
          ++at_;
          continue;
        }
        if (at_ < text_.size() && text_[at_] != options_.delimiter && text_[at_] != '\n' && text_[at_] != '\r')
          corrupt("a delimiter after a quoted value", std::string("'") + text_[at_] + "'");
        const std::string_view inside = text_.substr(begin, end - begin);
        ends += std::count(inside.begin(), inside.end(), '\n');
        return made(inside, true, doubled);
      }
    }
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != options_.delimiter && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    return made(text_.substr(begin, at_ - begin), false, false);
  }
  Cell made(std::string_view text, bool quoted, bool doubled) const {
    if (text.size() > std::numeric_limits<uint32_t>::max()) corrupt("values of at most 4 GiB", std::to_string(text.size()) + " bytes");
    return {text.data(), uint32_t(text.size()), quoted, doubled};
  }

  const std::string& path_;
  std::string_view text_;
  const CsvOptions& options_;
  size_t at_ = 0;
  int64_t line_ = 0, row_line_ = 0;
};

std::string text_of(const Cell& field, char quote) {
  if (!field.doubled) return std::string(field.view());
  std::string text;
  for (size_t i = 0; i < field.size; ++i) {
    text += field.begin[i];
    if (field.begin[i] == quote) ++i;
  }
  return text;
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}
template <class T>
bool parse_number(std::string_view text, T& value) {
  text = trimmed(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}
bool parse_bool(std::string_view text, bool& value) {
  text = trimmed(text);
  for (const char* word : {"true", "True", "TRUE"})
    if (text == word) return value = true, true;
  for (const char* word : {"false", "False", "FALSE"})
    if (text == word) return value = false, true;
  return false;
}
bool fits(CsvType type, std::string_view text) {
  int64_t whole;
  double number;
  bool flag;
  switch (type) {
    case CsvType::Int64: return parse_number(text, whole);
    case CsvType::Float64: return parse_number(text, number);
    case CsvType::Bool: return parse_bool(text, flag);
    default: return true;
  }
}
DType dtype_of(CsvType type) { return type == CsvType::Int64 ? kInt64 : type == CsvType::Bool ? kBool : kFloat64; }

// What stands between the delimiters, row by row, and how a column of it is read. `Column` is a table's own.
template <class Column>
struct Reader {
  const std::string& path;
  const CsvOptions& options;
  size_t width = 0;
  std::vector<Cell> cells = {};
  std::vector<int64_t> lines = {};  // of each row

  int64_t rows() const { return int64_t(lines.size()); }
  const Cell& cell(int64_t row, size_t column) const { return cells[size_t(row) * width + column]; }

  // The columns' names.
  std::vector<Column> read_all(std::string_view text) {
    Splitter splitter(path, text, options);
    std::vector<Cell> row;
    std::vector<Column> columns;
    bool any = splitter.next(row);
    width = any ? row.size() : 0;
    for (size_t c = 0; c < width; ++c) {
      const std::string name = options.header ? text_of(row[c], options.quote) : std::to_string(c);
      for (const Column& column : columns)
        if (column.name == name) splitter.corrupt("each column's name once", "'" + name + "' twice");
      columns.push_back({name, CsvType::Text, {}, {}, {}});
    }
    if (options.header && any) any = splitter.next(row);
    for (; any; any = splitter.next(row)) {
      if (row.size() != width) splitter.corrupt(std::to_string(width) + " values", std::to_string(row.size()));
      cells.insert(cells.end(), row.begin(), row.end());
      lines.push_back(splitter.row_line());
    }
    return columns;
  }

  bool missing(const Cell& f) const {
    return !f.quoted && std::find(options.missing.begin(), options.missing.end(), f.view()) != options.missing.end();
  }

  // That all its values have; throws Error for one that has not.
  CsvType asked_type(CsvType type, const Column& column, size_t c, const bool* missing) const {
    for (int64_t r = 0; r < rows(); ++r)
      if (!missing[r] && !fits(type, cell(r, c).view()))
        fail(ErrorKind::File, "read_csv", "path",
             std::string("a value of type ") + name(type) + " for '" + column.name + "' in line " + std::to_string(lines[size_t(r)]) + " of '" +
                 path + "'",
             "'" + text_of(cell(r, c), options.quote).substr(0, 40) + "'");
    return type;
  }
  // The first type that all values fit; quoted ones are texts. A column of nothing is one of numbers that are missing.
  CsvType found_type(size_t c, const bool* missing) const {
    constexpr CsvType kOrder[] = {CsvType::Int64, CsvType::Float64, CsvType::Bool, CsvType::Text};
    size_t type = std::all_of(missing, missing + rows(), [](bool m) { return m; }) ? 1 : 0;
    for (int64_t r = 0; r < rows() && type < 3; ++r)
      while (!missing[r] && type < 3 && (cell(r, c).quoted || !fits(kOrder[type], cell(r, c).view()))) {
        ++type;
        r = type == 2 ? 0 : r;  // numbers before it are no bools
      }
    return kOrder[type];
  }

  void read_values(Column& column, size_t c, const bool* missing) const {
    if (column.type == CsvType::Text) {
      column.texts.reserve(lines.size());
      for (int64_t r = 0; r < rows(); ++r) column.texts.push_back(missing[r] ? std::string() : text_of(cell(r, c), options.quote));
      return;
    }
    column.values = new_tensor({rows()}, dtype_of(column.type));
    const auto read_as = [&](auto absent, auto parse) {
      auto* values = static_cast<decltype(absent)*>(column.values.address());
      for (int64_t r = 0; r < rows(); ++r) {
        values[r] = absent;
        if (!missing[r]) parse(cell(r, c).view(), values[r]);
      }
    };
    if (column.type == CsvType::Int64) read_as(int64_t(0), parse_number<int64_t>);
    else if (column.type == CsvType::Float64) read_as(std::numeric_limits<double>::quiet_NaN(), parse_number<double>);
    else read_as(false, parse_bool);
  }

  void read(Column& column, size_t c) const {
    column.missing = new_tensor({rows()}, kBool);
    bool* const absent = static_cast<bool*>(column.missing.address());
    for (int64_t r = 0; r < rows(); ++r) absent[r] = missing(cell(r, c));
    const auto asked = std::find_if(options.types.begin(), options.types.end(), [&](const auto& entry) { return entry.first == column.name; });
    column.type = asked != options.types.end() ? asked_type(asked->second, column, c, absent) : found_type(c, absent);
    read_values(column, c, absent);
  }
};

}  // namespace

const char* name(CsvType type) {
  constexpr const char* kNames[] = {"Int64", "Float64", "Bool", "Text"};
  return kNames[int(type)];
}

CsvTable read_csv(const std::string& path, const CsvOptions& options) {
  const files::FileBytes file = files::read_file("read_csv", path);
  Reader<CsvTable::Column> reader{path, options};
  CsvTable table;
  table.columns_ = reader.read_all(file.text());
  table.rows_ = reader.rows();
  for (const auto& entry : options.types)
    if (!table.contains(entry.first)) table.find("read_csv", entry.first);  // throws
  for (size_t c = 0; c < reader.width; ++c) reader.read(table.columns_[c], c);
  return table;
}

std::string to_string(const CsvTable& table) {
  std::string text = "CsvTable(rows=" + std::to_string(table.rows());
  for (const CsvTable::Column& c : table.columns_) {
    const int64_t missing = c.missing.numel() ? c.missing.sum().item<int64_t>() : 0;
    text += "\n  " + c.name + ": " + name(c.type) + (missing ? ", " + std::to_string(missing) + " missing" : "");
  }
  return text + (table.columns_.empty() ? ")" : "\n)");
}
std::ostream& operator<<(std::ostream& stream, const CsvTable& table) { return stream << to_string(table); }

std::vector<std::string> CsvTable::names() const {
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.name);
  return names;
}
bool CsvTable::contains(std::string_view name) const {
  return std::any_of(columns_.begin(), columns_.end(), [&](const Column& column) { return column.name == name; });
}
const CsvTable::Column& CsvTable::find(const char* op, std::string_view name) const {
  std::string known;
  for (const Column& column : columns_) {
    if (column.name == name) return column;
    if (known.size() < 500) known += (known.empty() ? "" : ", ") + column.name;
  }
  fail(ErrorKind::Index, op, "name", "one of the columns " + known, "'" + std::string(name) + "'");
}
CsvType CsvTable::type(std::string_view name) const { return find("CsvTable.type", name).type; }
const Tensor& CsvTable::missing(std::string_view name) const { return find("CsvTable.missing", name).missing; }
const Tensor& CsvTable::operator[](std::string_view name) const {
  const Column& column = find("CsvTable[]", name);
  if (column.type == CsvType::Text) fail(ErrorKind::Type, "CsvTable[]", "name", "a column of numbers", "'" + column.name + "', which has texts");
  return column.values;
}
const std::vector<std::string>& CsvTable::texts(std::string_view name) const {
  const Column& column = find("CsvTable.texts", name);
  if (column.type != CsvType::Text)
    fail(ErrorKind::Type, "CsvTable.texts", "name", "a column of texts", "'" + column.name + "' of type " + lazuli::name(column.type));
  return column.texts;
}

std::pair<Tensor, std::vector<std::string>> CsvTable::categories(std::string_view name) const {
  const std::vector<std::string>& all = texts(name);
  const bool* gone = static_cast<const bool*>(missing(name).address());
  std::vector<std::string> different;
  for (size_t r = 0; r < all.size(); ++r)
    if (!gone[r]) different.push_back(all[r]);
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  Tensor codes = new_tensor({rows_}, kInt64);
  for (size_t r = 0; r < all.size(); ++r)
    static_cast<int64_t*>(codes.address())[r] = gone[r] ? -1 : std::lower_bound(different.begin(), different.end(), all[r]) - different.begin();
  return {codes, std::move(different)};
}

Tensor CsvTable::to_tensor(const std::vector<std::string>& names, DType dtype, std::optional<double> fill) const {
  no_grad guard;
  std::vector<std::string> wanted = names;
  if (wanted.empty())
    for (const Column& column : columns_)
      if (column.type != CsvType::Text) wanted.push_back(column.name);
  if (wanted.empty()) fail("CsvTable.to_tensor", "names", "a column of numbers", "none in the table");
  std::vector<Tensor> parts;
  for (const std::string& name : wanted) {
    Tensor values = (*this)[name];
    const Tensor& gone = missing(name);
    if (gone.any().item<bool>()) {
      if (!fill && !is_floating_point(dtype) && !is_complex(dtype))
        fail("CsvTable.to_tensor", "fill",
             std::string("a number for the missing values of '") + name + "', as " + std::string(lazuli::name(dtype)) + " has no NaN", "none");
      values = values.to(kFloat64).masked_fill(gone, fill.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    parts.push_back(values.to(dtype));
  }
  return stack(parts, 1);
}

}  // namespace lazuli
