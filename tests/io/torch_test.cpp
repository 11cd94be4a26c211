#include "lazuli/io/torch.h"

#include <cstdio>
#include <cstring>

#include "lazuli/io/zip.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;
using namespace std::string_literals;

namespace {

// An archive with this pickle, and storages of eight bytes: 0, 1, .. 7, of the names 0 and 1.
TorchObject load(const TemporaryFolder& folder, const std::string& pickle) {
  const std::string bytes = "\0\1\2\3\4\5\6\7"s;
  const auto part = [](const char* name, const std::string& data) { return files::ZipPart{name, {{data.data(), data.size()}}}; };
  files::write_zip("test", folder.file("a.pt"), {part("x/data.pkl", pickle), part("x/data/0", bytes), part("x/data/1", bytes)});
  return load_torch(folder.file("a.pt"));
}
std::string told(const TemporaryFolder& folder, const std::string& pickle) {
  return error_of([&] { load(folder, pickle); });
}
// The pickle of a tensor over storage 0.
std::string tensor_pickle(const std::string& type, const std::string& count, const std::string& offset, const std::string& sizes,
                          const std::string& strides) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\n"s + type +
         "\nX\1\0\0\0"
         "0X\3\0\0\0cpu"s +
         count + "tQ" + offset + sizes + strides +
         "\x89"
         "N"
         "tR";
}

}  // namespace

TEST_CASE("What is saved for PyTorch comes back: values, nesting, names and bits", "[io]") {
  TemporaryFolder folder;
  manual_seed(1);
  const Tensor weight = randn({3, 4}), half = randn({5}).to(kBFloat16), none = zeros({0, 3}), flags = ones({3}).to(kBool);
  const TorchObject all = TorchObject::dict({{"epoch", 3},
                                             {"big", int64_t(1) << 40},
                                             {"minus", -7},
                                             {"loss", 0.25},
                                             {"done", false},
                                             {"nothing", TorchObject()},
                                             {"name", "net \xc3\xa9"},
                                             {"list", TorchObject::list({1, "a", TorchObject::tuple({2.5, true})})},
                                             {"model", StateDict{{"0.weight", weight}, {"half", half}, {"none", none}, {"flags", flags}}},
                                             {7, "by number"}});
  save_torch(all, folder.file("a.pt"));
  const TorchObject read = load_torch(folder.file("a.pt"));
  CHECK(read.at("epoch").to_int() == 3);
  CHECK(read.at("big").to_int() == int64_t(1) << 40);
  CHECK(read.at("minus").to_int() == -7);
  CHECK(read.at("loss").to_double() == 0.25);
  CHECK(!read.at("done").to_bool());
  CHECK(read.at("nothing").is_none());
  CHECK(read.at("name").to_string() == "net \xc3\xa9");
  CHECK(read.at("list").items()[2].kind() == TorchObject::Kind::Tuple);
  CHECK(read.at("list").items()[2].items()[0].to_double() == 2.5);
  CHECK(read.entries().back().first.to_int() == 7);
  const StateDict model = read.at("model").to_state_dict();
  CHECK(equal(model.at("0.weight"), weight));
  CHECK(equal(model.at("half"), half));
  CHECK(model.at("none").sizes() == Shape{0, 3});
  CHECK(equal(model.at("flags"), flags));
  CHECK(read.to_state_dict().at("list.2.0").item<double>() == 2.5);
  CHECK(says(error_of([&] { read.at("epoch").to_string(); }), "expected a text, got a whole number"));
  CHECK(says(error_of([&] { read.at("other"); }), "one of the keys epoch, big"));
}

TEST_CASE("Tensors that share memory share it in the file and when they come back", "[io]") {
  TemporaryFolder folder;
  Tensor base = arange(1000).to(kFloat32), view = base.view({10, 100}).t();
  save_torch(StateDict{{"base", base}, {"view", view}}, folder.file("a.pt"));
  CHECK(test::read_bytes(folder.file("a.pt")).size() < 6000);
  StateDict read = load_torch(folder.file("a.pt")).to_state_dict();
  CHECK(equal(read.at("view"), view));
  Tensor(read.at("base")).fill_(7);
  CHECK(read.at("view").sum().item<double>() == 7000);
  // A view alone takes its own elements along, not all that it could see.
  save_torch(StateDict{{"part", base.narrow(0, 5, 3)}}, folder.file("b.pt"));
  CHECK(test::read_bytes(folder.file("b.pt")).size() < 2000);
  CHECK(load_torch(folder.file("b.pt")).at("part").to_tensor().to_vector<float>() == std::vector<float>{5, 6, 7});
}

