// indexing/: x[items] and x[items] = value.
#include "lazuli/ops/index/indexing.h"

#include <fmt/format.h>

#include "lazuli/autograd/autograd.h"
#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"

namespace conformance {

using namespace lazuli;

namespace {

std::optional<int64_t> maybe_int(const Json& j) { return j.is_null() ? std::nullopt : std::optional<int64_t>(j.get<int64_t>()); }

std::vector<IndexItem> decode_items(const Json& list, Decoder& decoder) {
  std::vector<IndexItem> items;
  for (const Json& j : list) {
    if (j.is_null()) items.emplace_back(none);
    else if (j.is_boolean()) items.emplace_back(j.get<bool>());
    else if (j.is_number_integer()) items.emplace_back(j.get<int64_t>());
    else if (j.contains("slice")) items.emplace_back(Slice(maybe_int(j["slice"][0]), maybe_int(j["slice"][1]), maybe_int(j["slice"][2])));
    else if (j.contains("ellipsis")) items.emplace_back(Ellipsis);
    else if (is_tensor(j)) items.emplace_back(decoder.tensor(j));
    else throw BadPack("no index item: " + j.dump());
  }
  return items;
}

class Indexing : public CaseFile {
 public:
  Indexing(const fs::path& file, const Options& options)
      : cases_(read_json(file)), tensors_(fs::path(file).replace_extension(".safetensors")), device_(options.device), name_(file.stem().string()) {}
  size_t size() const override { return cases_.size(); }
  std::string group(size_t) const override { return name_; }

  Outcome run(size_t i) override {
    const Json& c = cases_[i];
    if (c.contains("error")) return must_throw(c);
    std::string complaint = get(c, false);
    if (complaint.empty()) complaint = set(c, false);
    if (complaint.empty()) {
      complaint = get(c, true);
      if (complaint.empty()) complaint = set(c, true);
      if (!complaint.empty()) complaint = "with a non-contiguous tensor: " + complaint;
    }
    return verdict(complaint.empty() ? "" : c["index"].dump() + ": " + complaint);
  }

 private:
  Tensor self(const Json& c, Decoder& decoder, bool noncontiguous) {
    decoder.noncontiguous = noncontiguous;
    Tensor t = decoder.tensor(c.at("self"));
    decoder.noncontiguous = false;
    return t;
  }

  std::string get(const Json& c, bool noncontiguous) {
    Decoder decoder{&tensors_, device_, false};
    const Tolerance tolerance = tolerance_of(c, {1e-9, 1e-12});
    Tensor x = self(c, decoder, noncontiguous);
    const bool with_gradient = c.contains("grad_out");
    if (with_gradient) x.requires_grad_();
    Tensor out = x.index(decode_items(c.at("index"), decoder));
    std::string complaint = difference(decoder.tensor(c.at("out")), out, tolerance);
    if (!complaint.empty()) return complaint;
    bool is_view = out.storage() == x.storage(), expected = c.at("is_view");
    if (is_view != expected && out.numel() > 0) return expected ? "a copy, expected a view" : "a view, expected a copy";
    if (!with_gradient) return "";
    Tensor grad = autograd::grad({out}, {x}, {.grad_outputs = {decoder.tensor(c["grad_out"])}})[0];
    complaint = difference(decoder.tensor(c.at("grad")), grad, tolerance);
    return complaint.empty() ? "" : "gradient: " + complaint;
  }

  std::string set(const Json& c, bool noncontiguous) {
    if (!c.contains("value") || !c.contains("after_set")) return "";
    Decoder decoder{&tensors_, device_, false};
    Tensor x = self(c, decoder, noncontiguous);
    x.index_put_(decode_items(c.at("index"), decoder), decoder.tensor(c["value"]));
    std::string complaint = difference(decoder.tensor(c["after_set"]), x, {0, 0});
    return complaint.empty() ? "" : "after setting: " + complaint;
  }

  Outcome must_throw(const Json& c) {
    Decoder decoder{&tensors_, device_, false};
    try {
      Tensor x = self(c, decoder, false);
      std::vector<IndexItem> items = decode_items(c.at("index"), decoder);
      if (c.contains("value")) x.index_put_(items, decoder.tensor(c["value"]));
      else x.index(items);
      synchronize(device_);
    } catch (const Error&) { return pass(); }
    return failed(c["index"].dump() + ": did not throw");
  }

  Json cases_;
  TensorFile tensors_;
  Device device_;
  std::string name_;
};

}  // namespace

std::unique_ptr<CaseFile> open_indexing(const fs::path& file, const Options& options) { return std::make_unique<Indexing>(file, options); }

}  // namespace conformance
