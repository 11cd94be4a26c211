// Calls of bench/ops.txt by name, in three sizes, or those named by BENCH_SIZES: the median time of one, those marked `grad` with the gradients of all their operands.
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "lazuli/bench/bench.h"
#include "lazuli/lazuli.h"

namespace bench {
using namespace lazuli;

namespace {

int64_t side_of(int size) { return size == 0 ? 2 : size == 1 ? 8 : 64; }

// The operands of one size, by the letters of ops.txt.
std::map<std::string, Value> operands(int size) {
  const int64_t n = size == 0 ? 8 : size == 1 ? 128 : 2048, k = size == 0 ? 8 : size == 1 ? 64 : 512;
  const int64_t images = size == 0 ? 2 : size == 1 ? 4 : 8, channels = 8 << size, side = 14 << size;
  manual_seed(1);
  std::map<std::string, Value> all;
  const Tensor x = rand({n, n}) * 0.9 + 0.05, y = rand({n, n}) + 1.0;
  all["x"] = x, all["y"] = y, all["t"] = y.t();
  all["X"] = x.to(kFloat64), all["Y"] = y.to(kFloat64), all["h"] = x.to(kBFloat16);
  all["c"] = complex(x, y), all["d"] = complex(y, x);
  all["n"] = randint(1, 8, {n, n}), all["b"] = x > 0.5, all["b1"] = (x > 0.5).to(kFloat32);
  all["v"] = x.reshape({n * n}), all["V"] = x.to(kFloat64).reshape({n * n}), all["v8"] = rand({k});
  all["u"] = rand({1}), all["k"] = Value(Shape{n}), all["o"] = arange(0, 1, 1.0 / 64).contiguous(), all["l"] = randint(0, 8, {n * n});
  all["i"] = randint(0, n, {n}), all["g"] = randint(0, n, {n, n});
  const Tensor p = rand({k, k}), q = rand({k, k});
  all["p"] = p, all["q"] = q, all["S"] = p.to(kFloat64), all["P"] = matmul(p, p.t()) / double(k) + eye(k), all["p8"] = rand({8, 8}),
  all["e"] = rand({k});
  all["B"] = rand({4, k / 2, k / 2});
  all["L"] = std::vector<Tensor>{x, y}, all["E"] = std::vector<Tensor>{p, q};
  // What users index, batch, copy and convert besides.
  all["z"] = rand({n, 2 * n}).slice(1, 0, 2 * n, 2), all["T"] = x.reshape({n / side_of(size), side_of(size), n}),
  all["Tt"] = all["T"].to_tensor().permute({2, 0, 1});
  all["H"] = x.to(kFloat16), all["h2"] = y.to(kBFloat16), all["H2"] = y.to(kFloat16), all["n32"] = all["n"].to_tensor().to(kInt32),
  all["m"] = x.select(1, 0) > 0.5;
  all["a"] = y.select(0, 0).contiguous(), all["a1"] = y.narrow(1, 0, 1).contiguous(), all["many"] = std::vector<Tensor>(32, x.narrow(0, 0, n / 4));
  const Tensor small = rand({n * n / 64, 8, 8});
  all["M8"] = small, all["Q8"] = matmul(small, small.transpose(1, 2)) + eye(8),
  all["Q2"] = all["Q8"].to_tensor().narrow(1, 0, 2).narrow(2, 0, 2).contiguous();
  const Tensor q16 = rand({n * n / 256 + 1, 16, 16});
  all["Q16"] = matmul(q16, q16.transpose(1, 2)) + eye(16), all["M16"] = q16;
  const Tensor q32 = rand({32, 32});
  all["Q32"] = matmul(q32, q32.t()) / 32.0 + eye(32), all["q32"] = q32;
  all["v1"] = rand({n * n - 1}), all["vc"] = complex(all["v1"].to_tensor(), all["v1"].to_tensor()), all["x1"] = rand({n, n - 1});
  all["w1"] = randn({images, channels, side * side}), all["f1"] = randn({channels, channels, 3}),
  all["wl"] = randn({images, channels, side, side}).to(MemoryFormat::ChannelsLast);
  all["A"] = randn({images, 4, side, 32});
  all["w"] = randn({images, channels, side, side}), all["f"] = randn({channels, channels, 3, 3}), all["r"] = zeros({channels}),
  all["s"] = ones({channels});
  return all;
}

Value literal(const std::string& text, const std::map<std::string, Value>& known) {
  if (auto at = known.find(text); at != known.end()) return at->second;
  if (text[0] == '[' && std::isalpha(text[1])) {  // [x,b]: a list of operands
    std::vector<Value> items;
    std::istringstream names(text.substr(1, text.size() - 2));
    for (std::string name; std::getline(names, name, ',');) items.push_back(literal(name, known));
    return Value(items);
  }
  const auto json = nlohmann::json::parse(text);
  const std::function<Value(const nlohmann::json&)> convert = [&](const nlohmann::json& j) -> Value {
    if (j.is_null()) return Value();
    if (j.is_boolean()) return Value(j.get<bool>());
    if (j.is_number_integer()) return Value(j.get<int64_t>());
    if (j.is_number()) return Value(j.get<double>());
    if (j.is_string()) return Value(j.get<std::string>());
    std::vector<Value> items;
    for (const auto& item : j) items.push_back(convert(item));
    return Value(items);
  };
  return convert(json);
}

// Leaves of their own in place of the real tensors among a call's arguments.
void require_grad(Value& arg, std::vector<Tensor>& leaves) {
  if (arg.kind() == Value::Kind::List) {
    std::vector<Value> items = arg.to_list();
    for (Value& item : items) require_grad(item, leaves);
    arg = Value(items);
  } else if (arg.is_tensor() && is_floating_point(arg.to_tensor().dtype())) {
    leaves.push_back(arg.to_tensor().detach().requires_grad_());
    arg = Value(leaves.back());
  }
}

}  // namespace

void ops(const Options& options) {
  no_grad guard;
  const char* file = std::getenv("BENCH_OPS");
  std::ifstream lines(file ? file : "bench/ops.txt");
  if (!lines) throw Error(ErrorKind::File, "bench", "BENCH_OPS", "the list of calls", file ? file : "bench/ops.txt");
  std::vector<std::string> calls;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line[0] != '#') calls.push_back(line);
  constexpr const char* sizes[] = {"tiny", "cache", "memory"};
  const char* chosen = std::getenv("BENCH_SIZES");
  for (int size = 0; size < 3; ++size) {
    if (chosen && !std::strstr(chosen, sizes[size])) continue;
    const auto known = operands(size);
    for (const std::string& line : calls) {
      std::istringstream words(line);
      std::string op, word;
      words >> op;
      const bool gradient = op == "grad";
      if (gradient) words >> op;
      std::vector<Value> args;
      Kwargs kwargs;
      while (words >> word) {
        const size_t equals = word[0] == '"' ? word.npos : word.find('=');
        if (equals == word.npos) args.push_back(literal(word, known));
        else kwargs.emplace_back(word.substr(0, equals), literal(word.substr(equals + 1), known));
      }
      if (options.device.type != DeviceType::CPU)
        for (Value& arg : args)
          if (arg.is_tensor()) arg = Value(arg.to_tensor().to(options.device));
      try {
        std::vector<Tensor> leaves;
        Tensor weights;
        if (gradient) {
          enable_grad recording;
          for (Value& arg : args) require_grad(arg, leaves);
          for (auto& [name, arg] : kwargs) require_grad(arg, leaves);
          weights = ones_like(call(op, args, kwargs)[0].to_tensor());
        }
        const auto both = [&] {
          enable_grad recording;
          autograd::grad({call(op, args, kwargs)[0].to_tensor()}, leaves, {.grad_outputs = {weights}});
        };
        const auto forward = [&] { call(op, args, kwargs); };
        emit(options, std::string(sizes[size]) + ": " + line, seconds_per_call(options, gradient ? std::function<void()>(both) : forward) * 1e6,
             "us");
      } catch (const Error& error) { std::fprintf(stderr, "bench ops: %s: %s\n", line.c_str(), error.what()); }
    }
  }
}

}  // namespace bench
