#include "series.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace lazuli;

Tensor made_up_series(const Generator& random) {
  const double kTurn = 2 * 3.14159265358979;
  Tensor hour = arange(2000, kFloat32);
  Tensor day = sin(hour * (kTurn / 24)) + 0.4 * sin(hour * (2 * kTurn / 24) + 1.0);
  Tensor weekend = remainder(floor(hour / 24), 7).ge(5).to(kFloat32);
  return 20 + 0.002 * hour + 5 * day * (1 - 0.6 * weekend) + 0.4 * randn({2000}, {}, random);
}

Tensor read_series(const std::string& path, int64_t column) {
  std::ifstream in(path);
  if (!in) fail(ErrorKind::File, "lstm_forecast", "--series", "a file that can be read", "'" + path + "'");
  std::vector<double> values;
  for (std::string line; std::getline(in, line);) {
    std::istringstream parts(line);
    std::string part;
    for (int64_t i = 0; i < column; ++i)
      if (!std::getline(parts, part, ',')) part.clear();
    char* end = nullptr;
    const double value = std::strtod(part.c_str(), &end);
    if (end != part.c_str() && std::isfinite(value)) values.push_back(value);
  }
  if (values.empty()) fail(ErrorKind::File, "lstm_forecast", "--series", "numbers in column " + std::to_string(column), "'" + path + "' without");
  return tensor(values).to(kFloat32);
}
