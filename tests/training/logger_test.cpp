#include "lazuli/training/logger.h"

#include <filesystem>

#include "lazuli/lazuli.h"
#include "lazuli/training/event_format.h"
#include "lazuli/training/training.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using namespace lazuli::training;
using namespace lazuli::test;

TEST_CASE("checksums and wire format are those of the standards", "[training]") {
  CHECK(events::crc32c("123456789") == 0xe3069283u);  // the check value of CRC-32C
  CHECK(events::crc32c(std::string(32, '\0')) == 0x8a9136aau);
  const std::string record = events::record("abc");
  CHECK(record.size() == 19);
  CHECK(record.substr(0, 8) == std::string("\x03\0\0\0\0\0\0\0", 8));
  CHECK(events::Message().integer(1, 150).data() == std::string("\x08\x96\x01"));  // the specification's own examples
  CHECK(events::Message().bytes(2, "testing").data() == std::string("\x12\x07testing"));
  CHECK(events::Message().integer(1, -1).data() == std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
}

TEST_CASE("a summary writer's file has what was added", "[training]") {
  TemporaryFolder folder;
  std::string path;
  {
    SummaryWriter writer(folder.file("runs/first"));
    path = writer.path();
    CHECK(path.find("events.out.tfevents.") != std::string::npos);
    writer.add_scalar("loss", 0.25, 7);
    writer.add_scalars("accuracy", {{"train", 0.5}, {"test", 0.75}}, 8);
    writer.add_histogram("weights", tensor({-1.0, 0.0, 0.5, 0.5, 2.0}), 9);
    writer.add_image("picture", ones({3, 4, 5}), 10);
    writer.add_text("note", "first run", 11);
    writer.add_graph(nn::Sequential{nn::Linear(2, 3), nn::ReLU()});
  }
  const std::vector<SummaryEvent> all = read_events(path);
  REQUIRE(all.size() == 8);
  CHECK(all[0].file_version == "brain.Event:2");
  CHECK(all[0].wall_time > 1.6e9);
  CHECK(all[1].step == 7);
  CHECK(all[1].values.at(0).tag == "loss");
  CHECK(all[1].values.at(0).scalar == 0.25);
  CHECK(all[3].values.at(0).tag == "accuracy/test");
  const SummaryEvent::Histogram& h = all[4].values.at(0).histogram;
  CHECK(h.min == -1);
  CHECK(h.max == 2);
  CHECK(h.num == 5);
  CHECK(h.sum == 2);
  CHECK(h.sum_squares == 5.5);
  REQUIRE(h.bucket.size() == h.bucket_limit.size());
  double count = 0, below_one = 0;
  for (size_t i = 0; i < h.bucket.size(); ++i) {
    count += h.bucket[i];
    if (h.bucket_limit[i] < 1) below_one += h.bucket[i];
    if (i) CHECK(h.bucket_limit[i] > h.bucket_limit[i - 1]);
  }
  CHECK(count == 5);
  CHECK(below_one == 4);
  CHECK(all[5].values.at(0).kind == SummaryEvent::Value::Kind::Image);
  CHECK(all[5].values.at(0).height == 4);
  CHECK(all[5].values.at(0).width == 5);
  CHECK(all[5].values.at(0).bytes.substr(0, 4) == "\x89PNG");
  CHECK(all[6].values.at(0).tag == "note/text_summary");
  CHECK(all[6].values.at(0).bytes == "first run");
  CHECK(all[7].graph.find("Sequential/0") != std::string::npos);

  const std::string bytes = read_bytes(path);
  for (size_t at : {size_t(0), size_t(9), size_t(14), bytes.size() / 2, bytes.size() - 1}) {
    std::string wrong = bytes;
    wrong[at] = char(wrong[at] ^ 1);
    CHECK(says(error_of([&] { read_events(folder.write("wrong", wrong)); }), "read_events"));
  }
  for (size_t size : {size_t(5), size_t(13), bytes.size() - 1})
    CHECK(says(error_of([&] { read_events(folder.write("cut", bytes.substr(0, size))); }), "ends early"));
}

TEST_CASE("a CSV logger writes lines, quotes what needs it, and goes on", "[training]") {
  TemporaryFolder folder;
  const std::string path = folder.file("log.csv");
  {
    CSVLogger logger(path);
    logger.add_scalar("loss", 0.5, 1);
    logger.add_text("note", "a \"b\", c", 2);
  }
  { CSVLogger(path).add_scalar("loss", 0.125, 3); }
  const std::string text = read_bytes(path);
  CHECK(text.substr(0, 25) == "wall_time,step,tag,value\n");
  CHECK(says(text, ",1,loss,0.5\n"));
  CHECK(says(text, ",2,note,\"a \"\"b\"\", c\"\n"));
  CHECK(says(text, ",3,loss,0.125\n"));
  CHECK(text.find("wall_time", 1) == std::string::npos);
  CHECK(says(error_of([&] { CSVLogger other(folder.write("other", "a,b\n1,2\n")); }), "CSVLogger"));
  CHECK(says(error_of([&] { CSVLogger none(folder.file("no/such/folder")); }), "CSVLogger"));
}

TEST_CASE("curves, confusion matrices and sheets of images become pictures", "[training]") {
  TemporaryFolder folder;
  plot({{"loss", "epoch", {{"train", {3, 2, 1}}}}}, folder.file("curve.png"));
  plot_confusion(tensor({{5, 1}, {0, 7}}), folder.file("confusion.png"), {"Cat", "dog"});
  write_image_sheet(rand({5, 3, 4, 6}), 3, folder.file("sheet.png"));
  for (const char* name : {"curve.png", "confusion.png", "sheet.png"}) CHECK(read_bytes(folder.file(name)).substr(1, 3) == "PNG");
  const Canvas sheet = image_sheet(zeros({5, 1, 4, 6}, kUInt8), 3, 2);
  CHECK(sheet.width() == 3 * (12 + 4) + 4);
  CHECK(sheet.height() == 2 * (8 + 4) + 4);
  CHECK(says(error_of([] { image_sheet(zeros({5, 2, 4, 6}), 3); }), "[n, 3, h, w]"));
  CHECK(says(error_of([] { confusion_canvas(zeros({2, 3})); }), "square"));
}

TEST_CASE("a progress bar's line", "[training]") {
  CHECK(progress_line("epoch 1/2", "samples", 50, 100, 10, "loss 0.5") ==
        "epoch 1/2 [===============               ]  50%  loss 0.5  10 samples/s  0:05 left");
  CHECK(progress_line("all", "items", 0, 0, 0, "") == "all [==============================] 100%  0 items/s  0:00 left");
}
