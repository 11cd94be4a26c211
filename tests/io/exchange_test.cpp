// GGUF, DLPack and optimizers in PyTorch's layout.
#include <cstring>

#include "lazuli/io/dlpack_abi.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;
using namespace std::string_literals;

namespace {

template <class T>
std::string raw(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
std::string gguf_text(const std::string& text) { return raw(uint64_t(text.size())) + text; }
std::string gguf_tensor(const std::string& name, const std::vector<uint64_t>& sizes, uint32_t type, uint64_t offset) {
  std::string info = gguf_text(name) + raw(uint32_t(sizes.size()));
  for (uint64_t s : sizes) info += raw(s);
  return info + raw(type) + raw(offset);
}
std::string gguf(const std::vector<std::string>& metadata, const std::vector<std::string>& tensors, const std::string& data,
                 uint64_t alignment = 32) {
  std::string file = "GGUF" + raw(uint32_t(3)) + raw(uint64_t(tensors.size())) + raw(uint64_t(metadata.size()));
  for (const auto& m : metadata) file += m;
  for (const auto& t : tensors) file += t;
  file.append((alignment - file.size() % alignment) % alignment, '\0');
  return file + data;
}

}  // namespace

TEST_CASE("A GGUF file's tensors and metadata are read", "[io]") {
  TemporaryFolder folder;
  std::string q8 = raw(Half(0.5f)), q4 = raw(Half(2.f));
  for (int i = 0; i < 32; ++i) q8 += char(i - 16);
  for (int i = 0; i < 16; ++i) q4 += char(i | (15 - i) << 4);
  std::string data = raw(1.f) + raw(2.f) + raw(3.f) + raw(4.f) + raw(5.f) + raw(6.f);
  data.resize(64);
  data += q8;
  data.resize(128);
  data += q4;
  data.resize(192);
  data += raw(Half(1.5f)) + raw(uint16_t(0x3fc0));
  const std::string path = folder.write(
      "m.gguf",
      gguf({gguf_text("general.architecture") + raw(uint32_t(8)) + gguf_text("llama"), gguf_text("layers") + raw(uint32_t(4)) + raw(uint32_t(7)),
            gguf_text("eps") + raw(uint32_t(6)) + raw(0.25f), gguf_text("tied") + raw(uint32_t(7)) + "\1"s,
            gguf_text("tokens") + raw(uint32_t(9)) + raw(uint32_t(8)) + raw(uint64_t(2)) + gguf_text("a") + gguf_text("b")},
           {gguf_tensor("weight", {3, 2}, 0, 0), gguf_tensor("q8", {32}, 8, 64), gguf_tensor("q4", {32, 1}, 2, 128), gguf_tensor("half", {1}, 1, 192),
            gguf_tensor("brain", {1}, 30, 194)},
           data));
  TorchObject metadata;
  const StateDict tensors = load_gguf(path, &metadata);
  CHECK(metadata.at("general.architecture").to_string() == "llama");
  CHECK(metadata.at("layers").to_int() == 7);
  CHECK(metadata.at("eps").to_double() == 0.25);
  CHECK(metadata.at("tied").to_bool());
  CHECK(metadata.at("tokens").items()[1].to_string() == "b");
  CHECK(equal(tensors.at("weight"), tensor({{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}})));
  CHECK(equal(tensors.at("q8"), (arange(32) - 16).to(kFloat32) * 0.5));
  CHECK(equal(tensors.at("q4"), cat({arange(16) - 8, 7 - arange(16)}).to(kFloat32).view({1, 32}) * 2));
  CHECK(tensors.at("half").item<double>() == 1.5);
  CHECK(tensors.at("brain").dtype() == kBFloat16);
  CHECK(tensors.at("brain").item<double>() == 1.5);
}

TEST_CASE("A wrong GGUF file is an error before anything of its size is allocated", "[io]") {
  TemporaryFolder folder;
  const auto told = [&](const std::string& bytes) {
    const std::string path = folder.write("m.gguf", bytes);
    return error_of([&] { load_gguf(path); });
  };
  CHECK(says(told("GGML"), "a GGUF file"));
  CHECK(says(told("GGUF" + raw(uint32_t(9)) + std::string(16, '\0')), "version 2 or 3"));
  CHECK(says(told(gguf({}, {gguf_tensor("w", {1 << 20, 1 << 20}, 0, 0)}, "")), "4398046511104 bytes of 'w' at 0"));
  CHECK(says(told(gguf({}, {gguf_tensor("w", {1ull << 40, 1ull << 40}, 0, 0)}, "")), "that fit memory"));
  CHECK(says(told(gguf({}, {gguf_tensor("w", {33}, 8, 0)}, std::string(100, 'x'))), "rows of whole blocks of 32 in 'w'"));
  CHECK(says(told(gguf({}, {gguf_tensor("w", {32}, 12, 0)}, std::string(100, 'x'))), "type 12 of 'w'"));
  CHECK(says(told(gguf({}, {gguf_tensor("w", {1}, 0, ~0ull)}, "1234")), "the end of the file"));
  CHECK(says(told(gguf({gguf_text("a") + raw(uint32_t(9)) + raw(uint32_t(0)) + raw(~0ull)}, {}, "")), "a list within the file"));
  CHECK(says(told(gguf({}, {gguf_tensor("v", {64}, 0, 0), gguf_tensor("w", {64}, 0, 0)}, std::string(256, 'x'))), "tensors without overlaps"));
  std::string deep = gguf_text("a");
  for (int i = 0; i < 50; ++i) deep += raw(uint32_t(9)) + raw(uint64_t(1));
  CHECK(says(told(gguf({gguf_text("a") + raw(uint32_t(9)) + deep.substr(9)}, {}, "")), "in '"));
}

TEST_CASE("A tensor goes out by DLPack and comes back without a copy", "[io]") {
  Tensor base = arange(24).to(kFloat32).view({4, 6});
  Tensor view = base.t().narrow(0, 1, 3);
  DLManagedTensor* managed = to_dlpack(view);
  CHECK(managed->dl_tensor.ndim == 2);
  CHECK(managed->dl_tensor.shape[0] == 3);
  CHECK(managed->dl_tensor.strides[1] == 6);
  CHECK(managed->dl_tensor.dtype.code == kDLFloat);
  CHECK(managed->dl_tensor.dtype.bits == 32);
  CHECK(managed->dl_tensor.device.device_type == kDLCPU);
  {
    Tensor back = from_dlpack(managed);
    CHECK(equal(back, view));
    back[0][0] = 100;
    CHECK(base[0][1].item<int>() == 100);
    base = view = Tensor();  // the memory stays
    CHECK(back[2][3].item<int>() == 21);
  }
  for (DType dtype : {kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat64, kComplex64, kComplex128}) {
    const Tensor t = (arange(5) % 2).to(dtype);
    CHECK(equal(from_dlpack(to_dlpack_versioned(t)), t));
  }
  CHECK(from_dlpack(to_dlpack(zeros({0, 3}))).sizes() == Shape{0, 3});
  CHECK(says(error_of([] { to_dlpack(ones({2}).requires_grad_()); }), "detach it"));
}

TEST_CASE("Another library's memory is given back once, and what is wrong with it is an error", "[io]") {
  struct Foreign {
    DLManagedTensorVersioned managed = {};
    float data[6] = {0, 1, 2, 3, 4, 5};
    int64_t shape[2] = {2, 3};
    int given_back = 0;
    Foreign() {
      managed.version = {1, 0};
      managed.manager_ctx = this;
      managed.deleter = [](DLManagedTensorVersioned* self) { ++static_cast<Foreign*>(self->manager_ctx)->given_back; };
      managed.dl_tensor = {data, {kDLCPU, 0}, 2, {kDLFloat, 32, 1}, shape, nullptr, 0};
    }
  } foreign;
  {
    const Tensor t = from_dlpack(&foreign.managed), row = t[1];
    CHECK(equal(row, tensor({3.f, 4.f, 5.f})));
    CHECK(foreign.given_back == 0);
  }
  CHECK(foreign.given_back == 1);
  foreign.managed.flags = DLPACK_FLAG_BITMASK_READ_ONLY;
  Tensor copy = from_dlpack(&foreign.managed);
  CHECK(foreign.given_back == 2);
  copy.zero_();
  CHECK(foreign.data[1] == 1);
  foreign.managed.flags = 0;
  const auto told = [&](auto&& spoil) {
    Foreign bad;
    spoil(bad.managed);
    const std::string text = error_of([&] { from_dlpack(&bad.managed); });
    CHECK(bad.given_back == 0);  // still the caller's
    return text;
  };
  int64_t strides[2] = {-3, 1}, sizes[2] = {int64_t(1) << 40, int64_t(1) << 40};
  CHECK(says(told([&](auto& m) { m.dl_tensor.strides = strides; }), "strides of at least 0"));
  CHECK(says(told([&](auto& m) { m.dl_tensor.shape = sizes; }), "whose bytes fit memory"));
  CHECK(says(told([](auto& m) { m.dl_tensor.data = nullptr; }), "memory, got null"));
  CHECK(says(told([](auto& m) { m.dl_tensor.byte_offset = 1; }), "memory aligned to 4 bytes"));
  CHECK(says(told([](auto& m) { m.dl_tensor.dtype.lanes = 4; }), "a dtype that Lazuli has"));
  CHECK(says(told([](auto& m) { m.dl_tensor.device.device_type = kDLROCM; }), "device type 10"));
  CHECK(says(told([](auto& m) { m.version.major = 2; }), "version 1, got 2"));
  CHECK(says(error_of([] { from_dlpack(static_cast<DLManagedTensor*>(nullptr)); }), "a tensor, got null"));
}

TEST_CASE("An optimizer's state is written in PyTorch's layout and read back", "[io]") {
  TemporaryFolder folder;
  manual_seed(3);
  const auto model = [] { return nn::Sequential{nn::Linear(3, 4), nn::Linear(4, 2)}; };
  const auto step = [](nn::Sequential& net, optim::Optimizer& optimizer) {
    optimizer.zero_grad();
    net(ones({2, 3})).square().sum().backward();
    optimizer.step();
  };
  nn::Sequential net = model();
  const auto parameters = net.parameters();
  using Groups = std::vector<optim::Group<optim::AdamWOptions>>;
  optim::AdamW adam(Groups{{{parameters[0], parameters[1]}, {.lr = 0.1, .amsgrad = true}}, {{parameters[2]}, {.lr = 0.2}}});
  step(net, adam);
  step(net, adam);
  const TorchObject state = torch_state_dict(adam);
  const auto& groups = state.at("param_groups").items();
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].at("lr").to_double() == 0.1);
  CHECK(groups[0].at("betas").items()[1].to_double() == 0.999);
  CHECK(groups[0].at("amsgrad").to_bool());
  CHECK(groups[0].at("decoupled_weight_decay").to_bool());
  CHECK(groups[0].at("foreach").is_none());
  CHECK(groups[0].at("params").items().size() == 2);
  CHECK(groups[1].at("params").items()[0].to_int() == 2);
  const auto& states = state.at("state").entries();
  REQUIRE(states.size() == 3);
  CHECK(states[2].first.to_int() == 2);
  CHECK(states[0].second.at("step").to_tensor().dtype() == kFloat32);
  CHECK(states[0].second.at("step").to_tensor().item<int>() == 2);
  CHECK(states[0].second.at("max_exp_avg_sq").to_tensor().sizes() == parameters[0].sizes());

  save_torch(state, folder.file("a.pt"));
  nn::Sequential other = model();
  other.load_state_dict(net.state_dict());
  const auto theirs = other.parameters();
  optim::AdamW again(Groups{{{theirs[0], theirs[1]}, {}}, {{theirs[2]}, {}}});
  again.load_state_dict(load_torch(folder.file("a.pt")).to_state_dict());
  step(net, adam);
  step(other, again);
  for (size_t p = 0; p < 3; ++p) CHECK(equal(parameters[p], theirs[p]));

  optim::SGD sgd(net.parameters(), {.lr = 0.1, .momentum = 0.5});
  step(net, sgd);
  CHECK(!torch_state_dict(sgd).at("state").entries()[0].second.contains("step"));
  CHECK(says(error_of([&] { torch_state_dict(optim::Lion(net.parameters())); }), "an optimizer that PyTorch has, got Lion"));
}
