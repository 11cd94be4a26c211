// promotion.json: the dtype of a result, or that the operator refuses its arguments.
#include <fmt/format.h>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/registry.h"
#include "tests/conformance/pack.h"
#include "tests/conformance/runner.h"

namespace conformance {

using namespace lazuli;

namespace {

class Promotion : public CaseFile {
 public:
  Promotion(const fs::path& file, const Options& options) : cases_(read_json(file)), device_(options.device) {}
  size_t size() const override { return cases_.size(); }
  std::string group(size_t i) const override { return cases_[i].at("op"); }

  Outcome run(size_t i) override {
    const Json& c = cases_[i];
    const std::string op = c.at("op");
    if (!has_op(op)) return skip("no operator " + op);
    std::vector<Value> args;
    if (op == "where") args.push_back(ones(Shape{2}, kBool));
    args.push_back(ones(Shape{2}, parse_dtype(c.at("a").get<std::string>())));
    if (c.contains("b")) args.push_back(second(parse_dtype(c["b"].get<std::string>()), c.value("b_is", "tensor")));
    if (c.contains("scalar")) args.push_back(scalar(c["scalar"]));
    if (op == "cumsum") args.push_back(0);
    std::string asked = fmt::format("{} {} {}: ", c["a"].get<std::string>(), c.value("b", c.value("scalar", "")),
                                    c.value("b_is", c.contains("scalar") ? "scalar" : ""));
    std::string got = "an error";
    try {
      got = name(call(op, args)[0].to_tensor().dtype());
    } catch (const Error& error) {
      if (!c["out"].is_null()) return failed(asked + "threw " + error.what());
    }
    std::string expected = c["out"].is_null() ? "an error" : c["out"].get<std::string>();
    return verdict(got == expected ? "" : asked + got + ", expected " + expected);
  }

 private:
  Tensor ones(const Shape& sizes, DType dtype) {
    Tensor t = new_tensor(sizes, dtype);
    for (int64_t k = 0; k < t.numel(); ++k) store_scalar(static_cast<char*>(t.address()) + k * t.item_size(), dtype, 1);
    return device_ == kCPU ? t : to(t, device_);
  }
  Value second(DType dtype, const std::string& as) {
    if (as == "scalar") return scalar(is_complex(dtype) ? "complex" : is_floating_point(dtype) ? "float" : dtype == kBool ? "bool" : "int");
    return ones(as == "zero_dim" ? Shape{} : Shape{2}, dtype);
  }
  static Value scalar(const std::string& kind) {
    if (kind == "complex") return complex128(1, 0);
    if (kind == "float") return 1.0;
    return kind == "bool" ? Value(true) : Value(1);
  }

  Json cases_;
  Device device_;
};

}  // namespace

std::unique_ptr<CaseFile> open_promotion(const fs::path& file, const Options& options) { return std::make_unique<Promotion>(file, options); }

}  // namespace conformance