TEST_CASE("A module's and an optimizer's state go through a PyTorch file", "[io]") {
  TemporaryFolder folder;
  manual_seed(1);
  nn::Sequential net{nn::Linear(4, 3), nn::BatchNorm1d(3)}, other{nn::Linear(4, 3), nn::BatchNorm1d(3)};
  net(randn({5, 4}));
  save_torch(net.state_dict(), folder.file("net.pt"));
  other.load_state_dict(load(folder.file("net.pt")));
  net.eval();
  other.eval();
  const Tensor x = randn({2, 4});
  CHECK(equal(net(x), other(x)));
}

TEST_CASE("Tensors out of a pickle lie within their storages", "[io]") {
  TemporaryFolder folder;
  const Tensor view = load(folder, tensor_pickle("ByteStorage", "K\x08", "K\1", "K\2K\3\x86", "K\1K\2\x86") + ".").to_tensor();
  CHECK(view.to_vector<uint8_t>() == std::vector<uint8_t>{1, 3, 5, 2, 4, 6});
  const auto refused = [&](const std::string& type, const std::string& count, const std::string& offset, const std::string& sizes,
                           const std::string& strides) { return told(folder, tensor_pickle(type, count, offset, sizes, strides) + "."); };
  CHECK(says(refused("ByteStorage", "K\x08", "K\2", "K\2K\3\x86", "K\1K\3\x86"), "a tensor within the 8 elements of its storage in 'x/data.pkl' of"));
  CHECK(says(refused("ByteStorage", "K\x09", "K\0"s, "K\1\x85", "K\1\x85"), "9 elements of storage '0'"));
  CHECK(says(refused("FloatStorage", "K\x03", "K\0"s, "K\1\x85", "K\1\x85"), "3 elements"));
  CHECK(says(refused("BoolStorage", "K\x08", "K\0"s, "K\1\x85", "K\1\x85"), "only 0 and 1"));
  CHECK(says(refused("ByteStorage", "J\xff\xff\xff\xff", "K\0"s, "K\1\x85", "K\1\x85"), "a number of elements"));
  CHECK(says(refused("ByteStorage", "K\x08", "J\xff\xff\xff\xff", "K\1\x85", "K\1\x85"), "an offset"));
  CHECK(says(refused("ByteStorage", "K\x08", "K\0"s, "J\xff\xff\xff\xff\x85", "K\1\x85"), "at least 0"));
  CHECK(says(
      refused("ByteStorage", "K\x08", "K\0"s, "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x86", "K\1K\1\x86"),
      "within the 8"));
  CHECK(says(refused("ByteStorage", "K\x08", "K\0"s, "K\1K\1\x86", "K\1\x85"), "as many strides"));
}

TEST_CASE("A pickle runs nothing: what it asks for beyond values is told of with its place", "[io]") {
  TemporaryFolder folder;
  CHECK(told(folder, "\x80\2cos\nsystem\nX\4\0\0\0trueq\0\x85R."s) ==
        "load_torch: argument 'path': expected names that state dicts need in 'x/data.pkl' of '" + folder.file("a.pt") +
            "', byte 2, got 'os.system', which is never called");
  CHECK(says(told(folder, "cbuiltins\neval\n."), "'builtins.eval', which is never called"));
  CHECK(says(told(folder, "X\2\0\0\0osX\6\0\0\0system\x93."s), "'os.system'"));
  CHECK(says(told(folder, "(S'rm'\nios\nsystem\n."), "an opcode that state dicts need"));
  CHECK(says(told(folder, "(cos\nsystem\no."), "'os.system'"));
  CHECK(says(told(folder, "X\1\0\0\0aX\1\0\0\0b\x85R."s), "a function to call"));
  CHECK(says(told(folder, "ctorch\nFloatStorage\n)R."), "'torch.FloatStorage', which is never called"));
  CHECK(says(told(folder, "X\1\0\0\0xQ."s), "a storage's class, name, device and size"));
  CHECK(says(told(folder, "\x80\x09."), "protocol 5"));
}

TEST_CASE("A pickle that is cut short, wild or endless is told of", "[io]") {
  TemporaryFolder folder;
  CHECK(says(told(folder, ""), "more bytes"));
  CHECK(says(told(folder,
                  "X\xff\xff\xff\x7f"
                  "abc"),
             "2147483647 more bytes"));
  CHECK(says(told(folder, "."), "a value on the stack"));
  CHECK(says(told(folder, "h\5."), "a number that the memo has"));
  CHECK(says(told(folder, "t."), "a mark"));
  CHECK(says(told(folder, "(K\1."), "'x/data.pkl'") == false);  // a mark is no harm
  CHECK(says(told(folder, "K\1K\2a."), "a list to append to"));
  CHECK(says(told(folder, "}(K\1u."), "keys with values"));
  CHECK(says(told(folder,
                  "}N"
                  "K\1s."),
             "as keys"));
  CHECK(says(told(folder,
                  "\x8a\x09"
                  "123456789."),
             "64 bits"));
  CHECK(says(told(folder, "I12x\n."), "a whole number"));
  CHECK(says(told(folder, "]q\0h\0a."s), "holds itself"));
  CHECK(says(told(folder, "]q\0]q\1h\0ah\1a."s), "holds itself"));
  CHECK(says(told(folder, std::string(5000, ']') + std::string(4999, 'a') + "."), "1000 deep"));
  CHECK(told(folder, std::string(500, ']') + std::string(499, 'a') + ".") == "no error");
  CHECK(says(told(folder, std::string(200000, ']') + std::string(199999, 'a')), "more bytes"));  // taken apart without recursion
  // Twenty lists that each hold the one before ten times are a million million million million values.
  std::string laughs = "]q\0K\1a"s;
  for (int k = 1; k <= 20; ++k) {
    laughs += "]q"s + char(k) + "(";
    for (int i = 0; i < 10; ++i) laughs += "h"s + char(k - 1);
    laughs += "e";
  }
  const TorchObject many = load(folder, laughs + ".");
  CHECK(says(error_of([&] { many.to_state_dict(); }), "200000 values"));
}

