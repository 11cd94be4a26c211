#pragma once
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lazuli/core/tensor.h"

/// Tables in text files: values separated by commas, lines by \n or \r\n, quoted where they hold either (RFC 4180).
namespace lazuli {

/// What the values of a column are: whole numbers, numbers, true and false, or texts.
enum class CsvType : uint8_t { Int64, Float64, Bool, Text };
const char* name(CsvType type);

struct CsvOptions {
  char delimiter = ',';
  /// Around values that hold a delimiter, a line's end or itself (doubled).
  char quote = '"';
  /// The first line has the columns' names; without, they are "0", "1", ...
  bool header = true;
  /// Lines passed over at the beginning, and lines that begin with `comment` (0: none).
  int64_t skip_rows = 0;
  char comment = 0;
  /// Values, unquoted, that say that there is none. The empty one is one.
  std::vector<std::string> missing = {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"};
  /// Columns whose type is given, by name; the others' is the first of Int64, Float64, Bool and Text that all their values fit.
  std::vector<std::pair<std::string, CsvType>> types = {};
};

/// A table, held by columns. Copies share its values.
class CsvTable {
 public:
  int64_t rows() const { return rows_; }
  int64_t columns() const { return int64_t(columns_.size()); }
  std::vector<std::string> names() const;
  bool contains(std::string_view name) const;
  // Each throws Error (Index) naming the columns there are.
  CsvType type(std::string_view name) const;
  /// [rows] int64, float64 or bool; missing values are 0, NaN and false. Throws Error (Type) for a column of texts.
  const Tensor& operator[](std::string_view name) const;
  /// bool [rows]: where there is no value.
  const Tensor& missing(std::string_view name) const;
  /// As they stand in the file, without quotes; missing ones are empty. Throws Error (Type) for a column of another type.
  const std::vector<std::string>& texts(std::string_view name) const;
  /// The texts as numbers, int64 [rows]: their places among the different ones, which come sorted; -1 where missing.
  std::pair<Tensor, std::vector<std::string>> categories(std::string_view name) const;
  /// [rows, names] in one dtype, for a model. Without names: all columns that are numbers. Missing values are NaN, or `fill` where it is given; the dtypes that have no NaN need it.
  Tensor to_tensor(const std::vector<std::string>& names = {}, DType dtype = kFloat32, std::optional<double> fill = {}) const;
  /// The number of rows, and each column's name and type, with the number of its missing values if there are any.
  friend std::string to_string(const CsvTable& table);
  friend std::ostream& operator<<(std::ostream& stream, const CsvTable& table);

 private:
  friend CsvTable read_csv(const std::string& path, const CsvOptions& options);
  struct Column {
    std::string name;
    CsvType type;
    Tensor values, missing;
    std::vector<std::string> texts;
  };
  const Column& find(const char* op, std::string_view name) const;
  std::vector<Column> columns_;
  int64_t rows_ = 0;
};

/// Reads a table. Throws Error (File) naming line and column for a line of another number of values, a quote without an end, a value that is not of its column's given type, and a name that
/// stands twice.
///   CsvTable table = read_csv("houses.csv");
///   Tensor x = table.to_tensor({"rooms", "area"}), y = table["price"];
CsvTable read_csv(const std::string& path, const CsvOptions& options = {});

}  // namespace lazuli