TEST_CASE("Names and values that weights come with are read", "[io]") {
  TemporaryFolder folder;
  CHECK(load(folder, "ctorch\nSize\n(K\2K\3t\x85R.").items().size() == 2);
  CHECK(load(folder, "ctorch\ndevice\n(X\4\0\0\0cudaK\1tR."s).to_string() == "cuda:1");
  CHECK(load(folder, "ctorch\nfloat32\n.").to_string() == "torch.float32");
  CHECK(load(folder,
             "ccollections\nOrderedDict\n((lX\1\0\0\0aK\1\x86"
             "atR."s)
            .kind() == TorchObject::Kind::Dict);
  const std::string tensor = tensor_pickle("ByteStorage", "K\x08", "K\0"s, "K\x08\x85", "K\1\x85");
  CHECK(load(folder, "ctorch._utils\n_rebuild_parameter\n(" + tensor +
                         "\x88"
                         "N"
                         "tR.")
            .to_tensor()
            .numel() == 8);
  CHECK(load(folder,
             "ctorch._utils\n_rebuild_tensor_v3\n((X\7\0\0\0storagectorch.storage\nUntypedStorage\nX\1\0\0\0"
             "1X\3\0\0\0cpuK\x08tQK\0K\2\x85K\1\x85\x89Nctorch\nint32\ntR."s)
            .to_tensor()
            .to_vector<int32_t>() == std::vector<int32_t>{0x03020100, 0x07060504});
}

TEST_CASE("Files that are no PyTorch archives are told of", "[io]") {
  TemporaryFolder folder;
  CHECK(says(error_of([&] { load_torch(folder.write("a", "\x80\2\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19.")); }), "a ZIP archive"));
  save_npz({{"a", ones({2})}}, folder.file("a.npz"));
  CHECK(says(error_of([&] { load_torch(folder.file("a.npz")); }), "the data.pkl of a PyTorch archive"));
  const std::string_view pickle = "N.", big = "big";
  files::write_zip("test", folder.file("b"), {{"x/data.pkl", {{pickle.data(), 2}}}, {"x/byteorder", {{big.data(), 3}}}});
  CHECK(says(error_of([&] { load_torch(folder.file("b")); }), "little-endian"));
  TorchObject list = TorchObject::list({});
  const_cast<TorchObject::Items&>(list.items()).push_back(list);
  CHECK(says(error_of([&] { save_torch(list, folder.file("c")); }), "holds itself"));
  const_cast<TorchObject::Items&>(list.items()).clear();
}

TEST_CASE("save and load are torch.save and torch.load", "[io]") {
  TemporaryFolder folder;
  nn::Linear a(2, 2), b(2, 2);
  save(a.state_dict(), folder.file("linear.pt"));
  b.load_state_dict(lazuli::load(folder.file("linear.pt")).to_state_dict());
  CHECK(equal(a.weight, b.weight));
  save(arange(3), folder.file("tensor.pt"));
  CHECK(equal(lazuli::load(folder.file("tensor.pt")).to_tensor(), arange(3)));
}

TEST_CASE("modules, optimizers, lists and named tensors are saved as they are", "[io][torch]") {
  const std::string path = "lazuli_saved_as_they_are.pt";
  nn::Linear net(3, 2), other(3, 2);
  save(net, path);
  load(other, path);
  CHECK(equal(net.weight, other.weight));
  optim::SGD sgd(net.parameters(), 0.5), read(other.parameters(), 0.25);
  save(sgd, path);
  load(read, path);
  CHECK(read.lr() == 0.5);
  save(std::vector<Tensor>{ones({2}), zeros({3})}, path);
  CHECK(load(path).items().size() == 2);
  save({{"a", ones({2})}, {"b", zeros({1})}}, path);
  CHECK(equal(load(path).at("a").to_tensor(), ones({2})));
  std::remove(path.c_str());
}
